/// What documents hold as a code with figures, `{"code": "turbo"}`, and those of earlier versions as a sentence.
public protocol CodedValue: Codable, Hashable, Sendable {
  /// A sentence of an earlier version.
  static func words(text: String) -> Self
}

/// Values in a document that is saved and read again: the codes of this version, the sentences of an earlier one, and the
/// sentences beside codes that only a later one has.
@propertyWrapper
public struct Coded<Value: CodedValue>: Codable, Hashable, Sendable {
  public var wrappedValue: [Value]

  public init(wrappedValue: [Value]) { self.wrappedValue = wrappedValue }

  public init(from decoder: any Decoder) throws {
    wrappedValue = try [CodedItem<Value>](from: decoder).map(\.value)
  }

  public func encode(to encoder: any Encoder) throws { try wrappedValue.map(CodedItem.init).encode(to: encoder) }
}

private struct CodedItem<Value: CodedValue>: Codable {
  private enum Keys: CodingKey { case text }

  let value: Value

  init(_ value: Value) { self.value = value }

  init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      value = .words(text: text)
      return
    }
    do {
      value = try CaseCoding.decode(Value.self, from: decoder)
    } catch {
      guard let text = try decoder.container(keyedBy: Keys.self).decodeIfPresent(String.self, forKey: .text) else {
        throw error
      }
      value = .words(text: text)
    }
  }

  func encode(to encoder: any Encoder) throws { try CaseCoding.encode(value, to: encoder) }
}
