/// What a series of timed batches says of a cost when a neighbour may disturb any of them.
///
/// Before the first batch, between batches and after the last a short probe of known work is timed. A batch counts as
/// undisturbed when both neighbouring probes took no more than ``tolerance`` times the session's quiet probe.
public struct GuardedMedian: Sendable, Hashable {
  /// How far above the quiet probe a neighbouring probe may lie: on a shared 2-CPU virtual machine the median of the
  /// batches so accepted varied by 0.4 to 1.4 % between windows of a second, their mean by far more.
  public static let tolerance = 1.05

  /// The median of the undisturbed batches; of all batches when none was.
  public var floor: RobustEstimate
  /// The median of all batches.
  public var typical: RobustEstimate
  public var minimum: Double
  /// The share of batches that counted as undisturbed.
  public var acceptedShare: Double

  /// The session's quiet probe: the 2nd percentile of all its probes; nil when there are none.
  public static func quietProbe(of probes: some Collection<Double>) -> Double? { probes.quantile(0.02) }

  /// Whether the batch at each place counts as undisturbed.
  ///
  /// - Parameter probes: one more than there are batches: probe i was timed just before batch i, probe i + 1 just after.
  public static func accepted(probes: [Double], quiet: Double) -> [Bool] {
    zip(probes, probes.dropFirst()).map { max($0, $1) <= tolerance * quiet }
  }

  /// - Parameters:
  ///   - batches: the cost as each batch found it, in time order.
  ///   - probes: one more than there are batches, interleaved with them.
  ///   - quiet: the session's quiet probe, see ``quietProbe(of:)``; these probes' own when nil.
  /// - Returns: nil when there are no batches, or not one probe more than batches.
  public init?(batches: [Double], probes: [Double], quiet: Double? = nil, seed: UInt64 = 1) {
    guard probes.count == batches.count + 1, let quiet = quiet ?? Self.quietProbe(of: probes),
      let typical = RobustEstimate.median(of: batches, seed: seed), let minimum = batches.min()
    else { return nil }
    let clean = zip(batches, Self.accepted(probes: probes, quiet: quiet)).filter(\.1).map(\.0)
    self.floor = RobustEstimate.median(of: clean, seed: seed) ?? typical
    self.typical = typical
    self.minimum = minimum
    self.acceptedShare = Double(clean.count) / Double(batches.count)
  }
}
