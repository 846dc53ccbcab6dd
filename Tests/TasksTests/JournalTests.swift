import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
@testable import Tasks

@Suite struct JournalTests {
  private func run(_ command: [String], _ inputs: [String], _ journal: TemporaryFile, _ resume: TaskOptions.Resume?)
    throws -> RunProgress
  {
    try runCommand(command, [inputs]) { options in
      options.journal = journal.path
      options.resume = resume
    }.summary.progress
  }

  @Test("What has been done is left out")
  func leavesOutWhatHasBeenDone() throws {
    let journal = try TemporaryFile()
    #expect(try run(["true"], ["a", "b"], journal, nil).succeeded == 2)
    let second = try run(["true"], ["a", "b", "c"], journal, .ended)
    #expect(second.skipped == 2 && second.succeeded == 1 && second.total == 3)
    #expect(try run(["true"], ["c", "b", "a"], journal, .ended).skipped == 3)
  }

  /// Else a run that is killed meanwhile, and resumed, would never print it.
  @Test(
    "A task whose output waits for an earlier one is not done before it is printed", arguments: ["echo {}", "true"])
  func recordsWhatIsPrinted(quickly: String) throws {
    let (journal, gate) = (try TemporaryFile(), try TemporaryFile())
    let recorded = Recorded()
    var before: [Int: Int] = [:]
    recorded.onEnd = { outcome in
      before[outcome.sequence] = journal.text.split(separator: "\n").count
      if outcome.sequence == 2 { unlink(gate.path) }
    }
    let command = ["sh", "-c", "[ {} = 2 ] || while [ -e \(gate.path) ]; do sleep 0.01; done; \(quickly)"]
    _ = try runCommand(command, [["1", "2"]], recorded: recorded) { options in
      options.keepsOrder = true
      options.journal = journal.path
    }
    // What has nothing to print is done at once.
    #expect(before == [2: quickly == "true" ? 1 : 0, 1: 2])
  }

  @Test("Without resume a run starts anew")
  func startsAnewWithoutResume() throws {
    let journal = try TemporaryFile()
    #expect(try run(["true"], ["a"], journal, nil).succeeded == 1)
    #expect(try run(["true"], ["a"], journal, nil).succeeded == 1)
  }

  @Test(
    "A file that does not begin as a journal is left as it is, with --resume too",
    arguments: [
      "#include <stdio.h>\n", "okay\n", "\u{0}\u{1}", "Seq\tHost\n", "precious data no newline", "{\"a\": 1}", "\n\n",
      "ok computer\n", "ok 12345678901234567\n", "failed \n",
    ], [nil, TaskOptions.Resume.ended, .succeeded])
  func keepsWhatIsNoJournal(_ text: String, resume: TaskOptions.Resume?) throws {
    let file = try TemporaryFile(text)
    #expect { try run(["true"], ["a"], file, resume) } throws: { error in
      (error as? AdvisorError)?.code == .badData && "\(error)".contains(file.path) && "\(error)".contains("--journal")
    }
    #expect(file.text == text)
  }

  @Test("A log that is none, or a results folder that cannot be made, leaves the journal beside it as it was")
  func keepsAllOnErrors() throws {
    let (journal, thesis) = (try TemporaryFile("ok 12\n"), try TemporaryFile("years of work\n"))
    for damage in [\TaskOptions.jobLog, \.results] {
      #expect(throws: AdvisorError.self) {
        try runCommand(["true"], [["a"]]) { options in
          options.journal = journal.path
          options[keyPath: damage] = thesis.path
        }
      }
    }
    #expect(journal.text == "ok 12\n" && thesis.text == "years of work\n")
  }

  @Test("Failed tasks are tried again when asked")
  func triesFailedTasksAgainWhenAsked() throws {
    let journal = try TemporaryFile()
    let script = ["sh", "-c", "exit {}"]
    #expect(try run(script, ["0", "1"], journal, nil).failed == 1)
    #expect(try run(script, ["0", "1"], journal, .ended).skipped == 2)
    let third = try run(script, ["0", "1"], journal, .succeeded)
    #expect(third.skipped == 1 && third.failed == 1)
  }

  @Test("A record stands for one task")
  func aRecordStandsForOneTask() throws {
    let journal = try TemporaryFile()
    #expect(try run(["true"], ["a"], journal, nil).succeeded == 1)
    let second = try run(["true"], ["a", "a"], journal, .ended)
    #expect(second.skipped == 1 && second.succeeded == 1)
  }

  @Test("Another command is another task")
  func anotherCommandIsAnotherTask() throws {
    let journal = try TemporaryFile()
    #expect(try run(["true"], ["a"], journal, nil).succeeded == 1)
    #expect(try run(["true", "-x"], ["a"], journal, .ended).skipped == 0)
  }

  @Test("Stopped tasks run again")
  func stoppedTasksRunAgain() throws {
    let journal = try TemporaryFile()
    let recorded = Recorded()
    recorded.onEnd = { if $0.sequence == 1 { pthread_kill(pthread_self(), SIGTERM) } }
    _ = try runCommand(["sleep"], [["0", "1000", "1000"]], recorded: recorded) { $0.journal = journal.path }
    #expect(journal.text.split(separator: "\n").count == 1)
  }

  @Test(
    "A damaged journal is survived",
    arguments: ["ok", "ok 12", "ok 1\nok zz\n", "ok 1\n\n\n", "ok 1\ngarbage\u{0}\n", "failed 1 2\nok", "ok 1\nno"])
  func survivesADamagedJournal(_ text: String) throws {
    let journal = try TemporaryFile(text)
    #expect(try run(["true"], ["a"], journal, .ended).succeeded == 1)
    // A line that was half written must not swallow the next one.
    #expect(try run(["true"], ["a"], journal, .ended).skipped == 1)
  }

  /// One hash in sixteen begins with a zero.
  @Test("Each hash has sixteen digits, so that one that is cut off is known for what it is")
  func digits() throws {
    let journal = try TemporaryFile()
    _ = try run(["true"], (1...64).map { "\($0)" }, journal, nil)
    let hashes = journal.text.split(separator: "\n").map { $0.split(separator: " ")[1] }
    #expect(hashes.count == 64 && hashes.allSatisfy { $0.count == 16 })
  }

  @Test("The order is kept around what is left out")
  func keepsTheOrderAroundWhatIsLeftOut() throws {
    let journal = try TemporaryFile()
    #expect(try run(["echo"], ["b"], journal, nil).succeeded == 1)
    let (_, recorded) = try runCommand(["echo"], [["a", "b", "c"]]) { options in
      options.keepsOrder = true
      options.journal = journal.path
      options.resume = .ended
    }
    #expect(recorded.output == "a\nc\n")
  }

  @Test("Two runs cannot share a journal")
  func twoRunsCannotShareAJournal() throws {
    let journal = try TemporaryFile()
    let first = try TaskJournal(path: journal.path, resume: nil)
    #expect { try TaskJournal(path: journal.path, resume: .ended) } throws: {
      ($0 as? AdvisorError)?.code == .temporary
    }
    first.sync()
  }

  @Test("An unwritable journal is found out before the first task")
  func anUnwritableJournalIsFoundOutBeforeTheFirstTask() {
    #expect { try runCommand(["true"], [["a"]]) { $0.journal = "/nonexistent/journal" } } throws: {
      ($0 as? AdvisorError)?.code == .cannotWrite
    }
  }

  @Test("Resume needs a journal")
  func resumeNeedsAJournal() {
    #expect { try runCommand(["true"], [["a"]]) { $0.resume = .ended } } throws: {
      ($0 as? AdvisorError)?.code == .usage
    }
  }

  @Test("Columns that the command does not name do not make it another")
  func hashesOfColumns() throws {
    let row = { (words: String) in words.split(separator: " ").map { Array($0.utf8) } }
    let named = try CommandTemplate(row("echo {2} {-1}"))
    #expect(named.hash(of: row("a b c")) == named.hash(of: row("x b c")))
    #expect(named.hash(of: row("a b c")) != named.hash(of: row("a x c")))
    let whole = try CommandTemplate(row("echo {2} {}"))
    #expect(whole.hash(of: row("a b c")) != whole.hash(of: row("x b c")))
  }

  @Test("Hashes tell words apart")
  func hashesTellWordsApart() throws {
    let template = try CommandTemplate([Array("x".utf8)])
    let inputs: [[[UInt8]]] = [[], [[]], [[1]], [[1, 2]], [[1], [2]], [[2], [1]], [[], []]]
    #expect(Set(inputs.map { template.hash(of: $0) }).count == inputs.count)
  }
}

@Suite struct JobLogTests {
  private static let record = "1\t:\t1700000000.100\t     0.002\t0\t2\t0\t0\techo a"

  @Test("A log without its last line end gets one, not a record glued on", arguments: ["", "\n"])
  func endsTheLastLine(_ end: String) throws {
    let log = try TemporaryFile("\(JobLog.header)\n\(Self.record)\(end)")
    _ = try runCommand(["echo"], [["a", "b"]]) { options in
      options.jobLog = log.path
      options.resume = .ended
    }
    let lines = log.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4 && lines[1] == Self.record && lines[2].hasSuffix("\techo b") && lines[3].isEmpty)
  }

  @Test("A header that was cut off is written anew", arguments: ["S", "Seq\tHo", JobLog.header])
  func cutHeader(_ header: String) throws {
    let log = try TemporaryFile(header)
    let options: (inout TaskOptions) -> Void = { options in
      options.jobLog = log.path
      options.resume = .ended
    }
    _ = try runCommand(["echo"], [["a"]], options)
    #expect(log.text.hasPrefix("\(JobLog.header)\n1\t"))
    #expect(try runCommand(["echo"], [["a"]], options).summary.progress.skipped == 1)
  }

  /// The second is a table of a sequencer's reads.
  @Test(
    "A file that does not begin as a log is left as it is, with --resume too",
    arguments: ["years of work", "Seq\tLength\tQuality\nr1\t150\t37\n", "\n"], [nil, TaskOptions.Resume.ended])
  func keepsWhatIsNoLog(_ text: String, resume: TaskOptions.Resume?) throws {
    let file = try TemporaryFile(text)
    #expect {
      try runCommand(["true"], [["a"]]) { ($0.jobLog, $0.resume) = (file.path, resume) }
    } throws: { error in
      (error as? AdvisorError)?.code == .badData && "\(error)".contains("--joblog")
    }
    #expect(file.text == text)
  }

  /// GNU parallel 20221122's header, and its columns for `exit 3`, `kill -9 $$` and `echo hi`.
  @Test("The log has GNU parallel's columns")
  func writesGNUParallelsColumns() throws {
    let log = try TemporaryFile()
    _ = try runCommand(["sh", "-c", "{}"], [["exit 3", "kill -9 $$", "echo hi"]], workers: 1) { $0.jobLog = log.path }
    let lines = log.text.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    #expect(
      lines.first.map { $0.joined(separator: " ") }
        == "Seq Host Starttime JobRuntime Send Receive Exitval Signal Command")
    let columns = lines.dropFirst().map { line in [0, 1, 4, 5, 6, 7].map { String(line[$0]) } }
    #expect(
      columns == [
        ["1", ":", "0", "0", "3", "0"], ["2", ":", "0", "0", "0", "9"], ["3", ":", "0", "3", "0", "0"],
      ])
  }

  @Test("The log's times are aligned")
  func alignsItsTimes() throws {
    let file = try TemporaryFile()
    let log = try JobLog(path: file.path, keepingContents: false)
    try log.add(
      TaskOutcome(
        sequence: 7, inputs: [], arguments: [Array("a\tb".utf8)], ending: .timedOut(afterSeconds: 1), attempts: 1,
        startedAt: 1_376_577_364.974, usage: TaskUsage(wallSeconds: 0.0084, maxRSSBytes: 0), outputBytes: 12),
      as: "$'a\\tb'")
    #expect(file.text.split(separator: "\n").last == "7\t:\t1376577364.974\t     0.008\t0\t12\t-1\t15\t$'a\\tb'")
  }
}
