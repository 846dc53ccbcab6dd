import Glibc
import Testing

@testable import Execution

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
    let tasks = [
      "until [ -e \(mark.path).pid ]; do sleep 0.01; done",
      "echo $$ > \(mark.path).new; mv \(mark.path).new \(mark.path).pid",
    ]
    let runner = try CommandRunner(
      CommandTemplate(["sh", "-c", "{}"].map { Array($0.utf8) }),
      CommandInputs(lists: [InputList(tasks.map { Array($0.utf8) })]), options, observer: recorded,
      writer: OutputWriter(output: descriptor, error: descriptor, keepsOrder: false))
    recorded.onEnd = { [unowned runner] outcome in
      guard outcome.sequence == 1, recorded.outcomes.count == 1 else { return }
      while !isZombie(childOf: mark.path + ".pid") { usleep(1000) }
      runner.clock.turn(at: TaskLedger.seconds() + 2000, wait: nil, blockedSeconds: 0)
    }
    defer { unlink(mark.path + ".pid") }
    #expect(try runner.run().progress.succeeded == 2)
    #expect(recorded.outcomes.allSatisfy { $0.succeeded && $0.attempts == 1 })
  }
}

/// Whether the process whose number the file holds has ended, reaped or not.
private func isZombie(childOf path: String) -> Bool {
  guard let file = fopen(path, "r") else { return false }
  defer { fclose(file) }
  var buffer = [CChar](repeating: 0, count: 32)
  guard fgets(&buffer, 32, file) != nil, let stat = fopen("/proc/\(atoi(buffer))/stat", "r") else { return true }
  defer { fclose(stat) }
  var line = [CChar](repeating: 0, count: 1024)
  guard fgets(&line, 1024, stat) != nil else { return true }
  let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return text.split(separator: ")").last?.split(separator: " ").first == "Z"
}
