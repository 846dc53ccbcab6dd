import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
@testable import System
@testable import Tasks

@Suite struct CommandRunnerTests {
  @Test("One task runs for each input")
  func runsOneTaskForEachInput() throws {
    let (summary, recorded) = try runCommand(["echo", "{}"], [["a", "b b", "c"]])
    #expect(summary.exitStatus == 0 && summary.progress.succeeded == 3 && summary.progress.total == 3)
    #expect(Set(recorded.output.split(separator: "\n")) == ["a", "b b", "c"])
    #expect(recorded.error.isEmpty)
  }

  @Test("Nothing runs for no inputs")
  func runsNothingForNoInputs() throws {
    let (summary, _) = try runCommand(["false"], [[]])
    #expect(summary.exitStatus == 0 && summary.progress.total == 0)
  }

  @Test("Every kind of failure is named")
  func namesEveryKindOfFailure() throws {
    let (summary, recorded) = try runCommand(
      ["sh", "-c", "{}"], [["exit 0", "exit 3", "kill -9 $$", "kill -TERM $$", "exec /nonexistent/x"]])
    #expect(summary.exitStatus == 1 && summary.progress.failed == 4)
    #expect(
      recorded.endings() == [
        1: .succeeded, 2: .exited(status: 3), 3: .killed(signal: 9), 4: .killed(signal: 15), 5: .exited(status: 127),
      ])
    #expect(recorded.outcomes.first { $0.sequence == 2 }?.text == "task 2 (sh -c 'exit 3') exited with status 3")
    #expect(
      recorded.outcomes.first { $0.sequence == 3 }?.text
        == "task 3 (sh -c 'kill -9 $$') was killed by signal 9 (Killed)")
  }

  @Test("No shell reads the inputs")
  func noShellReadsTheInputs() throws {
    let inputs = ["$(echo x)", "a;echo b", "*", "'", "\"", "`id`", "a\nb", "-n", "\\"]
    let (_, recorded) = try runCommand(["printf", "%s\\0", "{}"], [inputs])
    #expect(Set(recorded.output.split(separator: "\0").map(String.init)) == Set(inputs))
  }

  @Test("Bytes that are no text are passed on")
  func passesBytesThatAreNoText() throws {
    let file = try TemporaryFile()
    let bytes: [UInt8] = [0xff, 0xfe, 0x27, 0x0a, 0x80]
    let descriptor = open(file.path, O_WRONLY)
    #expect(bytes.withUnsafeBytes { FileWriting.writeAll($0, to: descriptor) } == 0)
    close(descriptor)
    let output = try TemporaryFile()
    let written = open(output.path, O_WRONLY)
    defer { close(written) }
    let runner = try CommandRunner(
      CommandTemplate([Array("printf".utf8), Array("%s".utf8)]),
      TaskInputs(stream: InputReader(path: file.path, separator: .null)), TaskOptions(), observer: nil,
      writer: OutputWriter(output: written, error: 2, keepsOrder: false))
    #expect(try runner.run().exitStatus == 0)
    #expect(output.bytes == bytes)
  }

  @Test("An unknown command is found out before the first task")
  func anUnknownCommandIsFoundOutBeforeTheFirstTask() {
    #expect { try runCommand(["no-such-command-here", "{}"], [["a"]]) } throws: { error in
      let error = error as? AdvisorError
      return error?.code == .notFound && error?.problem.contains("no-such-command-here") == true
    }
    #expect { try runCommand(["/etc/passwd"], [["a"]]) } throws: { ($0 as? AdvisorError)?.code == .cannotRun }
    #expect { try runCommand(["/"], [["a"]]) } throws: { ($0 as? AdvisorError)?.code == .cannotRun }
  }

  @Test("An input can be the command")
  func anInputCanBeTheCommand() throws {
    let (summary, recorded) = try runCommand(["{}"], [["true", "/nonexistent/x"]])
    #expect(summary.progress.succeeded == 1 && summary.progress.failed == 1)
    #expect(recorded.outcomes.first { $0.sequence == 2 }?.text.contains("did not start") == true)
  }

  @Test("An argument that Linux refuses fails its task alone")
  func anArgumentThatLinuxRefusesFailsItsTaskAlone() throws {
    let (summary, _) = try runCommand(["true"], [["a", String(repeating: "x", count: 140_000), "b"]])
    #expect(summary.progress.succeeded == 2 && summary.progress.failed == 1 && summary.exitStatus == 1)
  }

  @Test("Outputs of tasks are kept apart")
  func keepsOutputsApart() throws {
    let script = "for i in 1 2 3 4 5 6 7 8 9 10; do echo $0; echo $0 >&2; done"
    let inputs = (0..<20).map { "t\($0)" }
    let (_, recorded) = try runCommand(["sh", "-c", script, "{}"], [inputs], workers: 8)
    for text in [recorded.output, recorded.error] {
      let lines = text.split(separator: "\n")
      #expect(lines.count == 200)
      for group in stride(from: 0, to: lines.count, by: 10) { #expect(Set(lines[group..<group + 10]).count == 1) }
    }
  }

  @Test("Outputs keep the order of inputs")
  func keepsTheOrderOfInputs() throws {
    let inputs = ["0.05", "0", "0.02", "0", "0"]
    let (_, recorded) = try runCommand(["sh", "-c", "sleep {}; echo {#}"], [inputs], workers: 5) {
      $0.keepsOrder = true
    }
    #expect(recorded.output == "1\n2\n3\n4\n5\n")
  }

  @Test("Each line is tagged")
  func tagsEachLine() throws {
    let (_, recorded) = try runCommand(["printf", "x\\ny\\n%.0s", "{}"], [["in 1"]]) { $0.tags = true }
    #expect(recorded.output == "in 1\tx\nin 1\ty\n")
  }

  @Test("A flood of output is survived", arguments: [false, true])
  func survivesAFloodOfOutput(keepsOrder: Bool) throws {
    let (summary, recorded) = try runCommand(
      ["sh", "-c", "yes {} | head -c 3000000"], [["a", "b", "c"]], workers: 3
    ) { $0.keepsOrder = keepsOrder }
    #expect(summary.exitStatus == 0)
    #expect(recorded.output.utf8.count == 9_000_000)
    #expect(zip(recorded.output.utf8, recorded.output.utf8.dropFirst(2)).count { $0 != $1 } == 2)
  }

  @Test("A dry run shows what it would run")
  func showsWhatItWouldRun() throws {
    let file = try TemporaryFile()
    let descriptor = open(file.path, O_WRONLY)
    defer { close(descriptor) }
    try CommandDryRun.run(
      CommandTemplate(["gzip", "-k", "{}", "{#}"].map { Array($0.utf8) }),
      TaskInputs(lists: [InputList([Array("a b".utf8), Array("c".utf8)])]), to: descriptor)
    #expect(file.text == "gzip -k 'a b' 1\ngzip -k c 2\n")
  }

  @Test(
    "The observer is told before anything is written where it may show progress itself",
    arguments: [TaskOptions.Grouping.tasks, .lines])
  func tellsBeforeItWrites(grouping: TaskOptions.Grouping) throws {
    let recorded = Recorded()
    _ = try runCommand(["sh", "-c", "{}"], [["echo a >&2", "true", "echo b >&2", "echo c"]], recorded: recorded) {
      $0.grouping = grouping
    }
    #expect(recorded.writes == 2)
  }

  /// As they do of `xargs -P`.
  @Test("A signal asks for another number of workers", arguments: [(SIGUSR1, 3), (SIGUSR2, 1)])
  func aSignalAsksForAnotherNumberOfWorkers(signal: Int32, workers: Int) throws {
    let recorded = Recorded()
    recorded.onEnd = { if $0.sequence == 1 { pthread_kill(pthread_self(), signal) } }
    let (summary, _) = try runCommand(
      ["sh", "-c", "{}"], [["true"] + Array(repeating: "sleep 0.1", count: 7)], recorded: recorded)
    #expect(summary.exitStatus == 0 && summary.progress.succeeded == 8)
    #expect(summary.progress.workers == workers && summary.progress.reason == .requested)
  }

  @Test("No more tasks run than workers")
  func staysWithinItsWorkers() throws {
    let file = try TemporaryFile()
    // The first one stays until another has come: as long as that takes.
    let meet = "n=0; until [ $(grep -c + \(file.path)) -ge 2 ] || [ $n -ge 1000 ]; do n=$((n + 1)); sleep 0.01; done"
    let script = "echo + >> \(file.path); \(meet); sleep 0.02; echo - >> \(file.path)"
    _ = try runCommand(["sh", "-c", script], [(0..<20).map { "\($0)" }], workers: 3)
    var running = 0
    var most = 0
    for mark in file.text.split(separator: "\n") {
      running += mark == "+" ? 1 : -1
      most = max(most, running)
    }
    #expect((2...3).contains(most))
  }

  @Test("Inputs are read as they come")
  func readsInputsAsTheyCome() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    let recorded = Recorded()
    write(ends[1], "1\n", 2)
    recorded.onEnd = { outcome in
      // The next line is written when the task before it has ended: a reader that blocked would hang.
      if outcome.sequence < 5 { write(ends[1], "\(outcome.sequence + 1)\n", 2) } else { close(ends[1]) }
    }
    let reader = InputReader(Descriptor(owning: ends[0]), name: "a pipe", separator: .newline)
    let (summary, _) = try runCommand(["echo"], stream: reader, recorded: recorded)
    #expect(summary.progress.succeeded == 5 && summary.progress.total == 5)
  }

  @Test(
    "Senseless options are refused",
    arguments: [(0, nil), (-1, nil), (1, 0.0), (1, -1), (1, Double.nan)] as [(Int, Double?)])
  func refusesSenselessOptions(workers: Int, timeout: Double?) {
    #expect {
      try runCommand(["true"], [["a"]], workers: workers) {
        $0.timeout = timeout.map { .seconds($0) }
      }
    } throws: {
      ($0 as? AdvisorError)?.code == .usage
    }
  }
}
