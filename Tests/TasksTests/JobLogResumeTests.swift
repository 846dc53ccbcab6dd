import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
@testable import Tasks

/// Going on from a log in GNU parallel's columns.
@Suite struct JobLogResumeTests {
  /// As GNU parallel 20221122 wrote them, of `parallel --joblog log CMD {} :::: inputs`; the machine's name left out.
  private static let header = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n"

  private func log(_ rows: [(exit: Int, signal: Int, command: String)]) throws -> TemporaryFile {
    try TemporaryFile(
      Self.header
        + rows.enumerated().map {
          "\($0 + 1)\t:\t1700000000.123\t     0.00\($0)\t0\t0\t\($1.exit)\t\($1.signal)\t\($1.command)\n"
        }.joined())
  }

  private func run(
    _ command: [String], _ inputs: [String], _ log: TemporaryFile, _ resume: TaskOptions.Resume?
  ) throws -> RunProgress {
    try runCommand(command, [inputs]) { options in
      options.jobLog = log.path
      options.resume = resume
    }.summary.progress
  }

  /// Inputs on the left, the quotes that GNU parallel puts around them on the right.
  @Test(
    "What GNU parallel has done is left out",
    arguments: [
      ("a", "a"), ("a b", "a\\ b"), ("it's", "it\\'s"), ("$x;y", "\\$x\\;y"), ("", "''"), ("a\"b", "a\\\"b"),
      ("tab\there", "tab\\\there"),
    ])
  func leavesOutWhatGNUParallelHasDone(_ input: String, _ logged: String) throws {
    let log = try log([(0, 0, "true \(logged)")])
    let progress = try run(["true"], [input, "other"], log, .ended)
    // A tab ends a column for other readers, but the command is the last one.
    #expect(progress.skipped == 1 && progress.succeeded == 1)
  }

  @Test("Failures run again where asked")
  func failuresRunAgainWhereAsked() throws {
    let rows = [(0, 0, "true a"), (1, 0, "true b"), (0, 9, "true c"), (-1, 15, "true d")]
    // As GNU parallel has it, and a journal: what took too long has failed.
    #expect(try run(["true"], ["a", "b", "c", "d"], log(rows), .ended).skipped == 4)
    #expect(try run(["true"], ["a", "b", "c", "d"], log(rows), .succeeded).skipped == 1)
  }

  @Test("A record stands for one task")
  func aRecordStandsForOneTask() throws {
    #expect(try run(["true"], ["a", "a"], log([(0, 0, "true a")]), .ended).skipped == 1)
  }

  @Test("Our own log is gone on from")
  func ourOwnLogIsGoneOnFrom() throws {
    let log = try TemporaryFile()
    let inputs = ["a b", "it's", "new\nline", "\u{1}"]
    #expect(try run(["true"], inputs, log, nil).succeeded == 4)
    #expect(try run(["true"], inputs + ["more"], log, .ended).skipped == 4)
    #expect(log.text.split(separator: "\n").count == 1 + 5)
  }

  @Test("A pipe in the place of the log holds no records, and is not waited for")
  func pipe() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    #expect(try JobLogRecords(path: path).isEmpty)
  }

  @Test("A shell's line is known from either log")
  func aShellsLineIsKnownFromEitherLog() throws {
    for line in ["echo a | wc -l", "/bin/sh -c 'echo a | wc -l'"] {
      let template = try CommandTemplate([Array("echo {} | wc -l".utf8)], form: .shell)
      var records = JobLogRecords(lines: [Array("1\t:\t1\t1\t0\t0\t0\t0\t\(line)".utf8)])
      let words = template.arguments(for: [Array("a".utf8)], sequence: 1, slot: 1)
      // Inputs are quoted in ours, which a shell takes away again.
      #expect(records.take(words) == .succeeded || line.hasPrefix("/bin/sh"))
    }
  }

  @Test(
    "A task is known whatever slot and threads it had",
    arguments: [
      (["run", "{%}", "{}"], CommandTemplate.Form.words, "run 7 12", true),
      (["run", "gpu{%}", "-t{threads}", "{}"], .words, "run gpu31 -t16 12", true),
      (["run {} {%}{threads}"], .shell, "/bin/sh -c 'run '\\''12'\\'' 748'", true),
      (["run {} {%}"], .shell, "run 12 3", true),
      (["run", "{%}", "{}"], .words, "run 7 13", false),
      (["run", "{%}", "{}"], .words, "run x 12", false),
      (["run", "{%}{}"], .words, "run 12", false),
      (["run", "{}"], .words, "run 7 12", false),
    ])
  func gaps(command: [String], form: CommandTemplate.Form, logged: String, isKnown: Bool) throws {
    var template = try CommandTemplate(command.map { Array($0.utf8) }, form: form)
    template.setThreads(4)
    var records = JobLogRecords(
      lines: ["run 1 11", logged].map { Array("1\t:\t1\t1\t0\t0\t0\t0\t\($0)".utf8) }, hasGaps: template.hasGaps)
    let words = template.form(for: [Array("12".utf8)], sequence: 1)
    #expect((records.seconds(of: words) == 1) == isKnown)
    #expect((records.take(words) == .succeeded) == isKnown)
    #expect(records.take(words) == nil)
  }

  @Test(
    "A log that is cut off has fewer records",
    arguments: ["", "Seq", "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n1\t:\t1"])
  func aLogThatIsCutOffHasFewerRecords(_ text: String) throws {
    #expect(try run(["true"], ["a"], TemporaryFile(text), .ended).succeeded == 1)
  }

  @Test("What is no log is left as it is", arguments: [nil, TaskOptions.Resume.ended])
  func whatIsNoLogIsLeftAsItIs(_ resume: TaskOptions.Resume?) throws {
    let file = try TemporaryFile("int main() {}\n")
    #expect { try run(["true"], ["a"], file, resume) } throws: { error in
      (error as? AdvisorError)?.code == .badData && "\(error)".contains("--joblog")
    }
    #expect(file.text == "int main() {}\n")
  }

  @Test("A batch takes a journal")
  func aBatchTakesAJournal() throws {
    #expect(throws: AdvisorError.self) {
      try runCommand(["true"], [["a"]]) { options in
        options.jobLog = "/dev/null"
        options.resume = .ended
        options.batch = .count(2)
      }
    }
  }

  /// What `sh -c 'printf "%s\n" LINE'` prints (dash 0.5.12; `$'…'` bash 5.2).
  @Test(
    "Words are those of a shell",
    arguments: [
      ("a b", ["a", "b"]), ("  a  ", ["a"]), ("'a b'c", ["a bc"]), ("\"a \\\" b\"", ["a \" b"]), ("''", [""]),
      ("a\\ b", ["a b"]), ("$'a\\nb\\001\\'c'", ["a\nb\u{1}'c"]), ("\"a\\b\"", ["a\\b"]), ("", []),
    ])
  func wordsAreThoseOfAShell(_ line: String, _ words: [String]) {
    #expect(ShellWords.split(Array(line.utf8)[...]).map { String(decoding: $0, as: UTF8.self) } == words)
  }
}

@Suite struct LongestFirstTests {
  private func order(_ inputs: [String], log: String?) throws -> [String] {
    let list = CommandInputsOf(inputs)
    let file = try log.map { try TemporaryFile($0) }
    let template = try CommandTemplate([Array("run".utf8)])
    let sorted = try LongestFirst.sorted(list.inputs(), template, jobLog: file?.path)
    var result: [String] = []
    while let row = try sorted.wait() { result.append(String(decoding: row[0], as: UTF8.self)) }
    return result
  }

  private struct CommandInputsOf {
    let words: [String]
    init(_ words: [String]) { self.words = words }
    func inputs() throws -> TaskInputs { try TaskInputs(lists: [InputList(words.map { Array($0.utf8) })]) }
  }

  private static let log = """
    Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand
    1\t:\t1.0\t     1.000\t0\t0\t0\t0\trun a
    2\t:\t1.0\t     9.000\t0\t0\t0\t0\trun b
    3\t:\t1.0\t     4.000\t0\t0\t1\t0\trun c

    """

  @Test("The log says what takes longest")
  func theLogSaysWhatTakesLongest() throws {
    #expect(try order(["a", "b", "c"], log: Self.log) == ["b", "c", "a"])
  }

  @Test("What the log does not know comes first")
  func whatTheLogDoesNotKnowComesFirst() throws {
    #expect(try order(["a", "x", "b", "y"], log: Self.log) == ["x", "y", "b", "a"])
  }

  @Test("Without a log the largest file comes first")
  func withoutALogTheLargestFileComesFirst() throws {
    let (small, large) = (try TemporaryFile("1"), try TemporaryFile("12345"))
    let inputs = [small.path, "no file", large.path]
    #expect(try order(inputs, log: nil) == [large.path, small.path, "no file"])
    #expect(try order(inputs, log: "") == [large.path, small.path, "no file"])
  }
}
