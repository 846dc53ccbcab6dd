import AdvisorCore
import AdvisorTestSupport
import Testing
@testable import Tasks

@Suite struct CommandRetryTests {
  @Test("A failed task is tried again")
  func triesAgain() throws {
    let file = try TemporaryFile()
    let script = "echo x >> \(file.path); test $(wc -l < \(file.path)) -ge 3"
    let (summary, recorded) = try runCommand(["sh", "-c", script]) { $0.retries = 5 }
    #expect(summary.exitStatus == 0)
    #expect(recorded.outcomes.map(\.attempts) == [3])
  }

  @Test("A task is given up after its retries")
  func givesUpAfterItsRetries() throws {
    let (summary, recorded) = try runCommand(["false"], [["a"]]) { $0.retries = 2 }
    #expect(summary.progress.failed == 1)
    #expect(recorded.outcomes.first?.text == "task 1 (false a) exited with status 1 after 3 attempts")
  }

  @Test("What was killed for memory runs again")
  func runsAgainWhatWasKilledForMemory() throws {
    let file = try TemporaryFile()
    let script = "echo x >> \(file.path); test $(wc -l < \(file.path)) -ge 2 || kill -9 $$"
    let recorded = Recorded()
    var asked = 0
    recorded.countMemoryKills = {
      asked += 1
      return asked
    }
    let (summary, _) = try runCommand(["sh", "-c", script], recorded: recorded)
    #expect(summary.exitStatus == 0)
    #expect(recorded.outcomes.map(\.attempts) == [1])
  }

  @Test("What others killed does not run again")
  func doesNotRunAgainWhatOthersKilled() throws {
    let recorded = Recorded()
    recorded.countMemoryKills = { 7 }
    let (summary, _) = try runCommand(["sh", "-c", "kill -9 $$"], recorded: recorded)
    #expect(summary.progress.failed == 1)
  }

  @Test("The kernel's count of kills is read")
  func readsTheKernelsCountOfKills() {
    #expect(MemoryKills.count(in: Array("nr_free_pages 5\noom_kill 12\nnuma_hit 3\n".utf8)) == 12)
    #expect(MemoryKills.count(in: []) == 0)
  }
}
