import AdvisorCore
private import func Glibc.hypot

/// By how much the same work takes longer in one run than in another (docs/model.md, 6.7): what comes and goes while a run lasts
/// averages out.
struct RunNoise: Sendable {
  /// Standard deviation of the logarithm of the seconds, whatever is computed.
  private let repeats: Double
  private let load: Double
  /// Of what neighbours on one core add, the shares that are left: of those that come and go at any moment, and of those that stay.
  private let neighbourShares: (passing: Double, staying: Double)

  /// What is seen on a quiet machine, and so the most that is expected of one that is quiet now, where other programs disturbed its
  /// calibration.
  private static let quietRepeats = 0.03
  /// The share of the CPUs' time that others use then.
  private static let disturbedShare = 0.1
  /// What threads of others that are there all the time add to that, where they take all of the CPUs' time: beside one and two busy
  /// loops on two CPUs.
  private static let crowdedRepeats = 0.1
  /// Repeats differ by disturbances of milliseconds, of which a run of seconds meets its share; loads last for minutes.
  private static let (repeatSeconds, loadSeconds) = (0.1, 60.0)
  /// Neighbours on a core: on a guest that shares its cores with others the same work of 3 ms varied by 0.19, of 0.2 s by 0.11, of
  /// 0.75 s by 0.08 and of 3 s by 0.04.
  private static let neighbourSeconds = 0.15
  /// Which of them there are changes from minute to minute, too, by this part of that: in three verifications there, a minute or more
  /// after their calibrations, three kernels that varied by 0.18, 0.09 and 0.14 were off by 0.21, 0.09 and 0.15 (root mean squares).
  private static let stayingNeighbours = 0.75

  /// - Parameter seconds: of the run.
  init(_ profile: MachineProfile, during seconds: Double) {
    let share = { (lasting: Double) in (lasting / (lasting + max(0, seconds))).squareRoot() }
    let load = OtherLoad(profile, during: seconds)
    repeats = Self.repeats(profile, beside: load) * share(Self.repeatSeconds)
    self.load = load.spread * share(Self.loadSeconds)
    neighbourShares = (share(Self.neighbourSeconds), Self.stayingNeighbours * share(Self.loadSeconds))
  }

  /// Standard deviation of the logarithm of the seconds of a run, or of a part of it.
  ///
  /// - Parameters:
  ///   - neighbours: the same between short repeats on one CPU of what it computes, where that was measured.
  ///   - cpus: that compute at once, each with neighbours of its own.
  func spread(neighbours: Double = 0, cpus: Int = 1) -> Double {
    let passing = neighbourShares.passing / Double(max(1, cpus)).squareRoot()
    let core = Self.sound(neighbours) * hypot(passing, neighbourShares.staying)
    return min(1, hypot(max(repeats, core), load))
  }

  /// Between short repeats.
  private static func repeats(_ profile: MachineProfile, beside load: OtherLoad) -> Double {
    let measured = sound(profile.noise.runSpread)
    guard profile.presentLoad != nil else { return measured }
    let quiet = profile.noise.otherBusyShare > disturbedShare ? min(measured, quietRepeats) : measured
    return quiet + crowdedRepeats * load.share
  }

  private static func sound(_ spread: Double) -> Double { spread.isFinite ? min(1, max(0, spread)) : 0.05 }
}
