import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("Beside threads of others")
struct OtherLoadTests {
  /// On a machine of two CPUs where starting costs next to nothing.
  static func seconds(_ job: String, _ strategy: Strategy, _ workers: Int, threads: Double) throws -> Double {
    var profile = SampleProfile.make(cpus: 2, speedups: [1: 1, 2: 2])
    profile.fixedCosts = [.threadStart, .workerSpawn, .pipeRoundTrip, .taskHop].map { SampleProfile.cost($0, 1e-9) }
    profile.variableCosts.memoryBandwidth = SampleProfile.bandwidth(1e10, 1e10)
    profile.variableCosts.firstTouch = profile.variableCosts.memoryBandwidth
    profile.presentLoad = PresentLoad(threads: threads)
    return try CostModel(profile: profile).predict(Job(job), plan: Plan(strategy: strategy, workers: workers))
      .seconds.p50
  }

  /// Of one thread 8 × 64 MiB took 1, 2.1, 2.2 to 2.8 and 5.2 times as long beside 1, 2, 4 and 8 busy loops on 2 CPUs. Two whose
  /// bandwidth is that of one reach it while either runs.
  @Test(
    "Memory is streamed and touched only while a thread has a CPU",
    arguments: [(1, 1.0, 1.0), (1, 2, 1.5), (1, 4, 2.5), (1, 8, 4.5), (2, 2, 1), (2, 6, 2), (2, 14, 4)])
  func memory(workers: Int, threads: Double, ratio: Double) throws {
    let strategy = workers == 1 ? Strategy.sequential : .threads
    let job = "mem:64x1GiB"
    let quiet = try Self.seconds(job, strategy, workers, threads: 0)
    #expect(try agree(Self.seconds(job, strategy, workers, threads: threads) / quiet, ratio, within: 0.03))
  }

  /// Two tasks of 0.5 ms took 0.5, 1.9, 3.1 and 7.5 ms on two threads beside 1, 2, 4 and 8 busy loops, and 0.6 in the calling one.
  @Test(
    "Threads that are started wait for a slice of each that is before them on their CPU; the caller's has its own",
    arguments: [(1.0, 1.4e-3), (2, 2.8e-3), (4, 5.6e-3), (8, 11.2e-3)])
  func start(threads: Double, delay: Double) throws {
    for strategy in [Strategy.threads, .tasks, .processes] {
      #expect(try agree(Self.seconds("cpu:2x1", strategy, 2, threads: threads), delay, within: 0.05))
    }
    #expect(try Self.seconds("cpu:2x1", .sequential, 1, threads: threads) < 1e-6)
    #expect(try agree(Self.seconds("wait:3x50ms", .async, 3, threads: threads), 50e-3, within: 0.01))
  }
}
