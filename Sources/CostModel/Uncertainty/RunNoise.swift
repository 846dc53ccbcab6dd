import AdvisorCore
private import func Glibc.hypot

/// By how much the same work takes longer in one run than in another (docs/model.md, 6.7).
struct RunNoise: Sendable {
  private let profile: MachineProfile

  /// What is seen on a quiet machine, and so the most that is expected of one that is quiet now, whatever it was like when it was
  /// calibrated.
  private static let quietRepeats = 0.03
  /// What threads of others that are there all the time add to that, where they take all of the CPUs' time: beside one and two busy
  /// loops on two CPUs.
  private static let crowdedRepeats = 0.1
  /// Repeats differ by disturbances of milliseconds, of which a run of seconds meets its share; loads last for minutes.
  private static let (repeatSeconds, loadSeconds) = (0.1, 60.0)

  init(_ profile: MachineProfile) { self.profile = profile }

  /// Standard deviation of the logarithm of the seconds of a run: what comes and goes while it lasts averages out.
  func spread(ofRunOf seconds: Double) -> Double {
    let load = OtherLoad(profile, during: seconds)
    let shares = [Self.repeatSeconds, Self.loadSeconds].map { ($0 / ($0 + max(0, seconds))).squareRoot() }
    return min(1, hypot(repeats(beside: load) * shares[0], load.spread * shares[1]))
  }

  /// The same between short repeats.
  private func repeats(beside load: OtherLoad) -> Double {
    let measured = profile.noise.runSpread
    let sound = measured.isFinite ? min(1, max(0, measured)) : 0.05
    return profile.presentLoad == nil ? sound : min(sound, Self.quietRepeats) + Self.crowdedRepeats * load.share
  }
}
