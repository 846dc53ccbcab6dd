/// A measured quantity with what is known of its error. No cost is ever a bare number.
public struct Estimate: Codable, Sendable, Hashable {
  public enum Unit: String, Codable, Sendable {
    case seconds = "s"
    case bytes = "B"
    case secondsPerUnit = "s/unit"
    case bytesPerSecond = "B/s"
    case perSecond = "1/s"
    /// A ratio, such as a speedup.
    case ratio = "1"
  }

  public var value: Double
  /// The ends of the 90 % interval.
  public var low: Double
  public var high: Double
  /// How many accepted measurements stand behind it.
  public var samples: Int
  public var unit: Unit

  public init(value: Double, low: Double, high: Double, samples: Int, unit: Unit) {
    self.value = value
    self.low = low
    self.high = high
    self.samples = samples
    self.unit = unit
  }

  /// The half-width of the 90 % interval as a share of the value.
  public var relativeError: Double { value == 0 ? 0 : (high - low) / 2 / abs(value) }

  public func scaled(by factor: Double) -> Estimate {
    Estimate(value: value * factor, low: low * factor, high: high * factor, samples: samples, unit: unit)
  }

  /// Whether the 90 % interval reaches at most 5 % to either side, so that another calibration will hardly differ more.
  public var isSettled: Bool { relativeError <= 0.05 }

  /// Whether the two could be the same quantity: their intervals meet.
  public func agrees(with other: Estimate) -> Bool { low <= other.high && other.low <= high }
}
