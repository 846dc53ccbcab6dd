/// A median with its 90 % interval, in whatever unit it is about.
public struct IntervalEstimate: Codable, Sendable, Hashable {
  public var low: Double
  public var value: Double
  public var high: Double

  public init(low: Double, value: Double, high: Double) {
    self.low = low
    self.value = value
    self.high = high
  }
}
