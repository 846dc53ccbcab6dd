import AdvisorCore
import Testing

@testable import CostModel

/// What many calls take, by what the first ones have cost.
@Suite struct CallForecastTests {
  private static func forecast(
    cpu: Double = 0, wait: Double = 0, deviation: Double = 0, samples: Int = 4, around: Double = 0, handing: Double = 0,
    own: Double = 0, thread: Double = 0, cpus: Double = 2, lanes: Double = 2
  ) -> CallForecast {
    CallForecast(
      cpuSeconds: cpu, waitSeconds: wait, deviation: deviation, samples: samples, startSeconds: 0.05,
      aroundSeconds: around, handingSeconds: handing, ownSeconds: own, threadSeconds: thread, cpus: cpus, lanes: lanes)
  }

  private static func seconds(_ forecast: CallForecast, _ calls: Int, rounds: Int) -> Double {
    forecast.prediction(calls: calls, workers: 200, rounds: rounds, interpreters: 1).seconds.p50
  }

  @Test("Calls that compute share the CPUs that their interpreters let them have", arguments: [(2.0, 1.05), (1, 2.05)])
  func computing(lanes: Double, seconds: Double) {
    let forecast = Self.forecast(cpu: 0.05, lanes: lanes)
    #expect(abs(Self.seconds(forecast, 40, rounds: lanes == 1 ? 40 : 20) - seconds) < 1e-9)
  }

  @Test("An uneven number of equal calls takes as long as the last one's turn")
  func uneven() { #expect(abs(Self.seconds(Self.forecast(cpu: 1), 3, rounds: 2) - 2.05) < 1e-9) }

  @Test("Calls that wait together take one wait, and their way there")
  func waiting() {
    // 50 ms to start, 100 ms of waiting; 200 × (0.1 + 0.04 + 0.02) ms on two CPUs are 16 ms.
    let forecast = Self.forecast(wait: 0.1, around: 1e-4, handing: 4e-5, own: 2e-5)
    #expect(abs(Self.seconds(forecast, 200, rounds: 1) - 0.166) < 1e-9)
  }

  @Test("Threads are started once, however many calls they run", arguments: [(200, 1, 0.16), (1000, 5, 0.56)])
  func threads(calls: Int, rounds: Int, seconds: Double) {
    // 200 × 100 µs on two CPUs are 10 ms.
    #expect(abs(Self.seconds(Self.forecast(wait: 0.1, thread: 1e-4), calls, rounds: rounds) - seconds) < 1e-9)
  }

  @Test("Those that follow one another wait for all that came back with them, and what hands them over sets the pace")
  func rounds() {
    let forecast = Self.forecast(wait: 0.1, around: 4e-5, handing: 2e-5, own: 1e-5, lanes: 1)
    // Six waits, and 3000 × 40 µs on the loop.
    #expect(abs(Self.seconds(forecast, 3000, rounds: 6) - 0.77) < 1e-9)
  }

  @Test("What hands over is one process, however many CPUs there are")
  func handing() {
    let forecast = Self.forecast(cpu: 1e-5, around: 2e-5, handing: 5e-5, own: 1e-5, cpus: 64, lanes: 64)
    // 20,000 × 50 µs; the last rounds of calls add next to nothing.
    #expect(abs(Self.seconds(forecast, 20_000, rounds: 313) - 1.05) < 0.005)
  }

  /// Times from 5 to 100 ms, some of which are known: nine of ten sums of 80 lie in the interval, a little fewer where
  /// four are known, since they are not normal.
  @Test("The interval covers calls that differ", arguments: [4, 8, 16])
  func coverage(samples: Int) {
    var generator = SplitMix(state: 7)
    let runs = 2000
    let covered = (0..<runs).filter { _ in
      let first = (0..<samples).map { _ in Double.random(in: 0.005...0.1, using: &generator) }
      let mean = first.reduce(0, +) / Double(samples)
      let deviation = (first.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(samples - 1)).squareRoot()
      let sum =
        first.reduce(0, +) + (samples..<80).reduce(0) { sum, _ in sum + .random(in: 0.005...0.1, using: &generator) }
      let seconds = Self.forecast(cpu: mean, deviation: deviation, samples: samples, cpus: 1, lanes: 1)
        .prediction(calls: 80, workers: 1, rounds: 80, interpreters: 1).seconds
      return (seconds.p5...seconds.p95).contains(0.05 + sum)
    }
    #expect(Double(covered.count) / Double(runs) > (samples == 4 ? 0.87 : 0.9))
  }

  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }
}
