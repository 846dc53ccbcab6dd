import Statistics
import System

/// Some ten microseconds of known work that a busy hyperthread next door slows.
///
/// Six independent chains of integer steps keep all execution ports of a core busy, which a neighbour on the same
/// physical core cannot leave unnoticed: against an undisturbed run the same chains take up to 1.85 times as long,
/// while steal time as the kernel reports it stays at zero.
struct NeighbourProbe {
  /// Steps of each chain: about ten microseconds on a core of some 3 GHz.
  static let steps = 4_000

  /// The chains' last values.
  private(set) var chains: SIMD8<UInt64> = [1, 2, 3, 5, 7, 11, 0, 0]

  /// Seconds that the chains took.
  ///
  /// Never inlined: of a probe whose chains nobody reads a caller would keep the clock and remove the work.
  @inline(never)
  mutating func time(clock: () -> Double) -> Double {
    var (a, b, c, d, e, f) = (chains[0], chains[1], chains[2], chains[3], chains[4], chains[5])
    let start = clock()
    // Shifts that differ keep the compiler from making one vector of the six.
    for _ in 0..<Self.steps {
      a = (a ^ (a >> 7)) &+ 0x9E37_79B9
      b = (b ^ (b >> 9)) &+ 0x85EB_CA6B
      c = (c ^ (c >> 11)) &+ 0xC2B2_AE35
      d = (d ^ (d >> 13)) &+ 0x27D4_EB2F
      e = (e ^ (e >> 15)) &+ 0x1656_67B1
      f = (f ^ (f >> 17)) &+ 0xD3A2_646C
    }
    let seconds = clock() - start
    chains = [a, b, c, d, e, f, 0, 0]
    return seconds
  }

  /// Several of them, one after another.
  mutating func times(count: Int) -> [Double] { (0..<count).map { _ in time(clock: { MonotonicClock.seconds }) } }

  /// The typical probe over the quiet one; nil without probes.
  static func ratio(of probes: [Double]) -> Double? {
    guard let quiet = GuardedMedian.quietProbe(of: probes), let typical = probes.median(), quiet > 0 else { return nil }
    return typical / quiet
  }
}

/// A neighbour on the same physical core that no counter shows, as far as it comes and goes: one that is always there is
/// taken for the machine's own speed.
public enum Neighbour {
  /// Between two probes: 0.3 % of a CPU in all.
  private static let gapSeconds = 5e-3
  /// Fewer tell nothing of a median.
  private static let minProbes = 40

  /// Probes until a deadline on the monotonic clock, and sleeps in between.
  ///
  /// - Returns: how many times its quiet time known work took at the median, 1 for no neighbour; nil where the time is too short.
  public static func ratio(untilSeconds deadline: Double) -> Double? {
    var (probe, probes) = (NeighbourProbe(), [Double]())
    while MonotonicClock.seconds + gapSeconds < deadline {
      MonotonicClock.sleep(untilSeconds: MonotonicClock.seconds + gapSeconds)
      // The first after a sleep wakes the core, too.
      let times = (0..<3).map { _ in probe.time(clock: { MonotonicClock.seconds }) }
      probes.append(times.min() ?? 0)
    }
    MonotonicClock.sleep(untilSeconds: deadline)
    return probes.count >= minProbes ? NeighbourProbe.ratio(of: probes) : nil
  }
}
