import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
@testable import Tasks

/// What takes too long, what a failure or an interruption ends, and what is left of it.
@Suite struct CommandStopTests {
  @Test("What takes too long is stopped")
  func stopsWhatTakesTooLong() throws {
    let (summary, recorded) = try runCommand(["sleep", "{}"], [["100"]]) { $0.timeout = .seconds(0.05) }
    #expect(summary.progress.failed == 1)
    #expect(recorded.endings()[1] == .timedOut(afterSeconds: 0.05))
  }

  @Test("What takes many times the median is stopped")
  func stopsWhatTakesManyTimesTheMedian() throws {
    // The first one would never end; the median is known only while it runs.
    let (summary, recorded) = try runCommand(["sleep", "{}"], [["1000", "0", "0", "0", "0"]]) {
      $0.timeout = .medians(20)
    }
    #expect(summary.progress.succeeded == 4)
    let ending = try #require(recorded.endings()[1])
    guard case .timedOut(let limit) = ending else { Issue.record("\(ending)"); return }
    let median = try #require(recorded.outcomes.filter(\.succeeded).map(\.wallSeconds).sorted().dropFirst().first)
    #expect(limit > median && limit < 1000)
  }

  @Test("What ignores SIGTERM is killed")
  func killsWhatIgnoresSIGTERM() throws {
    let (_, recorded) = try runCommand(["sh", "-c", "trap '' TERM; while :; do sleep 100; done"]) {
      $0.timeout = .seconds(0.05)
    }
    #expect(recorded.endings() == [1: .timedOut(afterSeconds: 0.05)])
  }

  @Test("A task's whole group is stopped")
  func stopsATasksWholeGroup() throws {
    let file = try TemporaryFile()
    let script = "(trap '' TERM; sleep 1000 & echo $! > \(file.path); wait; sleep 1000) & wait"
    _ = try runCommand(["sh", "-c", script]) { $0.timeout = .seconds(0.3) }
    let id = try #require(Int32(file.text.split(separator: "\n").first ?? ""))
    // A signal that was sent is not yet one that was taken.
    #expect(waitUntil { !isRunning(id) })
  }

  @Test("What a task leaves behind is not waited for")
  func doesNotWaitForWhatATaskLeavesBehind() throws {
    let file = try TemporaryFile()
    let (summary, recorded) = try runCommand(["sh", "-c", "echo before; sleep 1000 & echo $! > \(file.path)"])
    #expect(summary.exitStatus == 0 && recorded.output == "before\n")
    let id = try #require(Int32(file.text.split(separator: "\n").first ?? ""))
    kill(id, SIGKILL)
  }

  @Test("A run halts soon after failures")
  func haltsSoonAfterFailures() throws {
    let (summary, _) = try runCommand(["false"], [(0..<100).map { "\($0)" }], workers: 1) {
      $0.halt = CommandHalt(.soon, .fail, .count(2))
    }
    #expect(summary.ending == .halted && summary.exitStatus == 1 && summary.progress.done == 2)
  }

  /// As GNU parallel's `--halt` counts jobs.
  @Test("A halt counts calls, not their inputs")
  func aHaltCountsCallsNotTheirInputs() throws {
    let (summary, recorded) = try runCommand(["false"], [(0..<20).map { "\($0)" }], workers: 1) {
      $0.batch = .count(5)
      $0.halt = CommandHalt(.soon, .fail, .count(2))
    }
    #expect(summary.ending == .halted && recorded.outcomes.count == 2 && summary.progress.failed == 10)
  }

  @Test("A run halts at once after a failure")
  func haltsNowAfterAFailure() throws {
    let (summary, recorded) = try runCommand(["sh", "-c", "{}"], [["sleep 1000", "sleep 0.05; false", "true"]]) {
      $0.halt = CommandHalt(.now, .fail, .count(1))
    }
    #expect(summary.ending == .halted)
    #expect(recorded.endings() == [1: .stopped, 2: .exited(status: 1)])
  }

  @Test("A first interruption lets tasks end")
  func interruptionDrains() throws {
    let recorded = Recorded()
    recorded.onEnd = { if $0.sequence == 1 { pthread_kill(pthread_self(), SIGINT) } }
    let tasks = ["true"] + Array(repeating: "sleep 0.2", count: 9)
    let (summary, _) = try runCommand(["sh", "-c", "{}; echo done"], [tasks], recorded: recorded)
    #expect(summary.ending == .interrupted(by: SIGINT) && summary.exitStatus == 130)
    #expect(summary.progress.succeeded < 10 && summary.progress.failed == 0)
    #expect(recorded.output.split(separator: "\n").count == summary.progress.succeeded)
  }

  @Test("A second interruption stops tasks", arguments: [[SIGINT, SIGINT], [SIGTERM], [SIGHUP]])
  func interruptionStops(_ signals: [Int32]) throws {
    let recorded = Recorded()
    recorded.onEnd = { if $0.sequence == 1 { pthread_kill(pthread_self(), signals[0]) } }
    // Two of a kind would become one while they are pending.
    recorded.onProgress = { if $0.isDraining, signals.count > 1 { pthread_kill(pthread_self(), signals[1]) } }
    let tasks = ["true"] + Array(repeating: "sleep 1000", count: 9)
    let (summary, _) = try runCommand(["sh", "-c", "{}"], [tasks], recorded: recorded)
    // 128 and the signal, as a shell's `$?` has it (POSIX, Shell Command Language, 2.8.2).
    #expect(summary.exitStatus == 128 + signals[0])
    #expect(summary.progress.succeeded == 1 && summary.progress.done < 10)
    #expect(recorded.outcomes.dropFirst().allSatisfy { $0.ending == .stopped })
  }
}
