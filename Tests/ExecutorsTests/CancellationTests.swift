import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
import Workloads
@testable import Executors
@testable import System

@Suite struct CancellationTests {
  /// Jobs that would take minutes, in every way in which a worker can be busy.
  static let runs: [(Strategy, String)] = [
    (.sequential, "cpu:2x1e13"), (.threads, "cpu:2x1e13,kernel=sort"), (.tasks, "cpu:2x1e13,kernel=matmul"),
    (.processes, "cpu:4x1e13"), (.sequential, "wait:2x5min"), (.threads, "wait:2x5min"), (.tasks, "wait:2x5min"),
    (.async, "wait:2x5min"), (.processes, "wait:2x5min"), (.pipeline, "wait:4x1ms+cpu:4x1e13"),
    (.pipeline, "cpu:4x1e13+wait:4x1ms"), (.threads, "mem:2x100TiB"), (.threads, "disk:2x100TiB"),
  ]

  @Test("A cancelled run ends soon and leaves nothing", arguments: runs)
  func cancelled(_ run: (strategy: Strategy, job: String)) async throws {
    let cancellation = Cancellation()
    let canceller = try WorkerThread {
      MonotonicClock.sleep(until: MonotonicClock.now + 100_000_000)
      cancellation.cancel()
    }
    defer { canceller.join() }
    let observation = try await observe(run.job, Plan(strategy: run.strategy, workers: 2), cancellation: cancellation)
    #expect(observation.interrupted)
    #expect(observation.tasks < 2 && observation.failed == 0)
  }

  @Test(
    "One cancelled beforehand does nothing", arguments: [Strategy.sequential, .threads, .tasks, .processes, .pipeline])
  func cancelledBeforehand(strategy: Strategy) async throws {
    let cancellation = Cancellation()
    cancellation.cancel()
    let observation = try await observe("cpu:4x1e13", Plan(strategy: strategy, workers: 2), cancellation: cancellation)
    #expect(observation.interrupted)
    #expect(observation.tasks == 0)
  }

  @Test("What was done before is counted")
  func doneBefore() async throws {
    let cancellation = Cancellation()
    let work = GivenWork { task, _ in if task == 5 { cancellation.cancel() } }
    let plan = Plan(strategy: .sequential, workers: 1)
    let observation = try await observe([work.stage], count: 100, plan, cancellation: cancellation)
    #expect(observation.interrupted)
    #expect(observation.tasks == 5)
    #expect(observation.durations.count == 5)
  }
}
