import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
@testable import System
@testable import Tasks

/// Who starts the tasks is no matter of theirs: what holds of one thread holds of several.
@Suite struct SpawnersTests {
  @Test("Tasks run once each and print in order, whoever starts them", arguments: [0, 1, 4], [1, 3, 16])
  func outputs(spawners: Int, workers: Int) throws {
    let inputs = (1...150).map { "\($0)" }
    let (summary, recorded) = try runCommand(["echo", "{}"], [inputs], workers: workers) {
      ($0.spawners, $0.keepsOrder) = (spawners, true)
    }
    #expect(summary.progress.succeeded == 150 && summary.exitStatus == 0)
    #expect(recorded.output == inputs.map { $0 + "\n" }.joined())
  }

  /// An argument longer than 32 pages is refused (execve(2)).
  @Test("What cannot be started has failed, and the others run", arguments: [0, 2])
  func notStarted(spawners: Int) throws {
    let long = String(repeating: "x", count: 1 << 18)
    let (summary, recorded) = try runCommand(["true", "{}"], [["1", long, "3", long, "5"]], workers: 3) {
      $0.spawners = spawners
    }
    #expect(summary.progress.succeeded == 3 && summary.progress.failed == 2)
    for sequence in [2, 4] {
      guard case .notStarted(let problem)? = recorded.endings()[sequence] else {
        Issue.record("\(recorded.endings())")
        return
      }
      #expect(problem.contains("true"))
    }
  }

  @Test("A run that ends at once leaves nothing that was being started", arguments: [0, 4])
  func stopped(spawners: Int) throws {
    let file = try TemporaryFile()
    let script = "if [ $0 = 8 ]; then exit 1; fi; echo $$ >> \(file.path); exec sleep 1000"
    let (summary, _) = try runCommand(["sh", "-c", script], [(1...40).map { "\($0)" }], workers: 12) {
      $0.spawners = spawners
      $0.halt = RunHalt(.now, .fail, .count(1))
    }
    #expect(summary.exitStatus != 0)
    let ids = file.text.split(separator: "\n").compactMap { Int32($0) }
    #expect(waitUntil { !ids.contains(where: isRunning) })
  }

  @Test("A task has its time limit, and reads its block, whoever starts it", arguments: [0, 2])
  func limits(spawners: Int) throws {
    let (_, recorded) = try runCommand(["sleep", "{}"], [["100", "0", "100"]], workers: 3) {
      ($0.timeout, $0.spawners) = (.seconds(0.2), spawners)
    }
    #expect(recorded.endings()[1] == .timedOut(afterSeconds: 0.2) && recorded.endings()[3] == recorded.endings()[1])
    #expect(recorded.endings()[2] == .succeeded)
  }

  @Test("Programs that nobody has taken are killed")
  func dropped() throws {
    let file = try TemporaryFile()
    do {
      let spawners = try Spawners(threads: 2)
      for number in 1...4 {
        spawners.start(number, Launch(["sh", "-c", "echo $$ >> \(file.path); exec sleep 1000"]), protection: nil)
      }
      #expect(waitUntil { file.text.split(separator: "\n").count == 4 })
    }
    let ids = file.text.split(separator: "\n").compactMap { Int32($0) }
    #expect(ids.count == 4 && !ids.contains(where: isRunning))
  }

  @Test("Each start is told of, by its number, with its child or its error")
  func reports() throws {
    let spawners = try Spawners(threads: 3)
    for number in 1...9 {
      spawners.start(number, Launch([number % 3 == 0 ? "/no/such/program" : "true"]), protection: nil)
    }
    var started: [Int: Bool] = [:]
    while spawners.pending > 0 {
      let report = spawners.wait()
      do { started[report.number] = try report.child().wait().succeeded } catch { started[report.number] = false }
    }
    #expect(started == Dictionary(uniqueKeysWithValues: (1...9).map { ($0, $0 % 3 != 0) }))
  }
}
