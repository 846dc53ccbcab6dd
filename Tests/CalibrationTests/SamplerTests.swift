import AdvisorCore
import Glibc
import Statistics
import Testing

@testable import Calibration

/// A machine whose costs are known, with a neighbour that slows it most of the time.
private final class NoisyMachine {
  /// What a batch, a probe and a neighbour's stay take, in simulated seconds.
  var now = 0.0
  private var random: Xoshiro
  private let disturbedShare: Double
  private var disturbedUntil = 0.0
  private var quietUntil = 0.0

  init(seed: UInt64, disturbedShare: Double) {
    random = Xoshiro(seed: seed)
    self.disturbedShare = disturbedShare
  }

  /// Lets work of a number of quiet seconds pass; disturbed moments stretch it.
  func work(_ seconds: Double) -> Double {
    let slowdown = isDisturbed ? 1.6 : 1
    let taken = seconds * slowdown * (1 + 0.01 * random.normal())
    now += taken
    return taken
  }

  /// The neighbour comes and goes within milliseconds.
  private var isDisturbed: Bool {
    if now >= disturbedUntil && now >= quietUntil {
      let stay = -0.002 * log(random.unit())
      if random.unit() < disturbedShare { disturbedUntil = now + stay } else { quietUntil = now + stay }
    }
    return now < disturbedUntil
  }
}

@Suite("What a series of measurements becomes in a profile")
struct EstimateTests {
  /// Differences of two costs, some of which the noise made negative and which were cut at 0, and rates of two slices that
  /// differed by half: their t intervals reach below 0.
  @Test(
    "No figure is below 0, and its interval holds it",
    arguments: [[0.0, 0, 1e-3], [0, 2e-3, 0], [-1e-3, -2e-3, -1e-3], [0, 0, 0], [0, 3e8], [5.531750002774062e-06]])
  func bounds(values: [Double]) throws {
    let estimate = Estimate(try #require(RobustEstimate.median(of: values)), .seconds)
    #expect(0 <= estimate.low && estimate.low <= estimate.value && estimate.value <= estimate.high)
    #expect(estimate.value == max(0, values.median() ?? .nan))
  }

  @Test("Of a single value nothing tells how far off it is", arguments: [1.0, 3e-9])
  func single(value: Double) throws {
    let estimate = Estimate(try #require(RobustEstimate.median(of: [value])), .seconds)
    #expect(estimate == Estimate(value: value, low: value / 2, high: value * 2, samples: 1, unit: .seconds))
  }
}

@Suite("Sampling beside a noisy neighbour") struct SamplerTests {
  private func sampler(on machine: NoisyMachine) -> Sampler {
    Sampler(clock: { machine.now }, probe: { machine.work(10e-6) })
  }

  private func meter(_ machine: NoisyMachine, seconds: Double) -> Meter {
    Meter(.taskHop, .unpinned) { count in machine.work(seconds * Double(count)) }
  }

  @Test("The floor is the undisturbed cost, however seldom the machine is quiet", arguments: [0.0, 0.5, 0.85])
  func floor(disturbedShare: Double) throws {
    let machine = NoisyMachine(seed: 7, disturbedShare: disturbedShare)
    let outcome = sampler(on: machine).run([meter(machine, seconds: 2e-6)], budget: 1)
    let quiet = try #require(GuardedMedian.quietProbe(of: outcome.probes))
    let cost = try #require(FixedCost(outcome.series[0], quiet: quiet))
    #expect(abs(cost.floor.value / 2e-6 - 1) < 0.02)
  }

  @Test("What depends on the cost before it is the mean of both orders", arguments: [true, false])
  func order(isHeeded: Bool) throws {
    let machine = NoisyMachine(seed: 5, disturbedShare: 0)
    var last = 0
    let meters = (0..<3).map { number in
      Meter(.taskHop, .unpinned) { count in
        defer { last = number }
        return machine.work((number == 1 && last == 0 ? 3e-6 : 1e-6) * Double(count))
      }
    }
    var middle = meters[1]
    middle.dependsOnOrder = isHeeded
    let series = sampler(on: machine).run([meters[0], middle, meters[2]], budget: 0.5).series[1]
    // 3 µs after the first meter and 1 µs after the last; the end may leave a batch without its other.
    let means = series.batches.count { abs($0 / 2e-6 - 1) < 0.1 }
    #expect(isHeeded ? means >= series.batches.count - 1 : means == 0)
  }

  @Test("Where one CPU is never quiet, what was measured on another is the floor", arguments: [false, true])
  func moved(quietFirst: Bool) throws {
    var outcome = Sampler.Outcome()
    for isQuiet in [quietFirst, !quietFirst] {
      let machine = NoisyMachine(seed: 3, disturbedShare: isQuiet ? 0 : 1)
      outcome.add(sampler(on: machine).run([meter(machine, seconds: 2e-6)], budget: 0.3))
    }
    try #require(outcome.series.count == 1)
    let quiet = try #require(GuardedMedian.quietProbe(of: outcome.probes))
    let cost = try #require(FixedCost(outcome.series[0], quiet: quiet))
    #expect(abs(cost.floor.value / 2e-6 - 1) < 0.02)
  }

  @Test("90 % intervals cover the true cost in at least 85 % of sessions")
  func coverage() throws {
    let sessions = 100
    let covered = try (0..<sessions).count { session in
      let machine = NoisyMachine(seed: UInt64(session) + 1, disturbedShare: 0.7)
      let outcome = sampler(on: machine).run([meter(machine, seconds: 2e-6)], budget: 0.3)
      let quiet = try #require(GuardedMedian.quietProbe(of: outcome.probes))
      let floor = try #require(FixedCost(outcome.series[0], quiet: quiet)).floor
      return (floor.low...floor.high).contains(2e-6)
    }
    #expect(covered >= 85, "\(covered) of \(sessions)")
  }

  @Test("It ends within the budget and one round, however long it would take to converge")
  func budget() {
    let machine = NoisyMachine(seed: 1, disturbedShare: 1)
    let slow = (0..<5).map { _ in meter(machine, seconds: 5e-3) }
    _ = sampler(on: machine).run(slow, budget: 0.2)
    // Warm-up makes three calls of each meter before the first round.
    #expect(machine.now < 0.2 + 2 * 5 * 3 * 5e-3 * 1.6)
  }

  @Test("Told to stop after the first round, it still has a batch of every cost")
  func interruption() {
    let machine = NoisyMachine(seed: 1, disturbedShare: 0)
    var sampler = sampler(on: machine)
    var rounds = 0
    sampler.report = { _ in rounds += 1 }
    sampler.shouldStop = { rounds >= 1 }
    let outcome = sampler.run((0..<3).map { _ in meter(machine, seconds: 1e-6) }, budget: 60)
    #expect(outcome.series.map(\.batches.count) == [1, 1, 1])
  }

  @Test("A cost that cannot be measured is named, and the others are measured")
  func failure() {
    let machine = NoisyMachine(seed: 1, disturbedShare: 0)
    let broken = Meter(.pipeRoundTrip, .sameCPU) { _ throws(AdvisorError) in throw .lacking("descriptors") }
    let outcome = sampler(on: machine).run([broken, meter(machine, seconds: 1e-6)], budget: 0.05)
    #expect(outcome.failures.map(\.name) == [.pipeRoundTrip])
    #expect(outcome.series.map(\.name) == [.taskHop])
  }
}
