import AdvisorCore
import AdvisorTestSupport
import Glibc
import Probe
import Testing
@testable import Tasks

@Suite("Memory is watched while tasks run") struct MemoryGuardTests {
  private func reading(_ available: Double, of limit: Double = 4, stalled: Int? = nil) -> MemoryGauge.Reading {
    MemoryGauge.Reading(
      availableBytes: Int(available * 0x1p30), limitBytes: Int(limit * 0x1p30), stalledMicroseconds: stalled)
  }

  /// Of 4 GiB a twentieth, 0.2 GiB, is kept.
  @Test(
    "What is left of memory decides",
    arguments: [
      (3.0, 0.0, MemoryGuard.Verdict.ample), (1.8, 1.5, .ample), (1.6, 1.5, .scarce), (0.21, 0.1, .scarce),
      (0.19, 0.0, .scarce), (0.11, 0.0, .scarce), (0.09, 0.0, .tight), (0.03, 0.0, .tight), (0.02, 1.5, .exhausted),
    ])
  func verdicts(availableGiB: Double, taskGiB: Double, expected: MemoryGuard.Verdict) {
    var guardian = MemoryGuard()
    #expect(guardian.judge(reading(availableGiB), taskBytes: taskGiB * 0x1p30, at: 1) == expected)
  }

  /// Of 256 MiB to 1.25 GiB 64 MiB are kept, and of 128 MiB a quarter.
  @Test(
    "In the last half of what is kept the oldest goes on alone, until no more is left than it takes before it stops",
    arguments: [
      (256.0, 33.0, MemoryGuard.Verdict.scarce), (256, 31, .tight), (1024, 17, .tight), (256, 15, .critical),
      (1024, 9, .critical), (256, 7, .exhausted), (128, 15, .tight), (128, 7, .critical), (128, 3, .exhausted),
    ])
  func lastHalf(limitMebibytes: Double, leftMebibytes: Double, expected: MemoryGuard.Verdict) {
    var guardian = MemoryGuard()
    let reading = reading(leftMebibytes / 1024, of: limitMebibytes / 1024)
    #expect(guardian.judge(reading, taskBytes: 0, at: 1) == expected)
  }

  @Test("Nothing is held back where memory cannot be read")
  func unknown() {
    var guardian = MemoryGuard()
    #expect(guardian.judge(nil, taskBytes: 0x1p40, at: 1) == .ample)
  }

  @Test("Tasks that stand still for want of memory are too many, though some is left")
  func stalled() {
    var guardian = MemoryGuard()
    _ = guardian.judge(reading(0.3, stalled: 0), taskBytes: 0, at: 1)
    #expect(guardian.judge(reading(0.3, stalled: 10_000), taskBytes: 0, at: 1.1) == .ample)
    #expect(guardian.judge(reading(0.3, stalled: 90_000), taskBytes: 0, at: 1.2) == .exhausted)
  }

  @Test("What lasts no longer than tasks take to stop is all but gone: 2 GiB at 256 GiB/s last 8 ms, at 64 GiB/s 31 ms")
  func goesFast() {
    for (before, expected) in [(2.64, MemoryGuard.Verdict.ample), (4.56, .critical)] {
      var guardian = MemoryGuard()
      _ = guardian.judge(reading(before, of: 8), taskBytes: 0, at: 1)
      #expect(guardian.judge(reading(2, of: 8), taskBytes: 0, at: 1.01) == expected)
    }
  }

  @Test("The faster memory goes, the sooner it is looked at again")
  func looks() {
    var guardian = MemoryGuard()
    _ = guardian.judge(reading(4), taskBytes: 0, at: 1)
    _ = guardian.judge(reading(4), taskBytes: 0, at: 2)
    // Nothing goes, but four CPUs would touch the 3.9 GiB in 0.52 s.
    #expect(abs(guardian.nextLook - 2 - 3.9 * 0x1p30 / 8e9 / 4) < 1e-6)
    // A gibibyte in a tenth of a second: what is left above half of the reserve lasts another 0.29 s.
    _ = guardian.judge(reading(3), taskBytes: 0, at: 2.1)
    #expect(abs(guardian.nextLook - 2.1 - 0.29 / 4) < 1e-6)
    _ = guardian.judge(reading(0.1), taskBytes: 0, at: 2.2)
    #expect(abs(guardian.nextLook - 2.205) < 1e-9)
    _ = guardian.judge(reading(64, of: 64), taskBytes: 0, at: 3)
    #expect(guardian.nextLook == 3.25)
  }

  /// From 3 to 2.9 GiB in 20 ms go 5 GiB/s, of which a look later 0.95 is remembered: in 10 ms that is 0.0475 GiB. More than
  /// half of the reserve, 0.1 GiB, is not added, and a run that was stopped was not late.
  @Test(
    "What may go while a look is late is kept in reserve",
    arguments: [(0.0, 2.7), (0.01, 2.6525), (0.04, 2.6), (9, 2.7)])
  func late(seconds: Double, roomGiB: Double) {
    var guardian = MemoryGuard()
    _ = guardian.judge(reading(3), taskBytes: 0, at: 1)
    _ = guardian.judge(reading(2.9), taskBytes: 0, at: guardian.nextLook)
    let verdict = guardian.judge(reading(2.9), taskBytes: 2.68 * 0x1p30, at: guardian.nextLook + seconds)
    #expect(abs(guardian.roomBytes / 0x1p30 - roomGiB) < 1e-6)
    #expect(verdict == (roomGiB == 2.7 ? .ample : .scarce))
  }

  @Test("A task takes what those that have ended took in the mean: strange figures count nothing")
  func mean() {
    var peaks = PeakMemories()
    #expect(peaks.mean == 0)
    for bytes in [1e9, 3e9, 0, -1, .nan] { peaks.add(bytes: bytes) }
    #expect(agree(peaks.mean, 2e9, within: 1e-9))
    peaks.add(bytes: .infinity)
    #expect(peaks.mean.isFinite)
  }

  @Test(
    "As many tasks fit as stay in memory in the mean, however large the largest",
    arguments: [([2.0, 2, 2], 4.0), ([1, 3], 4), ([1, 1, 1, 13], 2), ([], nil)] as [([Double], Double?)])
  func fitting(peaks: [Double], expected: Double?) {
    var memories = PeakMemories()
    for peak in peaks { memories.add(bytes: peak * 1e9) }
    let found = memories.fitting(in: 8e9)
    #expect((found == nil) == (expected == nil) && agree(found ?? 0, expected ?? 0, within: 1e-6))
  }

  /// Memory runs out once two tasks have noted their start, and is there again at the next look, when they may end.
  private static func shortOnce(_ starts: TemporaryFile, _ gate: TemporaryFile) -> () -> MemoryGauge.Reading? {
    var wasShort = false
    return {
      if wasShort { unlink(gate.path) }
      let isShort = !wasShort && starts.text.split(separator: "\n").count == 2
      wasShort = wasShort || isShort
      return MemoryGauge.Reading(availableBytes: isShort ? 0 : 1 << 32, limitBytes: 1 << 33)
    }
  }

  @Test("The youngest task gives way, runs again, and counts as one")
  func relief() throws {
    let (starts, gate) = (try TemporaryFile(), try TemporaryFile())
    let recorded = Recorded()
    recorded.readMemory = Self.shortOnce(starts, gate)
    let (summary, _) = try runCommand(
      ["sh", "-c", "echo {} >> \(starts.path); while [ -e \(gate.path) ]; do sleep 0.01; done"], [["a", "b", "c"]],
      recorded: recorded)
    #expect(summary.exitStatus == 0 && summary.progress.succeeded == 3)
    #expect(recorded.outcomes.map(\.attempts) == [1, 1, 1])
    #expect(starts.text.split(separator: "\n").count == 4)
    #expect(starts.text.split(separator: "\n").filter { $0 == "a" }.count == 1)
  }

  @Test("The end of a task that holds next to nothing is no relief: the large one gives way, though it is older")
  func large() throws {
    let (starts, gate) = (try TemporaryFile(), try TemporaryFile())
    let recorded = Recorded()
    recorded.readMemory = Self.shortOnce(starts, gate)
    let script = """
      [ {} = small ] || x=$(head -c 20000000 /dev/zero | tr '\\0' x)
      echo {} >> \(starts.path); while [ -e \(gate.path) ]; do sleep 0.01; done
      """
    let (summary, _) = try runCommand(["sh", "-c", script], [["large", "small"]], workers: 2, recorded: recorded)
    #expect(summary.progress.succeeded == 2)
    #expect(starts.text.split(separator: "\n").sorted() == ["large", "large", "small"])
  }

  @Test("A task that gave way runs again where there is room for what it held, and after a second time alone")
  func room() {
    var queue = RetryQueue()
    var task = RunTask(sequence: 1, inputs: []).afterGivingWay(5e8)
    queue.insert(task, notBefore: 1)
    #expect(queue.next(at: 2, roomBytes: 4e8) == nil)
    #expect(queue.next(at: 2, roomBytes: 6e8)?.sequence == 1 && queue.isEmpty)
    task = task.afterGivingWay(1e8)
    #expect(task.heldBytes == 5e8)
    queue.insert(task, notBefore: 2)
    #expect(queue.next(at: 3, roomBytes: .infinity) == nil)
    #expect(queue.nextAlone()?.sequence == 1 && queue.isEmpty)
  }

  @Test("A single task is never stopped for want of memory")
  func lastTask() throws {
    let recorded = Recorded()
    recorded.readMemory = { MemoryGauge.Reading(availableBytes: 0, limitBytes: 1 << 33) }
    let (summary, _) = try runCommand(["sleep", "0.1"], [["0", "0", "0"]], workers: 3, recorded: recorded)
    #expect(summary.progress.succeeded == 3)
  }

  @Test("A task that was killed for want of memory runs again when no other does")
  func alone() throws {
    let file = try TemporaryFile()
    let marks = try TemporaryFile()
    let script = """
      echo + >> \(marks.path)
      if [ {} = x ] && [ ! -s \(file.path) ]; then echo x > \(file.path); kill -9 $$; fi
      sleep 0.05; echo "- {}" >> \(marks.path)
      """
    let recorded = Recorded()
    recorded.countMemoryKills = { file.bytes.isEmpty ? 0 : 1 }
    let (summary, _) = try runCommand(
      ["sh", "-c", script], [["x"] + (1...8).map { "\($0)" }], workers: 3, recorded: recorded)
    #expect(summary.progress.succeeded == 9)
    #expect(marks.text.hasSuffix("+\n- x\n"))
  }
}
