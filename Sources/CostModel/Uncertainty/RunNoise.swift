import AdvisorCore
private import func Glibc.hypot

/// By how much the same work takes longer in one run than in another (docs/model.md, 6.7).
struct RunNoise: Hashable, Sendable {
  /// Standard deviation of the logarithm between short repeats.
  var repeats: Double
  /// The same of what other processes leave.
  var load: Double

  /// What is seen on a quiet machine, and so the most that is expected of one that is quiet now, whatever it was like when it was
  /// calibrated.
  private static let quietRepeats = 0.03
  /// Repeats differ by disturbances of milliseconds, of which a run of seconds meets its share; loads last for minutes.
  private static let (repeatSeconds, loadSeconds) = (0.1, 60.0)

  init(_ profile: MachineProfile) {
    let load = OtherLoad(profile)
    self.load = load.spread
    let measured = profile.noise.runSpread
    let sound = measured.isFinite ? min(1, max(0, measured)) : 0.05
    repeats = profile.presentLoad == nil ? sound : min(sound, Self.quietRepeats + load.share)
  }

  /// Standard deviation of the logarithm of the seconds of a run: what comes and goes while it lasts averages out.
  func spread(ofRunOf seconds: Double) -> Double {
    let shares = [Self.repeatSeconds, Self.loadSeconds].map { ($0 / ($0 + max(0, seconds))).squareRoot() }
    return min(1, hypot(repeats * shares[0], load * shares[1]))
  }
}
