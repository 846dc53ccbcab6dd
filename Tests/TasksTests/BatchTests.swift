import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
@testable import System
@testable import Tasks

@Suite("Batches: several inputs in one call") struct BatchTests {
  @Test("A call gets as many inputs as were asked for, the last one the rest")
  func fixed() throws {
    let (summary, recorded) = try runCommand(["echo", "x"], [(1...7).map { "\($0)" }], workers: 1) {
      $0.batch = .count(3)
    }
    #expect(recorded.output == "x 1 2 3\nx 4 5 6\nx 7\n")
    #expect(summary.progress.succeeded == 7 && summary.progress.total == 7)
  }

  @Test("A batch never exceeds what Linux takes in one call", arguments: [["echo"], ["echo", "-{}-"]])
  func longInputs(command: [String]) throws {
    let inputs = (0..<200).map { "\($0)" + String(repeating: "y", count: 30_000) }
    let (summary, recorded) = try runCommand(command, [inputs]) { $0.batch = .count(1_000_000) }
    #expect(summary.progress.succeeded == 200)
    #expect(recorded.outcomes.count > 1)
    #expect(recorded.outcomes.reduce(0) { $0 + $1.weight } == 200)
  }

  /// With -X each input repeats what stands around it, which Linux counts as well (execve(2)).
  @Test("What is repeated with each input counts, too", arguments: [CommandTemplate.Form.words, .shell])
  func longContexts(form: CommandTemplate.Form) throws {
    let context = String(repeating: "p", count: 2000)
    var reading = CommandTemplate.Reading(form: form)
    reading.repeatsWords = true
    let (summary, recorded) = try runCommand(["true", "\(context){}"], [(0..<2000).map { "\($0)" }], reading: reading) {
      $0.batch = .spread(over: 2)
    }
    #expect(summary.progress.succeeded == 2000 && recorded.outcomes.count > 1)
  }

  @Test("The size that is found makes calls of about a tenth of a second")
  func automatic() {
    var batch = BatchSize(.auto)
    #expect(batch.count == 1)
    // Ten milliseconds to start and one for each input: ninety inputs in a tenth of a second.
    for _ in 0..<20 { batch.add(seconds: 0.01 + 0.001 * Double(batch.count), inputs: batch.count) }
    #expect((85...95).contains(batch.count))
    // Half a second each: one at a time.
    for _ in 0..<20 { batch.add(seconds: 0.5 * Double(batch.count), inputs: batch.count) }
    #expect(batch.count == 1)
  }

  @Test("The last inputs are shared among the workers")
  func tail() {
    var batch = BatchSize(.auto)
    for _ in 0..<20 { batch.add(seconds: 1e-5, inputs: batch.count) }
    #expect(batch.count(left: 800, workers: 4) == 50)
    #expect(batch.count(left: 3, workers: 4) == 1)
  }

  @Test("Each input has a record of its own, whatever batch it was in")
  func journal() throws {
    let journal = try TemporaryFile()
    let inputs = (1...10).map { "\($0)" }
    _ = try runCommand(["echo"], [Array(inputs.prefix(6))]) {
      $0.batch = .count(4)
      $0.journal = journal.path
    }
    #expect(journal.text.split(separator: "\n").count == 6)
    let (summary, recorded) = try runCommand(["echo"], [inputs], workers: 1) {
      $0.batch = .count(3)
      $0.journal = journal.path
      $0.resume = .ended
    }
    #expect(summary.progress.skipped == 6 && summary.progress.succeeded == 4)
    #expect(recorded.output == "7 8 9\n10\n")
  }

  @Test("A size of the user's own is waited for, however slowly the inputs come")
  func slowWriterOfWholeBatches() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    let writing = ends[1]
    let writer = try WorkerThread {
      for number in 1...4 {
        write(writing, "\(number)\n", 2)
        usleep(20_000)
      }
      close(writing)
    }
    let reader = InputReader(Descriptor(owning: ends[0]), name: "a pipe", separator: .newline)
    let (_, recorded) = try runCommand(["echo"], stream: reader) { ($0.batch, $0.keepsOrder) = (.count(2), true) }
    writer.join()
    #expect(recorded.output == "1 2\n3 4\n")
  }

  @Test("Inputs that come slowly are not held back until a batch of our own size is full")
  func slowWriter() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    let recorded = Recorded()
    write(ends[1], "1\n", 2)
    recorded.onEnd = { outcome in
      if outcome.sequence < 3 { write(ends[1], "\(outcome.sequence + 1)\n", 2) } else { close(ends[1]) }
    }
    let reader = InputReader(Descriptor(owning: ends[0]), name: "a pipe", separator: .newline)
    let (summary, _) = try runCommand(["echo"], stream: reader, recorded: recorded) { $0.batch = .auto }
    #expect(summary.progress.succeeded == 3)
  }

  @Test("A batch has one list, and no input of its own number", arguments: [(["echo", "{1}"], 1), (["echo"], 2)])
  func refusals(command: [String], lists: Int) {
    #expect { try runCommand(command, Array(repeating: ["a"], count: lists)) { $0.batch = .auto } } throws: {
      ($0 as? AdvisorError)?.code == .usage
    }
  }
}
