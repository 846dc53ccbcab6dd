import AdvisorCore
import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing

@testable import CostModel
@testable import System

/// Advice for Python programs, from the costs of CPython 3.11 on two quiet CPUs.
@Suite("Advice in Python's words") struct RuntimeTests {
  static func python(holdsGIL: Bool = true) -> RuntimeCosts {
    let seconds: [(RuntimeCost.Name, Double)] = [
      (.threadStart, 60e-6), (.threadHop, 6e-6), (.poolRoundTrip, 100e-6), (.poolChunk, 14e-6), (.poolTask, 90e-9),
      (.loopStart, 0.4e-3), (.loopTask, 7e-6), (.request, 100e-6), (.loopRequest, 110e-6),
    ]
    let each: [(RuntimeCost.Name, Double)] = [(.word, 0.46e-6), (.pickling, 15e-9), (.requestByte, 0.3e-9)]
    return RuntimeCosts(
      name: "python3", interpreter: "/usr/bin/python3", implementation: "CPython", version: "3.11.2",
      isFreeThreaded: !holdsGIL, holdsGIL: holdsGIL, startMethod: "fork", measuredAt: "2026-01-01T00:00:00Z",
      costs: seconds.map { .init(name: $0.0, estimate: SampleProfile.estimate($0.1, .seconds)) }
        + each.map { .init(name: $0.0, estimate: SampleProfile.estimate($0.1, .secondsPerUnit)) },
      pools: [("fork", 3e-3, 3e-3), ("spawn", 35e-3, 12e-3)].map {
        PoolCost(
          method: $0.0, first: SampleProfile.estimate($0.1, .seconds), perWorker: SampleProfile.estimate($0.2, .seconds)
        )
      },
      processSpeedups: [RuntimeSpeedup(workers: 2, speedup: SampleProfile.estimate(1.9, .ratio))],
      threadSpeedups: [RuntimeSpeedup(workers: 2, speedup: SampleProfile.estimate(holdsGIL ? 0.97 : 1.9, .ratio))])
  }

  static func recommend(_ job: String, holdsGIL: Bool = true) throws -> Recommendation {
    try CostModel(profile: SampleProfile.twoCores.seen(by: python(holdsGIL: holdsGIL))).recommend(try Job(job))
  }

  @Test(
    "What the course found",
    arguments: [
      // 8 × 0.46 s of words: 3.99 s in a loop, 2.16 s by Pool(2).
      ("cpu:8x1e6", Strategy.processes, 2, 2), ("cpu:1x1e6", .sequential, 1, 1), ("cpu:8x1e2", .sequential, 1, 1),
      ("wait:200x50ms", .async, 200, 200), ("io:200x1KiB,latency=50ms", .async, 200, 200),
    ])
  func choice(job: String, strategy: Strategy, fewest: Int, most: Int) throws {
    let chosen = try Self.recommend(job).recommended
    #expect(chosen.strategy == strategy)
    #expect((fewest...most).contains(chosen.workers))
  }

  @Test("With a GIL threads gain nothing for computing, without one as much as processes")
  func lock() throws {
    func best(_ strategy: Strategy, holdsGIL: Bool) throws -> Double {
      let advice = try Self.recommend("cpu:8x1e6", holdsGIL: holdsGIL)
      let all = [advice.recommended] + advice.alternatives
      return all.filter { $0.strategy == strategy }.map(\.predicted.seconds.p50).min() ?? .infinity
    }
    let loop = 8 * 1e6 * 0.46e-6
    #expect(try agree(best(.threads, holdsGIL: true), loop, within: 0.05))
    #expect(try agree(best(.threads, holdsGIL: false), loop / 1.9, within: 0.05))
    #expect(try agree(best(.processes, holdsGIL: true), loop / 1.9, within: 0.05))
  }

  /// A fair scheduler gives the one thread that has the lock its share, as it does a loop.
  @Test("Beside other programs threads that share a lock are no faster than a loop", arguments: [0.0, 1, 3, 6])
  func lockBesideOthers(threads: Double) throws {
    var profile = SampleProfile.twoCores.seen(by: Self.python())
    profile.presentLoad = PresentLoad(threads: threads)
    let model = try CostModel(profile: profile)
    let job = try Job("cpu:8x1e6")
    let loop = try model.predict(job, plan: Plan(strategy: .sequential, workers: 1)).seconds.p50
    for workers in 1...8 {
      #expect(try model.predict(job, plan: Plan(strategy: .threads, workers: workers)).seconds.p50 > 0.99 * loop)
    }
    #expect(agree(loop, 8 * 0.46 * max(1, (1 + threads) / 2), within: 0.05))
  }

  @Test("The reasons name the lock, the starts and the hops")
  func reasons() throws {
    let advice = try Self.recommend("cpu:8x1e6")
    #expect(
      advice.reasons.contains {
        // Two threads that take turns: 0.97 of a loop's 3.68 s.
        guard case .gil(let threads?, released: nil) = $0 else { return false }
        return threads.threads == 2 && agree(threads.seconds, 3.68 / 0.97, within: 0.03)
      })
    // First and each worker: 3 ms + 2 × 3 ms, 35 ms + 2 × 12 ms.
    let starts = [Prediction.Part(name: "fork", seconds: 9e-3), .init(name: "spawn", seconds: 59e-3)]
    #expect(
      advice.reasons.contains {
        guard case .poolStart(workers: 2, let methods, threadSeconds: 60e-6) = $0 else { return false }
        return methods.map(\.name) == starts.map(\.name)
          && zip(methods, starts).allSatisfy { agree($0.seconds, $1.seconds, within: 1e-9) }
      })
    #expect(
      advice.reasons.contains(
        .handOver(poolChunkSeconds: 14e-6, threadTaskSeconds: 6e-6, loopTaskSeconds: 7e-6)))
    #expect(advice.caveats.contains(.forkAfterThreads))
  }

  @Test(
    "What was not measured in Python is refused", arguments: ["mem:4x1MiB", "disk:4x1MiB", "cpu:8x1e6,kernel=sort"])
  func refused(job: String) throws {
    #expect(throws: AdvisorError.self) { try Self.recommend(job) }
  }

  @Test("On an imagined machine more processes pay")
  func whatIf() throws {
    let profile = try SampleProfile.twoCores.seen(by: Self.python()).whatIf(WhatIf(cpus: 8))
    let chosen = try CostModel(profile: profile).recommend(try Job("cpu:8x1e6")).recommended
    #expect(chosen.strategy == .processes && chosen.workers == 8)
  }

  /// Foundation's `Process` leaves signals blocked, among them the one by which a pool ends its workers.
  private static let unblocked =
    "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); os.execv(sys.executable, [sys.executable, sys.argv[1]])"

  @Test(
    "The program to paste runs, in every way",
    .enabled(if: TestPython.isThere, "there is no python3 in /usr/bin"),
    arguments: [
      ("cpu:4x100", Plan(strategy: .sequential, workers: 1)),
      ("cpu:4x100", Plan(strategy: .processes, workers: 2, chunk: 2)),
      ("cpu:4x1ms", Plan(strategy: .threads, workers: 2)), ("wait:4x1ms", Plan(strategy: .threads, workers: 2)),
      ("wait:4x1ms", Plan(strategy: .async, workers: 4)), ("wait:4x1ms", Plan(strategy: .async, workers: 2)),
      ("wait:4x1ms+cpu:4x10", Plan(strategy: .processes, workers: 2)),
    ])
  func runs(job: String, plan: Plan) throws {
    let code = PythonProgram(job: try Job(job), plan: plan, startMethod: "fork").text + "    print(len(results))\n"
    // A pool's workers import the program, which must be a file for that.
    let folder = try TemporaryFolder()
    let path = try folder.write("program.py", code)
    let run = try ProgramRun([TestPython.path ?? "python3", "-c", Self.unblocked, path])
    #expect(run.status == 0 && run.text == "4\n", "\(code)")
  }
}
