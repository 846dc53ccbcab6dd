import AdvisorCore
import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing
@testable import Engines
@testable import Tasks

@Suite("Calling Python functions", .enabled(if: TestPython.isThere, "there is no python3 in /usr/bin"))
struct PythonEngineTests {
  private let module: TestModule

  init() throws { module = try TestModule() }

  @Test("Results come home as JSON, one a line", arguments: [Strategy.processes, .threads, nil])
  func results(strategy: Strategy?) throws {
    let (summary, recorded, _) = try module.run("things:double", ["1", "\"ab\"", "[3]"], strategy: strategy)
    #expect(recorded.output == "2\n\"abab\"\n[3, 3]\n")
    #expect(summary.exitStatus == 0 && summary.progress.succeeded == 3)
  }

  @Test("A method is found by its dotted name, a module by the path of its file")
  func names() throws {
    #expect(try module.run("things:Group.method", ["1"]).recorded.output == "2\n")
    #expect(try module.run("\(module.folder)/things.py:double", ["4"]) { $0.directory = "/" }.recorded.output == "8\n")
  }

  @Test("The module is imported once, and the workers are forked from there")
  func importsOnce() throws {
    let output = try module.run("things:who", ["1", "2", "3", "4"], strategy: .processes) { $0.workers = 2 }.recorded
      .output
    let pairs = try output.split(separator: "\n").map { try JSONDecoder().decode([Int].self, from: Data($0.utf8)) }
    #expect(Set(pairs.map { $0[1] }).count == 1)
    #expect(pairs.allSatisfy { $0[0] != $0[1] })
  }

  @Test("Once it has ended, a descriptor that it had may be another's, and is let be")
  func closesOnce() throws {
    var engine: PythonEngine? = try PythonEngine(function: "things:double", program: TestPython.path ?? "", .init())
    try engine?.start()
    engine?.stop()
    let others = (0..<64).map { _ in open("/dev/null", O_RDONLY) }
    defer { others.forEach { close($0) } }
    engine = nil
    #expect(others.allSatisfy { fcntl($0, F_GETFD) >= 0 })
  }

  @Test("What a function prints is no result")
  func prints() throws {
    let recorded = try module.run("things:loud", ["1", "2"]).recorded
    #expect(recorded.output == "1\n2\n")
    #expect(recorded.error == "said 1\nsaid 2\n")
  }

  @Test(
    "A call that goes wrong has failed, says how, and is tried again",
    arguments: [
      ("things:fails", "raised ValueError: no 1"), ("things:leaves", "called sys.exit(3)"),
      ("things:crashes", "was killed by signal 11"), ("things:unfit", "returned what JSON cannot hold"),
    ])
  func failures(function: String, words: String) throws {
    let (summary, recorded, _) = try module.run(function, ["1"]) { $0.retries = 1 }
    #expect(summary.exitStatus == 1 && summary.progress.failed == 1)
    #expect(recorded.outcomes.map(\.attempts) == [2])
    #expect(recorded.outcomes.first?.text.contains(words) == true, "\(recorded.outcomes)")
  }

  @Test("The traceback of what was raised starts at the user's own code")
  func traceback() throws {
    let error = try module.run("things:fails", ["1"]).recorded.error
    #expect(error.contains("things.py\", line") && error.hasSuffix("ValueError: no 1\n"))
    #expect(!error.contains("<advisor>"))
  }

  @Test("Who ends the interpreter fails alone, even among threads", arguments: [Strategy.processes, .threads])
  func endsAlone(strategy: Strategy) throws {
    let (summary, recorded, _) = try module.run("things:ends", ["1", "\"end\"", "2", "3"], strategy: strategy) {
      $0.workers = 3
    }
    #expect(recorded.output == "1\n2\n3\n")
    #expect(summary.progress.failed == 1)
    #expect(recorded.outcomes.filter { !$0.succeeded }.map(\.sequence) == [2])
  }

  @Test("What takes too long is stopped, and those beside it run again", arguments: [Strategy.processes, .threads])
  func timeout(strategy: Strategy) throws {
    let (summary, recorded, _) = try module.run("things:hangs", ["1", "\"hang\"", "2"], strategy: strategy) {
      $0.workers = 2
      $0.timeout = .seconds(0.5)
    }
    #expect(recorded.output == "1\n2\n")
    #expect(summary.progress.failed == 1 && recorded.outcomes.contains { $0.ending == .timedOut(afterSeconds: 0.5) })
  }

  @Test("A coroutine function runs on an event loop, all calls under way together")
  func coroutines() throws {
    let (summary, recorded, engine) = try module.run("things:waits", (1...100).map(String.init))
    #expect(engine.concurrency.strategy == .async)
    #expect(recorded.output == (1...100).map { "\($0)\n" }.joined())
    // 100 waits of 50 ms are 5 s one after the other.
    #expect(summary.progress.seconds < 3)
  }

  /// More than the pipes hold, in both directions at once: neither side may wait for the other to read.
  @Test("Coroutines take and return much")
  func coroutinesTakeAndReturnMuch() throws {
    let text = "\"" + String(repeating: "a", count: 100_000) + "\""
    let (summary, recorded, _) = try module.run("things:waits", Array(repeating: text, count: 100))
    #expect(summary.progress.succeeded == 100)
    #expect(recorded.output == String(repeating: text + "\n", count: 100))
  }

  @Test("Calls that wait are found out, and many are under way at once")
  func waiting() throws {
    let (summary, _, engine) = try module.run("things:naps", (1...60).map(String.init))
    #expect(engine.concurrency.workers > 8)
    #expect(summary.progress.seconds < 2)
  }

  /// In which they end is for the measurement, which other programs disturb; `LockTrialTests` say how it is judged.
  @Test("Calls that hold the GIL and calls that release it bring the same results in interpreters and in threads")
  func lock() throws {
    let inputs = (1...60).map(String.init)
    for strategy in [nil, Strategy.processes, .threads] {
      let (summary, _, _) = try module.run("things:counts", inputs, strategy: strategy)
      #expect(summary.progress.succeeded == 60)
      let (free, recorded, _) = try module.run("things:hashes", inputs, strategy: strategy)
      #expect(free.progress.succeeded == 60 && recorded.output == String(repeating: "32\n", count: 60))
    }
  }

  @Test("Coroutines share their loop's CPU time among them")
  func sharedTime() throws {
    let recorded = try module.run("things:waits", (1...200).map(String.init)).recorded
    let seconds = recorded.outcomes.map(\.cpuSeconds)
    // The first to end is not billed for the start of all.
    #expect(try #require(seconds.max()) < 0.5 * seconds.reduce(0, +))
  }

  @Test("A coroutine's CPU time is that of its own steps, before and after it has waited")
  func ownSteps() throws {
    let recorded = try module.run("things:burns", (1...8).map(String.init)).recorded
    #expect(recorded.outcomes.count == 8 && recorded.outcomes.allSatisfy { (0.03..<0.06).contains($0.cpuSeconds) })
  }

  @Test("What is thrown into a coroutine arrives there, and its trace tells of the user's lines alone")
  func thrown() throws {
    let recorded = try module.run("things:late", ["1"]).recorded
    #expect(recorded.outcomes.map(\.ending) == [.failed("raised ValueError: late")])
    #expect(recorded.error.contains("in late") && !recorded.error.contains("<advisor>"))
  }

  @Test("The host is compiled once; kept code that another could have written, or that is cut short, is not run")
  func keptCode() throws {
    let home = "\(module.folder)/cache"
    let files = { try FileManager.default.contentsOfDirectory(atPath: "\(home)/advisor") }
    let doubles = {
      try module.run("things:double", ["4"]) { $0.environment = ["XDG_CACHE_HOME=\(home)"] }.recorded.output == "8\n"
    }
    #expect(try doubles())
    let path = "\(home)/advisor/\(try #require(try files().first))"
    let written = try Data(contentsOf: URL(filePath: path))
    #expect(try files().count == 1 && doubles() && FileManager.default.contents(atPath: path) == written)
    // Code of another source than ours would be run where only its place were looked at.
    for (data, mode) in [(written.dropLast(9_000), 0o600), (written, 0o666), (Data("no code".utf8), 0o600)] {
      try Data(data).write(to: URL(filePath: path))
      chmod(path, mode_t(mode))
      #expect(try doubles() && FileManager.default.contents(atPath: path) == written)
      var status = stat()
      #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
  }

  @Test("Without a home, or in one that is full, it is compiled each time", arguments: ["/dev/null", "nowhere", ""])
  func noCache(home: String) throws {
    let run = try module.run("things:double", ["4"]) { $0.environment = ["XDG_CACHE_HOME=\(home)"] }
    #expect(run.recorded.output == "8\n")
  }

  @Test("An interpreter that keeps too much memory is replaced")
  func leak() throws {
    let recorded = try module.run("things:keeps", ["1", "2", "3", "4", "5"], strategy: .processes) {
      $0.workers = 1
      // 0.8 of this a worker is 102 MiB.
      $0.limits.memoryBytes = 256 * 0x1p20
    }.recorded
    #expect(recorded.output == "1\n2\n1\n2\n1\n")
  }

  @Test(
    "What cannot be called is refused at once, with what can",
    arguments: [
      ("things", AdvisorError.Code.usage, "module:function"), ("nothings:double", .usage, "no module “nothings”"),
      ("./no.py:double", .usage, "no file “./no.py”"),
      ("things:triple", .usage, "double"), ("things:number", .usage, "of type int"),
    ])
  func refused(function: String, code: AdvisorError.Code, words: String) throws {
    #expect {
      _ = try module.run(function, ["1"])
    } throws: { error in
      (error as? AdvisorError)?.code == code && "\(error)".contains(words)
    }
  }

  @Test(
    "A function and a strategy that do not fit are told apart",
    arguments: [("things:waits", Strategy.threads), ("things:double", .async)])
  func unfitting(function: String, strategy: Strategy) throws {
    #expect(throws: AdvisorError.self) { _ = try module.run(function, ["1"], strategy: strategy) }
  }

  @Test("The journal of one run spares the next what is done")
  func journal() throws {
    let journal = try TemporaryFile()
    _ = try module.run("things:ends", ["1", "\"end\"", "2"]) { $0.journal = journal.path }
    let (summary, recorded, _) = try module.run("things:ends", ["1", "\"end\"", "2"]) {
      ($0.journal, $0.resume) = (journal.path, .succeeded)
    }
    #expect(summary.progress.skipped == 2 && recorded.outcomes.map(\.sequence) == [2])
  }
}
