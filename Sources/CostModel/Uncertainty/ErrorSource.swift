import AdvisorCore

/// Where the error of a cost comes from: costs of one source err together, in every candidate.
struct ErrorSource: Hashable, Sendable {
  /// Names the stream of draws; a hash, so that comparing is cheap.
  var stream: UInt64
  /// Standard deviation of the logarithm of the cost.
  var deviation: Double
  /// Of the estimate behind it; few samples have heavier tails.
  var degreesOfFreedom: Double
  /// Standard deviation of the logarithm between short repeats on one CPU, where it was measured of this cost.
  var runSpread = 0.0

  static let exact = ErrorSource(stream: 0, deviation: 0, degreesOfFreedom: .infinity)

  init(stream: UInt64, deviation: Double, degreesOfFreedom: Double) {
    self.stream = stream
    self.deviation = deviation
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The error of a calibrated figure.
  ///
  /// - Parameter name: the same for all uses of the same figure.
  init(_ name: String, _ estimate: Estimate) {
    // The ends of an estimate are those of its 90 % interval: 1.645 standard deviations out on either side.
    let deviation = estimate.relativeError / 1.645
    self.init(
      stream: FNV1a.hash(bytes: name.utf8),
      deviation: deviation.isFinite ? min(1, max(0, deviation)) : 1,
      // Two or three samples come with an interval that says so; heavier tails would say it twice.
      degreesOfFreedom: max(ModelError.degreesOfFreedom, Double(estimate.samples - 1)))
  }
}

/// A calibrated cost and where its error comes from.
struct Cost: Sendable, Hashable {
  var value: Double
  var error: ErrorSource
}
