internal import AdvisorCore

/// What is wrong with a document, in words: the key and where it stands.
public struct DecodingFault: CustomStringConvertible {
  public let description: String

  public init(_ error: any Error) {
    guard let error = error as? DecodingError else {
      self.description = "\(error)".printable
      return
    }
    self.description = Self.summary(of: error).printable
  }

  private static func summary(of error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context): "“\(key.stringValue)” is missing at \(place(context.codingPath))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context): "wrong type at \(place(context.codingPath))"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is not valid JSON" : "\(context.debugDescription) at \(place(context.codingPath))"
    @unknown default: "\(error)"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    path.isEmpty ? "the top level" : path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
  }
}
