import AdvisorCore

/// A reason or a caveat as documents hold it: `{"code": "cores", "cpuSeconds": 0.0129, …, "text": "CPU-bound: …"}`.
///
/// The code is the name of the case; what is read back is equal to what was written.
public struct Reported<Value: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
  public var value: Value
  /// The sentence that people read.
  public var text: String

  private enum Keys: CodingKey { case text }

  init(_ value: Value, _ text: String) {
    self.value = value
    self.text = text
  }

  public init(from decoder: any Decoder) throws {
    text = try decoder.container(keyedBy: Keys.self).decode(String.self, forKey: .text)
    value = try CaseCoding.decode(Value.self, from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    try CaseCoding.encode(value, to: encoder)
    var values = encoder.container(keyedBy: Keys.self)
    try values.encode(text, forKey: .text)
  }
}
