import AdvisorCore
import Testing

@testable import Tuning

/// What bounds a search: memory, failures, the number of runs, the user.
extension TunerTests {
  @Test("What runs out of memory rules out larger numbers; where the start fails, half of it is next")
  func outOfMemory() throws {
    let result = search(workers(cpus: 8)) { candidate, index in
      let workers = candidate.counts[0]
      guard workers <= 3 else { return TrialRun(candidate: index, failure: .outOfMemory, seconds: 1) }
      return TrialRun(candidate: index, seconds: 12 / Double(workers), cpuSeconds: 11.5)
    }
    #expect(result.tried.prefix(3) == [[8], [4], [2]])
    #expect(result.tried.dropFirst(2).allSatisfy { $0[0] < 4 })
    #expect(result.tuner.candidates[try #require(result.outcome.best)].counts == [3])
  }

  @Test("No number is tried that by the memory seen so far would exceed the limit; the largest that fits is tried")
  func memoryLimit() throws {
    let limit = 1000.0
    let result = search(workers(cpus: 8, memoryLimit: limit)) { candidate, index in
      let workers = Double(candidate.counts[0])
      return TrialRun(
        candidate: index, failure: 90 * workers > limit ? .outOfMemory : nil, seconds: 60 / workers,
        cpuSeconds: 3, maxRSSBytes: 90 * workers)
    }
    #expect(result.tried.allSatisfy { $0[0] <= 10 })
    // 10 · 90 = 900 leaves the twentieth of the limit free that is asked for, 11 · 90 does not.
    #expect(result.tuner.candidates[try #require(result.outcome.best)].counts == [10])
  }

  @Test("A command that fails at every value is infeasible, and few runs tell", arguments: [1, 2, 8, 64])
  func alwaysFails(cpus: Int) {
    let result = search(workers(cpus: cpus)) { _, index in
      TrialRun(candidate: index, failure: .exited(status: 1), seconds: 0.1)
    }
    #expect(result.outcome.verdict == .infeasible)
    #expect(result.outcome.best == nil)
    #expect(result.tried.count <= 7)
  }

  @Test("No more is run than was allowed, and what stopping costs is said", arguments: [1, 2, 3, 5])
  func maxRuns(count: Int) throws {
    let result = search(workers(cpus: 64, maxRuns: count)) { candidate, index in
      TrialRun(candidate: index, seconds: 100 / Double(candidate.counts[0]), cpuSeconds: 1)
    }
    #expect(result.tried.count == count)
    #expect(result.outcome.stop == .maxRuns)
    #expect(try #require(result.outcome.loss) > 0.01)
  }

  @Test("An interruption keeps the answer so far")
  func interrupted() throws {
    var tuner = workers(cpus: 2)
    #expect(tuner.outcome().best == nil)
    tuner.record(TrialRun(candidate: tuner.start, seconds: 1, cpuSeconds: 1.9))
    let outcome = tuner.outcome(stop: .interrupted)
    #expect(outcome.best == tuner.start)
    #expect(outcome.stop == .interrupted)
    // All CPUs were busy: no other value can gain much. Where they are idle, one run says nothing of the others.
    #expect(outcome.verdict == .noDifference)
    var idle = workers(cpus: 2)
    idle.record(TrialRun(candidate: idle.start, seconds: 1, cpuSeconds: 0.3))
    #expect(idle.outcome(stop: .interrupted).verdict == .undecided)
  }
}
