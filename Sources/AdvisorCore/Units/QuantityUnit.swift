/// What a column of figures counts, as people write it behind a figure: `B`, `%`, `s`, `req/s`.
public struct QuantityUnit: Hashable, Sendable, Codable {
  public let name: String

  public init(_ name: String) { self.name = name }

  public static let bytes = QuantityUnit("B")
  public static let percent = QuantityUnit("%")
  public static let seconds = QuantityUnit("s")

  public init(from decoder: any Decoder) throws { name = try decoder.singleValueContainer().decode(String.self) }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }

  /// `250 GiB`, `85 %`, `1.2 k req/s`.
  public func text(_ value: Double) -> String {
    switch self {
    case .bytes: Quantity.text(bytes: value)
    case .seconds: Quantity.text(seconds: value)
    default: "\(Quantity.text(count: value)) \(name)"
    }
  }

  /// A figure with its unit, where it has one.
  public static func text(_ value: Double, in unit: QuantityUnit?) -> String {
    unit?.text(value) ?? Quantity.text(count: value)
  }
}
