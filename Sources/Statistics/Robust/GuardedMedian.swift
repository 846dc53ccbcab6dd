/// What a series of timed batches says of a cost when a neighbour may disturb any of them.
///
/// Between any two batches a short probe of known work is timed. A batch counts as undisturbed when both neighbouring
/// probes took no more than ``tolerance`` times the session's quiet probe.
public struct GuardedMedian: Sendable, Hashable {
  /// How far above the quiet probe a neighbouring probe may lie: on a shared 2-CPU virtual machine the median of the
  /// batches so accepted varied by 0.4 to 1.4 % between windows of a second, their mean by far more.
  public static let tolerance = 1.05

  /// Batches that count at least, as a share of all: where the quiet moments were fewer, the quietest stand in for them.
  /// A session of a few quick probes would else rest on the two or three batches that happened to lie beside them.
  public static let minShare = 0.1

  /// The median of the undisturbed batches, or of the quietest where too few were undisturbed.
  public var floor: RobustEstimate
  /// The median of all batches.
  public var typical: RobustEstimate
  public var minimum: Double
  /// The share of batches that were undisturbed.
  public var acceptedShare: Double

  /// The session's quiet probe: the 2nd percentile of all its probes; nil when there are none.
  public static func quietProbe(of probes: some Collection<Double>) -> Double? { probes.quantile(0.02) }

  /// - Parameters:
  ///   - batches: the cost as each batch found it.
  ///   - disturbances: for each batch the slower of its two neighbouring probes.
  ///   - quiet: the session's quiet probe, see ``quietProbe(of:)``.
  /// - Returns: nil when there are no batches, or not as many disturbances as batches.
  public init?(batches: [Double], disturbances: [Double], quiet: Double, seed: UInt64 = 1) {
    guard disturbances.count == batches.count, let minimum = batches.min(),
      let typical = RobustEstimate.median(of: batches, seed: seed)
    else { return nil }
    let limit = Self.tolerance * quiet
    let quietest = zip(batches, disturbances).sorted { $0.1 < $1.1 }
    let undisturbed = quietest.count { $0.1 <= limit }
    let counted = max(undisturbed, Int((Self.minShare * Double(batches.count)).rounded(.up)))
    self.floor = RobustEstimate.median(of: quietest.prefix(counted).map(\.0), seed: seed) ?? typical
    self.typical = typical
    self.minimum = minimum
    self.acceptedShare = Double(undisturbed) / Double(batches.count)
  }
}
