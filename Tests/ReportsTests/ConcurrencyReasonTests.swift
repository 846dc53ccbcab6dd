import AdvisorCore
import Documents
@testable import Reports
import Testing

/// Why a run has as many workers as it has: a clause for each code, which is also what documents hold.
@Suite struct ConcurrencyReasonTests {
  private static let files = WorkerLimit(.command, limits: Machine.Limits(openFiles: 64), ceiling: 4096)

  private static let samples: [(ConcurrencyReason, String)] = [
    (.requested, "as requested"), (.limit(limit: files), "the limit of 64 open files (ulimit -n)"),
    (.limit(limit: .ceiling(512)), "more than 512 have not been found to gain anything"),
    (.pastRun(workers: 8), "an earlier run of the same came to 8 or more"),
    (.pilot, "one per CPU, to see what a task uses"), (.waiting(share: 0.404), "tasks wait 40 % of their time"),
    (.idleCPUs, "the CPUs have room for more"), (.queueing(slowdown: 5.9), "tasks take 5 times as long as alone"),
    (.tryingFewer, "fewer may be as fast"), (.fastest(workers: 8), "neither more nor fewer than 8 are faster"),
    (.refused, "the system refuses to start more"), (.memory, "no more of them fit in memory"),
    (.memoryExhausted, "more of them ran out of memory"), (.memoryScarce, "no memory for another task now"),
    (.firstRequests, "to see how fast the servers are"), (.tryingMore, "more in flight may be faster"),
    (.serverLatency, "requests mostly wait"), (.noGain, "more in flight are no faster"),
    (.connectionsDropped(requests: 5), "the server drops connections beyond 5"),
    (.receiverBusy, "receiving takes all of a CPU"), (.maxInFlight(requests: 256), "the limit of 256 in flight"),
    (
      .gil(lostShare: 0.004, threads: 2),
      "two calls at once in an interpreter lost 0 % of their time to the GIL: threads are as fast as processes, in less "
        + "memory"
    ),
    (
      .gil(lostShare: 0.43, threads: 1),
      "two calls at once in an interpreter lost 43 % of their time to the GIL: each call has an interpreter of its own"
    ), (.coroutines, "coroutines that wait cost next to nothing"),
    (.engineStarting(engine: "dask"), "dask is starting"),
    (.engineWorkers(engine: "dask", workers: 0), "dask has no workers yet"),
    (.engineWorkers(engine: "dask", workers: 1), "dask: 1 worker"),
  ]

  @Test("A number of workers is explained in one way", arguments: samples)
  func clause(reason: ConcurrencyReason, words: String) { #expect(Sentences().text(reason) == words) }

  private struct Written: Decodable {
    var schema: String
    var plan: Plan
    var reasons: [Reported<ConcurrencyReason>]
  }

  @Test("A run is written with code, figures and words, and read back as it was written", arguments: samples.map(\.0))
  func document(reason: ConcurrencyReason) throws {
    var record = RunRecord(
      job: try Job("cpu:8x1e6"), plan: Plan(strategy: .threads, workers: 2), predicted: nil,
      observed: RunOutcome(seconds: 1, tasks: 8))
    record.reasons = [reason]
    let data = try JSONDocument.data(of: Document(record))
    let read = try JSONDocument.decode(Written.self, from: data, of: "test")
    #expect(read.reasons.map(\.value) == [reason] && read.reasons.map(\.text) == [Sentences().text(reason)])
    #expect(read.schema == "advisor.run/1" && read.plan == record.plan)
  }
}
