import AdvisorTestSupport
import Glibc
import Testing
@testable import Tasks
@testable import System
@testable import AdvisorCore

@Suite struct CommandUsageTests {
  /// Told by a clock outside: a last report may be a tenth of a second older than the end.
  @Test("The time of a run is that of its end", arguments: [["0.15"], ["0.15", "0.13"]])
  func timesTheWholeRun(sleeps: [String]) throws {
    let recorded = Recorded()
    var (lastEnd, began) = (0.0, Double.infinity)
    recorded.onEnd = { _ in lastEnd = MonotonicClock.seconds }
    recorded.onProgress = { began = min(began, MonotonicClock.seconds - $0.seconds) }
    let before = MonotonicClock.seconds
    let (summary, _) = try runCommand(["sleep", "{}"], [sleeps], workers: 1, recorded: recorded)
    let outside = MonotonicClock.seconds - before
    #expect((lastEnd - began...outside).contains(summary.progress.seconds))
  }

  @Test("A run takes no less than its CPU time over the CPUs", arguments: [1, 4])
  func timesWhatTasksCompute(workers: Int) throws {
    let inputs = (0..<20).map { "\($0)" }
    let (summary, _) = try runCommand(
      ["sh", "-c", "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done"], [inputs], workers: workers)
    let cpus = min(workers, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    #expect(summary.progress.cpuSeconds > 0)
    #expect(summary.progress.seconds >= summary.progress.cpuSeconds / Double(cpus))
  }

  @Test("Each outcome tells how many ran beside it", arguments: [1, 3])
  func tellsHowManyRan(workers: Int) throws {
    let (_, recorded) = try runCommand(["sleep", "{}"], [["0.05", "0.05", "0.05"]], workers: workers)
    #expect(recorded.outcomes.first?.running == workers)
    #expect(recorded.outcomes.last?.running == 1)
  }

  /// A quota's own count of the time for which it stops tasks: `throttled_time` of cpu.stat, sched-bwc in the kernel's
  /// documentation. Of a task that does nothing, all of it was in the way.
  @Test("What a quota stops is no wait")
  func countsThrottling() throws {
    let recorded = Recorded()
    let start = MonotonicClock.seconds
    recorded.readThrottled = { MonotonicClock.seconds - start }
    let (_, _) = try runCommand(["sleep", "0.1"], recorded: recorded) {
      $0.limits.quota = .init(file: "/sys/fs/cgroup/cpu.max", logicalCPUs: 2)
    }
    let outcome = try #require(recorded.outcomes.first)
    #expect(outcome.queuedSeconds > 0.09)
  }

  @Test(
    "How often a task was found runnable tells what it queued, where the kernel's record does not",
    arguments: [(4, 4, 0.0, 0.8), (4, 2, 0.0, 0.3), (4, 0, 0.0, 0.0), (4, 0, 0.5, 0.5), (4, 4, 0.5, 0.8)])
  func runnableShare(looks: Int, runnable: Int, recorded: Double, queued: Double) throws {
    let runner = try CommandRunner(CommandTemplate([Array("true".utf8)]), TaskInputs())
    let slot = CommandSlot(number: 1)
    for look in 0..<looks { slot.looked(isRunnable: look < runnable) }
    let usage = WorkerController.Usage(wallSeconds: 1, cpuSeconds: 0.2, queuedSeconds: recorded)
    #expect(agree(runner.queuedSeconds(of: slot, usage), queued, within: 1e-9))
  }

  @Test(
    "A task that ended between two looks waits where CPUs were idle", arguments: [(0.0, 0.8), (1.0, 0.4), (2.0, 0.0)])
  func unseen(idle: Double, queued: Double) throws {
    let runner = try CommandRunner(CommandTemplate([Array("true".utf8)]), TaskInputs())
    runner.idle = IdleCPUs(cpus: 2)
    runner.idle.add(0, at: 0)
    // A tick may be missing for each CPU: of 1,000 s it hardly counts.
    runner.idle.add(1000 * idle, at: 1000)
    let usage = WorkerController.Usage(wallSeconds: 1, cpuSeconds: 0.2)
    #expect(abs(runner.queuedSeconds(of: CommandSlot(number: 1), usage) - queued) < 1e-3)
  }

  /// A sleep that one look met as it started has not computed all its time: beside a record of all its processes a look is one
  /// witness among three.
  @Test(
    "Of a task without children the kernel's record counts beside few looks",
    arguments: [(1, 1, 0.0, 0.267), (0, 0, 0.0, 0.0), (0, 0, 0.7, 0.7), (40, 40, 0.6, 0.79)])
  func record(looks: Int, runnable: Int, recorded: Double, queued: Double) throws {
    let runner = try CommandRunner(CommandTemplate([Array("true".utf8)]), TaskInputs())
    let slot = CommandSlot(number: 1)
    for look in 0..<looks { slot.looked(isRunnable: look < runnable) }
    let usage = WorkerController.Usage(wallSeconds: 1, cpuSeconds: 0.2, queuedSeconds: recorded)
    #expect(abs(runner.queuedSeconds(of: slot, usage, isWhole: true) - queued) < 0.01)
  }

  @Test("What tasks read and write is counted")
  func countsWhatTasksReadAndWrite() throws {
    let file = try TemporaryFile()
    let (_, recorded) = try runCommand(["sh", "-c", "head -c 300000 /dev/zero > \(file.path)"])
    let outcome = try #require(recorded.outcomes.first)
    // The shell waits for the child that does it. Beside the bytes each reads its libraries.
    #expect((300_000..<500_000).contains(outcome.readBytes ?? 0))
    #expect((300_000..<310_000).contains(outcome.writtenBytes ?? 0))
  }
}
