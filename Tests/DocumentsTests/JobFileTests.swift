import AdvisorCore
import Foundation
import Testing

@testable import Documents

@Suite("Job files") final class JobFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "advisor-jobs-\(UUID().uuidString)").path

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func file(_ bytes: Data) throws -> String {
    let path = "\(folder)/jobs"
    try bytes.write(to: URL(filePath: path))
    return path
  }

  private func jobs(_ text: String) throws -> [NamedJob] { try JobFile(path: file(Data(text.utf8))).jobs }

  /// The complaint about a file that is none, which names the file and says what to do.
  private func fault(_ bytes: Data) throws -> AdvisorError {
    let path = try file(bytes)
    let error = try #require(throws: AdvisorError.self) { try JobFile(path: path) }
    #expect(error.code == .badData && error.problem.contains(path) && !error.advice.isEmpty)
    return error
  }

  @Test(
    "A line is a job string, with or without a name; comments and blank lines are passed over",
    arguments: [
      ("cpu:8x1e6", ["cpu:8x1e6"], [nil]), ("cpu:8x1e6\n", ["cpu:8x1e6"], [nil]),
      ("# two\n\n  \t\n cpu:8x1e6 \nwait:3x5ms # short\n", ["cpu:8x1e6", "wait:3x5ms"], [nil, nil]),
      ("cpu:8x1e6\r\nwait:3x5ms\r\n", ["cpu:8x1e6", "wait:3x5ms"], [nil, nil]),
      ("\u{feff}cpu:8x1e6\n", ["cpu:8x1e6"], [nil]),
      ("many words = cpu:8x1e6,cv=0.5\n", ["cpu:8x1e6,cv=0.5"], ["many words"]),
      ("a=io:4x20MiB,latency=20ms+cpu:4x2e6", ["io:4x20MiB,latency=20ms+cpu:4x2e6"], ["a"]),
      ("io:4x20MiB,latency=20ms", ["io:4x20MiB,latency=20ms"], [nil]),
      ("cpu:8x1e6\ncpu:8x1e6\n", ["cpu:8x1e6", "cpu:8x1e6"], [nil, nil]),
    ] as [(String, [String], [String?])])
  func lines(text: String, jobs: [String], names: [String?]) throws {
    let read = try self.jobs(text)
    #expect(read.map(\.job) == (try jobs.map { try Job($0) }))
    #expect(read.map(\.name) == names)
  }

  private static let stages = #"{"text": "cpu:8x1e6", "stages": [{"kind": "cpu", "count": 8, "size": "1000000"}]}"#

  @Test(
    "JSON is a job, one with a name, or an array of both, whatever the file is called",
    arguments: [
      (stages, [nil]), (#"{"job": "cpu:8x1e6"}"#, [nil]), (#"{"name": "a", "job": "cpu:8x1e6"}"#, ["a"]),
      (#"{"name": null, "job": \#(stages), "reasons": []}"#, [nil]), (#"["cpu:8x1e6"]"#, [nil]),
      (" \r\n\t[\"cpu:8x1e6\", \(stages), {\"name\": \"b\", \"job\": \(stages)}]\r\n", [nil, nil, "b"]),
      ("\u{feff}" + #"["cpu:8x1e6"]"#, [nil]),
    ] as [(String, [String?])])
  func json(text: String, names: [String?]) throws {
    let read = try jobs(text)
    #expect(read.allSatisfy { $0.job.stages == [Stage(kind: .cpu, count: 8, size: .units(1e6))] })
    #expect(read.map(\.name) == names)
  }

  @Test("The JSON that is written of a job is read as that job")
  func written() throws {
    let job = try Job("io:4x20MiB,latency=30ms+cpu:4x2e6,cv=0.5,kernel=sha256")
    #expect(try jobs(JSONDocument.text(of: job)).map(\.job.stages) == [job.stages])
  }

  @Test(
    "A line that is no job is named, with a caret under the fault and a line that is right",
    arguments: [
      ("cpu:8x1e6\n# more\ncpu:eight\n", "line 3", "cpu:8x1e6"), ("wait:3x5", "line 1", "wait:200x50ms"),
      ("a = \n", "line 1", "cpu:8x1e6"), ("= cpu:8x1e6\n", "line 1", "cpu:8x1e6"),
      ("cpu:8x1e6, cv=1", "line 1", "cpu:8x1e6"), ("cpu8x1e6,cv=1", "line 1", "cpu:8x1e6"),
      ("\"cpu:8x1e6\"", "line 1", "cpu:8x1e6"),
    ])
  func badLines(text: String, line: String, example: String) throws {
    let error = try fault(Data(text.utf8))
    #expect(error.problem.contains(", \(line): ") && error.problem.hasSuffix("^"))
    #expect(error.advice == "write it like this: \(example)")
  }

  @Test(
    "YAML is answered with what to write instead",
    arguments: [
      "- cpu:8x1e6\n- wait:3x5ms\n", "stages:\n  - kind: cpu\n    count: 8\n    size: 1e6\n", "---\n- cpu:8x1e6\n",
      "text: cpu:8x1e6\n",
    ])
  func yaml(text: String) throws {
    let error = try fault(Data(text.utf8))
    #expect(error.problem.contains("line 1") && error.advice.contains("YAML"))
    #expect(error.advice.contains("cpu:8x1e6") && error.advice.contains(#"{"stages": [{"#))
  }

  @Test(
    "JSON that holds no jobs is named with the place at fault and what stands there",
    arguments: [
      ("{", "not valid JSON"), ("[cpu:8x1e6]", "not valid JSON"), (#"["cpu:8x1e6"] x"#, "not valid JSON"),
      ("{stages: [{kind: cpu, count: 8, size: 1e6}]}", "not valid JSON"), ("{}", "“stages” is missing"),
      (#"{"stages": []}"#, "at least one stage at stages"), (#"["cpu:8x1e6", 3]"#, "[1]"),
      (#"["cpu:8x1e6", "gpu:1x1"]"#, "not “gpu” at [1]"), (#"[{"name": 3, "job": "cpu:8x1e6"}]"#, "[0].name"),
      (#"{"stages": [{"kind": "cpu", "count": 8, "size": "minus one"}]}"#, "“minus one” is neither"),
      (#"{"stages": [{"kind": "cpu", "count": 8, "size": "minus one"}]}"#, "at stages.[0]"),
    ])
  func badJSON(text: String, problem: String) throws {
    let error = try fault(Data(text.utf8))
    #expect(error.problem.contains(problem), "\(error)")
    #expect(error.advice.contains("cpu:8x1e6"))
  }

  @Test("A file without a job is no job file", arguments: ["", "\n", "\u{feff}", "# cpu:8x1e6\n", "[]"])
  func empty(text: String) throws {
    #expect(try fault(Data(text.utf8)).problem.hasSuffix("holds no job"))
  }

  @Test(
    "No two jobs have the same name",
    arguments: [
      ("a = cpu:8x1e6\nb = cpu:8x1e6\na = wait:3x5ms\n", "“a”: line 1 and line 3"),
      (#"[{"name": "a", "job": "cpu:8x1e6"}, "cpu:8x1e6", {"name": "a", "job": "cpu:8x1e6"}]"#, "“a”: [0] and [2]"),
    ])
  func twice(text: String, places: String) throws {
    #expect(try fault(Data(text.utf8)).problem.hasSuffix(places))
  }

  /// Programs, archives, and the UTF-16 of some editors.
  @Test(
    "What is not text is said to be that",
    arguments: [
      [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0], [0x1f, 0x8b, 8, 8], [0xff, 0xfe, 0x63, 0], [0x63, 0, 0x70, 0],
    ])
  func binary(bytes: [UInt8]) throws {
    #expect(try fault(Data(bytes)).problem.hasSuffix("it is not UTF-8 text"))
  }

  @Test("A line of 100 MB is not read to its end", arguments: Array("c [\"".utf8))
  func length(letter: UInt8) throws {
    #expect(try fault(Data(repeating: letter, count: 100_000_000)).problem.contains("longer than 4 MiB"))
  }

  @Test("Of a long line the message cites the beginning")
  func excerpt() throws {
    #expect(try fault(Data(repeating: 0x63, count: 100_000)).problem.utf8.count < 1000)
  }

  @Test("A file that cannot be read is named with the reason")
  func unreadable() throws {
    for (path, reason) in [(folder, "Is a directory"), ("\(folder)/absent", "there is no such file")] {
      let error = #expect(throws: AdvisorError.self) { try JobFile(path: path) }
      #expect(error?.problem == "cannot read \(path): \(reason)")
    }
  }

  /// As `--job-file <(jq .job advice.json)` in a shell.
  @Test("A FIFO is read to its end")
  func pipe() throws {
    let path = "\(folder)/fifo"
    try #require(mkfifo(path, 0o600) == 0)
    // Whoever opens it for both is not waited for, and nor is who reads it then.
    let writer = open(path, O_RDWR)
    try #require(writer >= 0 && write(writer, "cpu:8x1e6\n", 10) == 10)
    let closer = Thread {
      // The reader has come when it has taken what was written.
      var left: Int32 = 1
      while left > 0, ioctl(writer, UInt(FIONREAD), &left) == 0 { sched_yield() }
      close(writer)
    }
    closer.start()
    #expect(try JobFile(path: path).jobs.map(\.job.text) == ["cpu:8x1e6"])
  }

  @Test("Where one job is meant, a file with several is refused")
  func onlyJob() throws {
    #expect(try JobFile(path: file(Data("a = cpu:8x1e6\n".utf8))).onlyJob() == Job("cpu:8x1e6"))
    let several = try JobFile(path: file(Data("cpu:8x1e6\nwait:3x5ms\n".utf8)))
    let error = #expect(throws: AdvisorError.self) { try several.onlyJob() }
    #expect(error?.problem == "\(folder)/jobs holds 2 jobs where one is meant")
  }
}
