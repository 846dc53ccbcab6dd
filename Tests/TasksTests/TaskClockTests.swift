import AdvisorCore
import AdvisorTestSupport
import Glibc
import System
import Testing
@testable import Tasks

@Suite("The time that tasks have had") struct TaskClockTests {
  @Test("Waiting for tasks is their time, and so is a little work")
  func turns() {
    var clock = TaskClock(at: 100)
    clock.turn(at: 100.1, wait: 0.1, blockedSeconds: 0)
    clock.turn(at: 100.15, wait: 0.1, blockedSeconds: 0)
    clock.turn(at: 130, wait: nil, blockedSeconds: 0)
    #expect(abs(clock.now - 30) < 1e-9)
  }

  @Test("Time in which the runner is stopped is not theirs")
  func stopped() {
    var clock = TaskClock(at: 0)
    clock.turn(at: 1000, wait: 0.1, blockedSeconds: 0)
    #expect(clock.now <= 0.25)
  }

  @Test("Time in which writing is held up is not theirs, in however small pieces")
  func slowReader() {
    var clock = TaskClock(at: 0)
    for turn in 1...1000 { clock.turn(at: Double(turn) * 0.05, wait: 0.1, blockedSeconds: Double(turn) * 0.049) }
    #expect(abs(clock.now - 1) < 1e-9)
  }

  @Test("A task that has ended is not stopped, though its limit has passed before that was seen")
  func endedTask() throws {
    let mark = try TemporaryFile()
    let (recorded, output) = (Recorded(), try TemporaryFile())
    let descriptor = open(output.path, O_WRONLY)
    defer { close(descriptor) }
    var options = CommandOptions()
    (options.workers, options.timeout, options.retries) = (2, .seconds(1000), 1)
    // The second one ends while the first one's end is taken in.
    let go = mark.path + ".go"
    let tasks = [
      "until [ -s \(mark.path) ]; do sleep 0.01; done",
      "echo $$ > \(mark.path); until [ -e \(go) ]; do sleep 0.01; done",
    ]
    let runner = try CommandRunner(
      CommandTemplate(["sh", "-c", "{}"].map { Array($0.utf8) }),
      CommandInputs(lists: [InputList(tasks.map { Array($0.utf8) })]), options, observer: recorded,
      writer: OutputWriter(output: descriptor, error: descriptor, keepsOrder: false))
    recorded.onEnd = { [unowned runner] outcome in
      guard outcome.sequence == 1 else { return }
      close(open(go, O_WRONLY | O_CREAT, 0o600))
      while Int32(mark.text.prefix { $0 != "\n" }).map(isRunning) != false { usleep(1000) }
      runner.clock.turn(at: MonotonicClock.seconds + 2000, wait: nil, blockedSeconds: 0)
    }
    defer { unlink(go) }
    #expect(try runner.run().progress.succeeded == 2)
    #expect(recorded.outcomes.allSatisfy { $0.succeeded && $0.attempts == 1 })
  }
}
