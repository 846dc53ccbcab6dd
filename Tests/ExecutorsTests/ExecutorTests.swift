import AdvisorCore
import AdvisorTestSupport
import Probe
import Testing
@testable import Executors

@Suite struct ExecutorTests {
  /// Every strategy on a job that it can run.
  static let runs: [(Strategy, String)] = [
    (.sequential, "cpu:40x1000"), (.threads, "cpu:40x1000"), (.tasks, "cpu:40x1000"), (.processes, "cpu:40x1000"),
    (.pipeline, "cpu:40x1000+wait:40x1ms"), (.async, "wait:40x1ms"),
    (.sequential, "wait:40x1ms"), (.threads, "wait:40x1ms"), (.tasks, "wait:40x1ms"), (.processes, "wait:40x1ms"),
    (.sequential, "disk:40x8KiB"), (.threads, "disk:40x8KiB"), (.processes, "disk:40x8KiB"),
    (.threads, "cpu:40x1000,kernel=sort+cpu:40x1000,kernel=sha256"), (.processes, "cpu:40x1000+wait:40x1ms"),
    (.threads, "cpu:40x1us,kernel=matmul"), (.processes, "cpu:40x1us,cv=1"),
  ]

  @Test("Every task is done once", arguments: runs, [1, 7])
  func everyTask(_ run: (strategy: Strategy, job: String), chunk: Int) async throws {
    let plan = Plan(strategy: run.strategy, workers: 3, chunk: chunk)
    let progress = Progress()
    let observation = try await observe(run.job, plan, progress: progress)
    #expect(observation.tasks == 40)
    #expect(observation.failed == 0)
    #expect(observation.durations.count == 40)
    #expect(progress.done == 40)
    #expect(!observation.interrupted)
    #expect(observation.startUpSeconds <= observation.seconds)
  }
}
