/// What holds codes with figures, of which its document makes sentences.
public protocol Documented: Encodable {
  /// Writes the members that hold codes once more, each code with its sentence.
  func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws
}

/// The name of a member of a document.
public struct MemberName: CodingKey, ExpressibleByStringLiteral {
  public let stringValue: String
  public var intValue: Int? { nil }

  public init(stringLiteral name: String) { stringValue = name }
  public init?(stringValue name: String) { stringValue = name }
  public init?(intValue: Int) { nil }
}

/// A value as it is written: all its members, and a sentence beside each code.
public struct Document<Value: Documented>: Encodable {
  let value: Value

  public init(_ value: Value) { self.value = value }

  public func encode(to encoder: any Encoder) throws {
    try value.encode(to: encoder)
    // What has been written under a name is replaced.
    var members = encoder.container(keyedBy: MemberName.self)
    try value.encodeSentences(into: &members)
  }
}
