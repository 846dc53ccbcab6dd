import Testing
@testable import Engines
@testable import Tasks

/// Whether calls that compute may run in threads, by what they lose to the lock beside one another.
@Suite struct LockTrialTests {
  /// A trial after eight calls alone, two for their change, and four in pairs that were off the CPUs for a share of their time.
  private static func trial(lost: Double, alone: Double = 0, seconds: Double = 0.1, printed: Bool = false) -> LockTrial
  {
    var trial = LockTrial(interpreters: 4)
    func usage(_ lost: Double, _ queued: Double) -> WorkerController.Usage {
      .init(wallSeconds: seconds, cpuSeconds: seconds * (1 - lost - queued), queuedSeconds: seconds * queued)
    }
    for _ in 0..<16 { trial.add(usage(alone, 0), printed: printed, threads: 1) }
    // Some that were under way by themselves end late.
    for _ in 0..<8 { trial.add(usage(alone, 0), printed: printed, threads: 1) }
    for _ in 0..<12 { trial.add(usage(lost, 0.3), printed: printed, threads: 2) }
    return trial
  }

  @Test(
    "As many threads share an interpreter as lose a twentieth to its lock at the most",
    arguments: [(0.5, 1), (0.06, 1), (0.04, 2), (0.024, 3), (0, 4)])
  func threads(lost: Double, threads: Int) {
    #expect(Self.trial(lost: lost).stage == .over(threads: threads))
  }

  @Test("What a call waits for when it is alone is not the lock's doing")
  func waits() { #expect(Self.trial(lost: 0.1, alone: 0.1).stage == .over(threads: 4)) }

  @Test(
    "Calls that print, wait for the most part or are short are not tried",
    arguments: [(0.0, 0.1, true), (0.5, 0.1, false), (0, 0.001, false)])
  func unfit(alone: Double, seconds: Double, printed: Bool) {
    let trial = Self.trial(lost: 0, alone: alone, seconds: seconds, printed: printed)
    #expect(trial.stage == .over(threads: 1) && trial.lostShare == nil)
  }

  @Test("A run that may be over soon is not tried", arguments: [(17, false), (119, false), (121, true)])
  func early(calls: Int, isTried: Bool) {
    var trial = LockTrial(interpreters: 4)
    for _ in 0..<calls { trial.add(.init(wallSeconds: 0.01, cpuSeconds: 0.01), printed: false, threads: 1) }
    #expect((trial.stage == .paired) == isTried)
  }

  @Test("A single interpreter is not tried")
  func aSingleInterpreterIsNotTried() { #expect(LockTrial(interpreters: 1).stage == .over(threads: 1)) }
}
