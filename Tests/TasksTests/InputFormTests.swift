import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
@testable import Tasks

@Suite("CSV inputs") struct CSVReaderTests {
  private func rows(_ text: String) throws -> [[String]] {
    let file = try TemporaryFile(text)
    let reader = try CSVReader(InputReader(path: file.path))
    var rows = [reader.names]
    while case .inputs(let row) = try reader.nextRow() { rows.append(row.map { String(decoding: $0, as: UTF8.self) }) }
    return rows
  }

  /// The rules of RFC 4180, section 2.
  @Test(
    "Records of CSV are read",
    arguments: [
      ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]), ("a\n1", [["a"], ["1"]]),
      ("a,b\n\"x, y\",\n", [["a", "b"], ["x, y", ""]]), ("a\n\"q\"\"r\"\n", [["a"], ["q\"r"]]),
      ("a,b\n\"1\n\n2\",3\n", [["a", "b"], ["1\n\n2", "3"]]), ("a\n\n1\n\r\n", [["a"], ["1"]]),
      ("a,b\n\"\",\"\"\"\"\n", [["a", "b"], ["", "\""]]),
    ])
  func records(text: String, expected: [[String]]) throws {
    #expect(try rows(text) == expected)
  }

  /// As a spreadsheet writes “Unicode text”. What is read at once ends within characters, and within the two units of U+1F600.
  @Test("A table in UTF-16 is read", arguments: [false, true], [false, true])
  func utf16(isBigEndian: Bool, hasMark: Bool) throws {
    let text = "a\tb\n" + (0..<20_000).map { "\($0)\té\u{1F600}\n" }.joined()
    let units = (hasMark ? [0xFEFF] : []) + Array(text.utf16)
    let bytes = units.flatMap { unit in
      isBigEndian ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
    let folder = try TemporaryFolder()
    let reader = try CSVReader(InputReader(path: folder.write("table", bytes)))
    #expect(reader.names == ["a", "b"])
    for number in 0..<20_000 {
      let row = try reader.nextRow()
      guard row == .inputs([Array("\(number)".utf8), Array("é\u{1F600}".utf8)]) else {
        Issue.record("\(number)")
        return
      }
    }
    #expect(try reader.nextRow() == .end)
  }

  @Test("Tabs, where asked for, are the only thing that separates fields")
  func tabs() throws {
    let file = try TemporaryFile("a,b\n\"1\n2\"\n")
    let reader = try CSVReader(InputReader(path: file.path), isTabbed: true)
    #expect(reader.names == ["a,b"])
    #expect(try reader.nextRow() == .inputs([Array("\"1".utf8)]))
    #expect(try reader.nextRow() == .inputs([Array("2\"".utf8)]))
  }

  @Test(
    "What is no CSV is refused", arguments: ["", "a,b\r1,2\r", "a,a\n1,2\n", "a,b\n1\n", "a,b\n1,2,3\n", "a\n\"1\n"])
  func refusals(text: String) {
    #expect { try rows(text) } throws: { ($0 as? AdvisorError)?.code == .badData }
  }

  @Test("Columns are named in the command")
  func names() throws {
    let template = try CommandTemplate(
      ["{name}", "{file/.}", "{2}", "{#}", "{ other }"].map { Array($0.utf8) }, columns: ["name", "file"])
    let arguments = template.arguments(for: ["n", "/a/b.c"].map { Array($0.utf8) }, sequence: 3, slot: 1)
    #expect(arguments.map { String(decoding: $0, as: UTF8.self) } == ["n", "b", "/a/b.c", "3", "{ other }"])
  }
}

@Suite("Parts of a file") struct FilePartsTests {
  private func limits() -> TaskLimits {
    var limits = TaskLimits()
    limits.cpus = 2
    return limits
  }

  @Test("Every byte goes to one task, and lines stay whole", arguments: [1, 2, 7, 100, 10_000])
  func parts(bytes: Int) throws {
    let text = (0..<500).map { "line \($0) \(String(repeating: "z", count: $0 % 40))\n" }.joined() + "no end"
    let file = try TemporaryFile(text)
    let parts = try FileParts(path: file.path, partBytes: bytes, limits: limits())
    var result = ""
    var sequence = 0
    while case .inputs(let row) = try parts.nextRow() {
      sequence += 1
      let range = parts.part(sequence)
      #expect(String(decoding: row[0], as: UTF8.self) == "\(range.lowerBound)+\(range.count)")
      let part = String(decoding: Array(text.utf8)[range], as: UTF8.self)
      #expect(part.hasSuffix("\n") || range.upperBound == text.utf8.count)
      result += part
    }
    #expect(result == text)
  }

  @Test("Tasks read their parts, also when some do not read to the end")
  func feeding() throws {
    let text = (0..<200_000).map { "\($0)\n" }.joined()
    let file = try TemporaryFile(text)
    let parts = try FileParts(path: file.path, partBytes: 300_000, limits: limits())
    func run(_ command: [String]) throws -> (summary: RunSummary, recorded: Recorded) {
      let parts = try FileParts(path: file.path, partBytes: 300_000, limits: limits())
      return try runCommand(command, stream: parts) {
        $0.blocks = parts
        $0.keepsOrder = true
      }
    }
    #expect(try run(["cat", "-"]).recorded.output == text)
    let (summary, recorded) = try run(["sh", "-c", "head -n 1; : {#}"])
    #expect(summary.exitStatus == 0)
    #expect(recorded.output.split(separator: "\n").count == summary.progress.succeeded)
    #expect(parts.columns == 1)
  }

  @Test("A part is known by its file, its size and its modification, wherever that lies now")
  func identity() throws {
    let (file, other) = (try TemporaryFile("1\n2\n"), try TemporaryFile("1\n2\n"))
    let identity = { (path: String) in try FileParts(path: path, limits: limits()).identity(of: []) }
    let before = try identity(file.path)
    #expect(try identity(other.path) != before)
    let link = file.path + ".link"
    try #require(link.withCString { Glibc.link(file.path, $0) } == 0)
    defer { unlink(link) }
    #expect(try identity(link) == before)
    var times = [timespec(tv_sec: 1, tv_nsec: 1), timespec(tv_sec: 1, tv_nsec: 2)]
    try #require(utimensat(AT_FDCWD, file.path, &times, 0) == 0)
    let touched = try identity(file.path)
    times[1].tv_nsec = 3
    try #require(utimensat(AT_FDCWD, file.path, &times, 0) == 0)
    #expect(try identity(file.path) != touched && touched != before)
  }

  @Test("An empty file makes no task")
  func empty() throws {
    let file = try TemporaryFile()
    #expect(try FileParts(path: file.path, limits: limits()).nextRow() == .end)
  }

  @Test("A file that cannot be split is refused", arguments: ["/absent/file", "/", "/dev/null"])
  func refusals(path: String) {
    #expect { try FileParts(path: path, limits: limits()) } throws: { ($0 as? AdvisorError)?.code == .badData }
  }

  @Test("A pipe that nobody writes to is refused, not waited for")
  func pipe() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    refusals(path: path)
  }
}

@Suite("A shell, where one is asked for") struct ShellFormTests {
  @Test("The shell reads the command, never the inputs")
  func quoting() throws {
    let inputs = ["$(echo x)", "a;echo b", "*", "it's", "\"", "`id`", "a\nb", "-n", "\\", ""]
    let file = try TemporaryFile()
    let runner = { (line: String) in
      let output = open(file.path, O_WRONLY | O_TRUNC)
      defer { close(output) }
      let template = try CommandTemplate([Array(line.utf8)], form: .shell)
      let list = InputList(inputs.map { Array($0.utf8) })
      _ = try CommandRunner(
        template, TaskInputs(lists: [list]), TaskOptions(), observer: nil,
        writer: OutputWriter(output: output, error: 2, keepsOrder: true)
      ).run()
    }
    try runner("printf '%s\\0' {} | cat")
    #expect(file.text == inputs.map { $0 + "\0" }.joined())
    try runner("printf '%s\\0'")
    #expect(file.text == inputs.map { $0 + "\0" }.joined())
  }
}

@Suite("When to halt") struct CommandHaltTests {
  /// The forms of GNU parallel's `--halt`.
  @Test(
    "The forms of --halt are read",
    arguments: [
      ("soon,fail=1", RunHalt(.soon, .fail, .count(1))), ("now,fail=10%", RunHalt(.now, .fail, .share(0.1))),
      ("now,success=3", RunHalt(.now, .success, .count(3))),
      ("soon,done=50%", RunHalt(.soon, .done, .share(0.5))),
      ("never", nil), ("0", nil), ("1", RunHalt(.soon, .fail, .count(1))),
      ("2", RunHalt(.now, .fail, .count(1))), ("-1", RunHalt(.soon, .success, .count(1))),
      ("-2", RunHalt(.now, .success, .count(1))), ("20%", RunHalt(.soon, .fail, .share(0.2))),
    ])
  func parsing(text: String, expected: RunHalt?) throws {
    #expect(try RunHalt.parse(text) == expected)
  }

  @Test(
    "Other forms of --halt are refused",
    arguments: [
      "", "soon", "fail=1", "later,fail=1", "now,fail", "now,fail=0", "now,fail=101%", "now,fail=-1", "3", "0%", "-3",
    ])
  func refusals(text: String) {
    #expect { try RunHalt.parse(text) } throws: { ($0 as? AdvisorError)?.code == .usage }
  }

  /// parallel(1): the percentage of jobs that has to fail; a tenth of a hundred are ten, not the first of the first ten.
  @Test("A share is of all tasks, and of none while their number is not known")
  func shares() throws {
    let halt = RunHalt(.soon, .fail, .share(0.1))
    var progress = RunProgress()
    progress.outcome = RunOutcome(tasks: 12, failed: 9, left: 88)
    #expect(!halt.isReached(by: progress))
    progress.outcome = RunOutcome(tasks: 13, failed: 10, left: 87)
    #expect(halt.isReached(by: progress) && !RunHalt(.soon, .done, .share(0.5)).isReached(by: progress))
    progress.outcome = RunOutcome(tasks: 50, failed: 10, left: 50)
    #expect(RunHalt(.soon, .done, .share(0.5)).isReached(by: progress))
    progress.outcome = RunOutcome(tasks: 50, failed: 50, left: nil)
    #expect(!halt.isReached(by: progress))
  }

  @Test("The first success ends the run, and that is a success")
  func firstSuccess() throws {
    let (summary, _) = try runCommand(["sh", "-c", "{}"], [["false", "true", "sleep 1000", "true"]], workers: 3) {
      $0.halt = RunHalt(.now, .success, .count(1))
    }
    #expect(summary.ending == .satisfied && summary.exitStatus == 0)
    #expect(summary.progress.succeeded >= 1)
  }
}
