import AdvisorCore
import AdvisorTestSupport
import Glibc
import Probe
import Statistics
import Testing
@testable import System
@testable import Tasks

@Suite("Who takes memory where it runs low") struct MemoryTurnsTests {
  /// The oldest first; `+` grows, `=` no longer does, `p` is paused.
  private func tasks(_ states: String, held: [Double]? = nil, paused: Double = 0.1) -> [MemoryTurns.Task] {
    states.enumerated().map { index, state in
      MemoryTurns.Task(
        slot: index, start: index, heldBytes: held?[index] ?? 1e8, isGrowing: state == "+", age: 20,
        pausedSeconds: state == "p" ? paused : nil)
    }
  }

  /// Each holds 0.1 GB.
  @Test(
    "The oldest that grows goes on, and the next where there is room for all of these to take as much again",
    arguments: [
      ("=++", 0.21, []), ("=++", 0.19, [.pause(2)]), ("++=+", -0.1, [.pause(1), .pause(3)]),
      ("=pp", -0.1, [.resume(1)]),
      ("=pp", 0.21, [.resume(1), .resume(2)]), ("+pp", 0.19, []), ("+pp", 0.21, [.resume(1)]),
      ("p+", 0, [.resume(0), .pause(1)]),
      ("==", -1, []), ("p", -1, [.resume(0)]),
    ] as [(String, Double, [MemoryTurns.Step])])
  func room(states: String, gigabytes: Double, expected: [MemoryTurns.Step]) {
    for verdict in [MemoryGuard.Verdict.ample, .scarce] {
      let turns = MemoryTurns(tasks(states), canPreempt: true)
      #expect(turns.steps(verdict, roomBytes: gigabytes * 1e9, isRelieved: false) == expected)
    }
  }

  @Test("A small task goes on beside the oldest where a large one cannot")
  func overtaking() {
    let turns = MemoryTurns(tasks("+pp", held: [4e8, 4e8, 1e7]), canPreempt: true)
    #expect(turns.steps(.ample, roomBytes: 5e8, isRelieved: false) == [.resume(2)])
  }

  @Test(
    "Where memory is all but gone none grows, and the youngest that would gives way where all wait, or nothing is left",
    arguments: [
      ("=++", MemoryGuard.Verdict.critical, [.pause(1), .pause(2)]), ("==", .critical, []), ("=p", .critical, []),
      ("+p+", .critical, [.pause(0), .pause(2), .preempt(2)]), ("pp", .critical, [.preempt(1)]),
      ("=+=", .exhausted, [.pause(1), .preempt(1)]), ("p=", .exhausted, [.preempt(0)]),
      ("==", .exhausted, [.preempt(1)]), ("+", .exhausted, []), ("p", .exhausted, [.resume(0)]),
    ] as [(String, MemoryGuard.Verdict, [MemoryTurns.Step])])
  func shortage(states: String, verdict: MemoryGuard.Verdict, expected: [MemoryTurns.Step]) {
    let turns = MemoryTurns(tasks(states), canPreempt: true)
    #expect(turns.steps(verdict, roomBytes: 0, isRelieved: false) == expected)
  }

  @Test(
    "Of what is left before memory is all but gone the oldest may take, alone, where no other's end would make room",
    arguments: [
      ("+p+", [.pause(2)]), ("pp", [.resume(0)]), ("p+", [.resume(0), .pause(1)]), ("+", []), ("p", [.resume(0)]),
      ("=++", [.pause(1), .pause(2)]), ("+p=", [.pause(0)]), ("=p", []), ("==", []),
    ] as [(String, [MemoryTurns.Step])])
  func tight(states: String, expected: [MemoryTurns.Step]) {
    let turns = MemoryTurns(tasks(states), canPreempt: true)
    #expect(turns.steps(.tight, roomBytes: 0, isRelieved: false) == expected)
    // One that was told to go makes room.
    let waits = states.enumerated().filter { $0.element == "+" }.map { MemoryTurns.Step.pause($0.offset) }
    #expect(turns.steps(.tight, roomBytes: 0, isRelieved: true) == waits)
  }

  /// Recorded in a group of 4 GiB, in MiB: the oldest took 2,470 in all, and the third had half a second's work done.
  @Test(
    "None gives way to an oldest that ends before memory is exhausted",
    arguments: [(102, [2408, 768, 607, 216]), (100, [2439, 793, 512, 258])] as [(Double, [Double])])
  func recorded(left: Double, held: [Double]) {
    var guardian = MemoryGuard()
    for taken in stride(from: 0, to: 2470 - held[0], by: 5) {
      let reading = MemoryGauge.Reading(availableBytes: Int((left - taken) * 0x1p20), limitBytes: 4 << 30)
      let verdict = guardian.judge(reading, taskBytes: 1e8, isAwaited: true, at: 1 + taken / 1000)
      let now = [held[0] + taken] + held.dropFirst()
      let turns = MemoryTurns(tasks("+ppp", held: now.map { $0 * 0x1p20 }), canPreempt: true)
      #expect(turns.steps(verdict, roomBytes: guardian.roomBytes, isRelieved: false) == [], "\(taken)")
    }
  }

  @Test("Where none may give way, since the run ends, the oldest takes what is left", arguments: ["ppp", "+p+"])
  func draining(states: String) {
    for verdict in [MemoryGuard.Verdict.critical, .exhausted] {
      let steps = MemoryTurns(tasks(states), canPreempt: false).steps(verdict, roomBytes: 0, isRelieved: false)
      #expect(steps == (states == "ppp" ? [.resume(0)] : [.pause(2)]))
    }
  }

  @Test("While one that was told to go still goes, no other gives way")
  func relieved() {
    #expect(MemoryTurns(tasks("pp"), canPreempt: true).steps(.exhausted, roomBytes: 0, isRelieved: true) == [])
  }

  @Test("A task gives way once it has waited for longer than it had run, 20 s, as behind one that waits for its lock")
  func patience() {
    for (paused, expected) in [(19.9, []), (20.1, [.preempt(2)])] as [(Double, [MemoryTurns.Step])] {
      let turns = MemoryTurns(tasks("=pp", paused: paused), canPreempt: true)
      #expect(turns.steps(.critical, roomBytes: 0, isRelieved: false) == expected)
    }
  }

  @Test("The end of a task that holds next to nothing is no relief")
  func small() {
    let turns = MemoryTurns(tasks("=+p", held: [9e8, 5e8, 1e7]), canPreempt: true)
    #expect(turns.steps(.exhausted, roomBytes: 0, isRelieved: false) == [.pause(1), .preempt(1)])
    let held = MemoryTurns(tasks("=p", held: [9e8, 1e7]), canPreempt: true)
    #expect(held.steps(.exhausted, roomBytes: 0, isRelieved: false) == [.preempt(0)])
  }

  @Test("A task grows while it has taken more in the last tenth of its time")
  func growth() {
    var growth = MemoryGrowth(from: 0)
    growth.add(bytes: 5e8, minRise: 1e6, at: 1)
    #expect(!growth.isGrowing(at: 1, age: 5), "nobody knows when it has taken that")
    growth.add(bytes: 5.005e8, minRise: 1e6, at: 1.01)
    #expect(!growth.isGrowing(at: 1.01, age: 5), "half a megabyte is no growth")
    growth.add(bytes: 5.02e8, minRise: 1e6, at: 1.02)
    #expect(growth.isGrowing(at: 1.5, age: 5) && !growth.isGrowing(at: 1.53, age: 5))
    #expect(!growth.isGrowing(at: 1.1, age: 0.1) && growth.isGrowing(at: 2, age: 1000))
    growth.add(bytes: 9e8, minRise: 1e6, at: 3)
    #expect(!growth.isGrowing(at: 3, age: 5), "it was not looked at for long")
  }

  /// Recorded: 2.4 GiB of shared pages are unmapped in 0.3 s, and free only 0.5 s later.
  @Test("A task that gives back memory grows no more, though it has grown a moment ago, until it does again")
  func shrinking() {
    var growth = MemoryGrowth(from: 0)
    for (time, mebibytes, isGrowing) in [
      (5.70, 2254, false), (5.80, 2342, true), (5.89, 2433, true), (5.99, 2470, true), (6.07, 2470, true),
      (6.16, 2102, false), (6.25, 651, false), (6.29, 13, false), (6.33, 13, false), (6.43, 30, true), (6.5, 26, true),
      (6.6, 13, false),
    ] as [(Double, Double, Bool)] {
      growth.add(bytes: mebibytes * 0x1p20, minRise: 6.4 * 0x1p20, at: time)
      #expect(growth.isGrowing(at: time, age: time) == isGrowing, "\(time)")
    }
  }

  /// A hundredth of a limit up to three fifths of it, of which a part comes late.
  private func mix(_ seed: UInt64, limit: Double) -> [SimulatedMemory.Task] {
    var random = Xoshiro(seed: seed)
    return (0..<30).map { _ in
      let peak = limit * [0.006, 0.006, 0.06, 0.3, 0.6][Int.random(in: 0...4, using: &random)]
      return SimulatedMemory.Task(
        earlyBytes: peak * [0.1, 0.5, 1][Int.random(in: 0...2, using: &random)],
        restSeconds: Double.random(in: 0...0.5, using: &random), peakBytes: peak,
        lastSeconds: Double.random(in: 0.01...0.3, using: &random))
    }
  }

  /// One task at a time on one of two CPUs is what all of them together must beat.
  @Test(
    "Memory never runs out, all tasks end, few run twice, and no mix takes longer than one task at a time",
    arguments: [256.0, 4096], [4, 8])
  func mixes(limitMebibytes: Double, workers: Int) {
    let machine = SimulatedMemory(limitBytes: limitMebibytes * 0x1p20, workers: workers)
    var (starts, count) = (0, 0)
    for seed in 1...20 as ClosedRange<UInt64> {
      let tasks = mix(seed, limit: machine.limitBytes)
      let result = machine.run(tasks)
      #expect(result.ended == tasks.count && result.maxBytes < machine.limitBytes, "\(seed): \(result)")
      let alone = tasks.reduce(0) { $0 + $1.aloneSeconds(machine.bytesPerSecond) }
      #expect(result.seconds < alone, "\(seed): \(result)")
      (starts, count) = (starts + result.starts, count + tasks.count)
    }
    #expect(Double(starts) < 1.2 * Double(count))
  }

  private static func isStopped(_ id: Int32) -> Bool {
    let stat = KernelFile.read("/proc/\(id)/stat").map { String(decoding: $0, as: UTF8.self) } ?? ""
    return stat.contains(") T ")
  }

  /// Of 1 GiB 64 MiB are kept: below that tasks wait. Each step of theirs is 3 MB.
  @Test("A task that grows where memory is low is stopped, and goes on when an older one has ended")
  func pauses() throws {
    let (starts, gate) = (try TemporaryFile(), try TemporaryFile())
    let recorded = Recorded()
    var wasStopped = false
    var told: Set<Int> = []
    recorded.onProgress = { told.insert($0.pausedForMemory) }
    recorded.readMemory = {
      let ids = starts.text.split(separator: "\n").map { $0.split(separator: " ") }
      let younger = ids.count == 2 ? ids.first { $0[0] == "b" }.flatMap { Int32($0[1]) } : nil
      wasStopped = wasStopped || younger.map(Self.isStopped) == true
      if told.contains(1) { unlink(gate.path) }
      return MemoryGauge.Reading(
        availableBytes: (younger == nil || told.contains(1) ? 65 : 63) << 20, limitBytes: 1 << 30)
    }
    let script = """
      echo {} $$ >> \(starts.path); y=$(head -c 3000000 /dev/zero | tr '\\0' x); i=0
      while [ -e \(gate.path) ] && [ $i -lt 60 ]; do x=$x$y; i=$((i+1)); sleep 0.01; done
      """
    let (summary, _) = try runCommand(["sh", "-c", script], [["a", "b"]], workers: 2, recorded: recorded)
    #expect(wasStopped && summary.progress.succeeded == 2)
    #expect(starts.text.split(separator: "\n").count == 2)
    #expect(told == [0, 1] && summary.progress.pausedForMemory == 0)
  }

  /// As the kernel does where it chooses one. Of the four that come after it two run at once: there is more memory then than
  /// any task takes, also where a child's peak is that of the process that starts it, here of all tests. Before, it goes
  /// slowly: where much goes at once a task gives way.
  @Test("A task that is killed while it is paused keeps no other from starting")
  func killedWhilePaused() throws {
    let (starts, gate) = (try TemporaryFile(), try TemporaryFile())
    let recorded = Recorded()
    var wasKilled = false
    var atOnce = 0
    recorded.countMemoryKills = { 0 }
    recorded.onEnd = { _ in unlink(gate.path) }
    recorded.onProgress = { if $0.done >= 2 { atOnce = max(atOnce, $0.running) } }
    recorded.readMemory = {
      let ids = starts.text.split(separator: "\n").compactMap { Int32($0) }
      if !wasKilled, let paused = ids.first(where: Self.isStopped) {
        wasKilled = true
        kill(paused, SIGKILL)
      }
      return MemoryGauge.Reading(
        availableBytes: wasKilled ? 1 << 40 : (ids.count < 2 ? 65 : 63) << 20, limitBytes: 1 << 30)
    }
    let script = """
      echo $$ >> \(starts.path); y=$(head -c 3000000 /dev/zero | tr '\\0' x); i=0
      while [ -e \(gate.path) ] && [ $i -lt 60 ]; do x=$x$y; i=$((i+1)); sleep 0.01; done; sleep 0.3
      """
    let (summary, _) = try runCommand(
      ["sh", "-c", script], [["a", "b", "c", "d", "e", "f"]], workers: 2, recorded: recorded)
    #expect(wasKilled)
    #expect(atOnce == 2 && summary.progress.succeeded == 5)
  }
}
