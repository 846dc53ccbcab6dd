import AdvisorCore
import AdvisorTestSupport
import Testing
import Transfer
@testable import Executors
@testable import System

/// Jobs that download, against the built-in server in a process of its own.
@Suite struct DownloadJobTests {
  static let runs: [(Strategy, String)] = [
    (.sequential, "io:20x4KiB"), (.threads, "io:20x4KiB,latency=5ms"), (.tasks, "io:20x4KiB"),
    (.processes, "io:20x4KiB"), (.async, "io:20x4KiB,latency=5ms,cv=0.5"), (.async, "io:20x4KiB+wait:20x2ms"),
    (.async, "wait:20x1ms+io:20x1KiB+io:20x2KiB"), (.pipeline, "io:20x4KiB+cpu:20x1000"),
  ]

  @Test("Everything is downloaded once", arguments: runs)
  func everything(_ run: (strategy: Strategy, job: String)) async throws {
    let server = try LoopbackServerProcess.start(executable: BuiltProgram.path)
    let url = "http://127.0.0.1:\(server.port)/bytes/{bytes}?latency={latency}"
    let observation = try await observe(run.job, Plan(strategy: run.strategy, workers: 4)) { $0.ioURL = url }
    #expect(observation.tasks == 20)
    #expect(observation.failures == [])
    #expect(observation.durations.count == 20)
  }

  @Test("A download that fails is a failed task with its reason", arguments: [Strategy.sequential, .async])
  func failure(strategy: Strategy) async throws {
    let server = try LoopbackServerProcess.start(executable: BuiltProgram.path)
    let url = "http://127.0.0.1:\(server.port)/nothing/here"
    let observation = try await observe("io:3x1KiB", Plan(strategy: strategy, workers: 1)) { $0.ioURL = url }
    #expect(observation.tasks == 3 && observation.failed == 3)
    #expect(observation.failures.first?.reason == "\(url): the server answered with status 404")
  }

  @Test(
    "A slow server does not hold up a cancellation", arguments: [Strategy.sequential, .threads, .async, .processes])
  func cancellation(strategy: Strategy) async throws {
    let server = try LoopbackServerProcess.start(executable: BuiltProgram.path)
    let url = "http://127.0.0.1:\(server.port)/bytes/{bytes}?latency={latency}"
    let cancellation = Cancellation()
    let canceller = try WorkerThread { cancellation.cancel() }
    defer { canceller.join() }
    let plan = Plan(strategy: strategy, workers: 2)
    let observation = try await observe("io:4x1KiB,latency=10min", plan, cancellation: cancellation) { $0.ioURL = url }
    #expect(observation.interrupted && observation.tasks == 0)
  }
}
