import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
@testable import Tasks

@Suite("Where a task's output goes") struct CommandOutputTests {
  private func contents(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer.prefix(count), as: UTF8.self)
  }

  @Test("Lines come as soon as they are whole, and never mixed")
  func lines() throws {
    let script =
      "printf 'first {}'; sleep 0.0{}; echo ' half'; for i in 1 2 3 4 5; do echo $i {}; done; echo 'last {}'"
    let (_, recorded) = try runCommand(["sh", "-c", script], [(1...6).map { "\($0)" }], workers: 6) {
      $0.grouping = .lines
      $0.tags = true
    }
    let expected = (1...6).flatMap { input in
      (["first \(input) half"] + (1...5).map { "\($0) \(input)" } + ["last \(input)"]).map { "\(input)\t\($0)" }
    }
    #expect(recorded.output.split(separator: "\n").map(String.init).sorted() == expected.sorted())
  }

  @Test("An output that ends inside a line gets no end of our own", arguments: [TaskOptions.Grouping.lines, .tasks])
  func openLine(grouping: TaskOptions.Grouping) throws {
    let (_, recorded) = try runCommand(["printf", "a{}"], [["1", "2"]], workers: 1) { $0.grouping = grouping }
    #expect(recorded.output == "a1a2")
  }

  @Test("A line comes before its task has ended")
  func lineBeforeTheEnd() throws {
    let file = try TemporaryFile()
    // The second task reads what the first one has written, which is still running.
    let script = "if [ {} = 1 ]; then echo ready; while [ ! -s \(file.path).go ]; do sleep 0.01; done; fi"
    defer { unlink("\(file.path).go") }
    let descriptor = open(file.path, O_WRONLY)
    defer { close(descriptor) }
    var options = TaskOptions()
    options.workers = 1
    options.grouping = .lines
    let recorded = Recorded()
    recorded.onProgress = { _ in
      guard file.text == "ready\n", let go = fopen("\(file.path).go", "w") else { return }
      fputs("go", go)
      fclose(go)
    }
    let runner = try CommandRunner(
      CommandTemplate(["sh", "-c", script].map { Array($0.utf8) }),
      TaskInputs(lists: [InputList([Array("1".utf8)])]), options, observer: recorded,
      writer: OutputWriter(output: descriptor, error: 2, keepsOrder: false))
    #expect(try runner.run().exitStatus == 0)
  }

  @Test("Results are kept by input, in the layout of GNU parallel")
  func results() throws {
    let folder = try TemporaryFolder()
    let script = "echo out {2}; echo err {1} >&2; exit {1}"
    let (summary, recorded) = try runCommand(["sh", "-c", script], [["0", "7"], ["x"]]) {
      ($0.results, $0.keepsOrder) = (folder.path, true)
    }
    #expect(summary.progress.failed == 1 && recorded.output.isEmpty && recorded.error.isEmpty)
    #expect(contents("\(folder.path)/1/0/2/x/stdout") == "out x\n")
    #expect(contents("\(folder.path)/1/7/2/x/stderr") == "err 7\n")
    #expect(contents("\(folder.path)/1/0/2/x/exit") == "0\n")
    #expect(contents("\(folder.path)/1/7/2/x/exit") == "7\n")
  }

  @Test("Results are a table where the file's name says so, in GNU parallel's columns, in order where asked for")
  func table() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/t.csv"
    let command = ["sh", "-c", "[ $0 = a ] && sleep 0.1; printf %s, \"$0\"", "{}"]
    let (_, recorded) = try runCommand(command, [["a", "b\"c"]]) { ($0.results, $0.keepsOrder) = (path, true) }
    let lines = try #require(contents(path)).split(separator: "\n")
    #expect(recorded.output.isEmpty)
    #expect(lines[0] == "Seq,Host,Starttime,JobRuntime,Send,Receive,Exitval,Signal,Command,V1,Stdout,Stderr")
    #expect(lines[1].contains(",0,2,0,0,") && lines[1].hasSuffix(",a,\"a,\","))
    #expect(lines[2].hasSuffix(",\"b\"\"c\",\"b\"\"c,\","))
  }

  @Test("Outputs start with the user's own tag, or with the command")
  func headings() throws {
    let tagged = try runCommand(["echo", "{}"], [["a", "b"]]) {
      ($0.tag, $0.keepsOrder) = (try? CommandTemplate([Array("{#}:{}".utf8)]), true)
    }
    #expect(tagged.recorded.output == "1:a\ta\n2:b\tb\n")
    let shown = try runCommand(["echo", "{}"], [["a b"]]) { $0.echo = .output }
    #expect(shown.recorded.output == "echo 'a b'\na b\n")
  }

  @Test("Tasks know their number and slot, as those of GNU parallel do")
  func variables() throws {
    let script = "echo $PARALLEL_SEQ $PARALLEL_JOBSLOT ${PARALLEL_PID:+set}"
    let (_, recorded) = try runCommand(["sh", "-c", script, "{}"], [["a", "b"]], workers: 1) { $0.keepsOrder = true }
    #expect(recorded.output == "1 1 set\n2 1 set\n")
  }

  @Test("The log counts what was written on standard output alone")
  func receivedBytes() throws {
    let file = try TemporaryFile()
    _ = try runCommand(["sh", "-c", "echo out; echo error >&2"], [["a"]]) { $0.jobLog = file.path }
    #expect(file.text.split(separator: "\n").last?.split(separator: "\t")[5] == "4")
  }

  @Test("Inputs that come twice, and attempts after the first, do not overwrite another task's results")
  func repeatedInputs() throws {
    let folder = try TemporaryFolder()
    _ = try runCommand(["sh", "-c", "echo {#}; exit 1"], [["a", "a"]]) {
      $0.results = folder.path
      $0.retries = 2
    }
    #expect(contents("\(folder.path)/1/a/stdout") == "1\n")
    #expect(contents("\(folder.path)/1/a~2/stdout") == "2\n")
  }

  /// No input can name a place outside of the folder, or a name that the file system refuses.
  @Test(
    "Inputs become safe names of folders",
    arguments: [
      ("plain-1.txt", "plain-1.txt"), ("a/b", "a%2Fb"), ("..", "%2E."), (".", "%2E"), (".hidden", "%2Ehidden"),
      ("../../etc", "%2E.%2F..%2Fetc"), ("", "%"), ("%", "%25"), ("a b\n", "a%20b%0A"), ("~", "%7E"), ("é", "%C3%A9"),
    ])
  func safeNames(input: String, expected: String) {
    #expect(ResultsFolder.safeName(Array(input.utf8)) == expected)
  }

  @Test("Long inputs get names that the file system takes, and that differ")
  func longNames() {
    let names = ["a", "b"].map {
      ResultsFolder.safeName(Array(String(repeating: "x", count: 5000).utf8) + Array($0.utf8))
    }
    #expect(names[0] != names[1] && names.allSatisfy { $0.utf8.count < 255 })
  }

  @Test("What cannot be kept ends the run: a folder that cannot be made, a full disk")
  func unwritable() {
    #expect { try runCommand(["true"], [["a"]]) { $0.results = "/proc/nothing" } } throws: {
      ($0 as? AdvisorError)?.code == .cannotWrite
    }
    #expect { try runCommand(["true"], [["a"]]) { $0.jobLog = "/dev/full" } } throws: {
      ($0 as? AdvisorError)?.code == .cannotWrite
    }
  }

  @Test("A child that floods its output and leaves another doing so does not hold up the run")
  func floodLeftBehind() throws {
    let file = try TemporaryFile()
    let (summary, _) = try runCommand(["sh", "-c", "yes & echo $! > \(file.path)"], [["a", "b"]], workers: 1)
    #expect(summary.progress.succeeded == 2)
    file.text.split(separator: "\n").compactMap { Int32($0) }.forEach { kill($0, SIGKILL) }
  }

  @Test(
    "Options that make no sense together are refused",
    arguments: [
      { (options: inout TaskOptions) in (options.keepsOrder, options.grouping) = (true, .lines) },
      { (options: inout TaskOptions) in (options.tags, options.grouping) = (true, .none) },
      { (options: inout TaskOptions) in (options.results, options.grouping) = ("/tmp/x", .lines) },
      { (options: inout TaskOptions) in options.niceness = 20 },
      { (options: inout TaskOptions) in options.batch = .count(0) },
    ] as [@Sendable (inout TaskOptions) -> Void])
  func refusesWhatMakesNoSense(change: @Sendable (inout TaskOptions) -> Void) {
    #expect { try runCommand(["true"], [["a"]], change) } throws: { ($0 as? AdvisorError)?.code == .usage }
  }
}
