import FoundationEssentials
import Glibc
import Testing

/// A command where nobody offers inputs, and inputs of which there are none.
@Suite struct SingleCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  private func ran() -> Bool { FileManager.default.fileExists(atPath: "\(program.folder)/ran") }

  @Test(
    "Without inputs on offer a command runs once",
    arguments: ["</dev/null", "<&-", "0>/dev/null", "< /dev/null >out", "<&- >&- 2>&-"])
  func once(redirection: String) throws {
    let outcome = try program.shell("$ADVISOR run -- sh -c 'echo x >> ran' \(redirection)")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(try String(contentsOfFile: "\(program.folder)/ran", encoding: .utf8) == "x\n")
  }

  @Test("It runs once on a terminal, too", .enabled(if: access("/usr/bin/script", X_OK) == 0))
  func terminal() throws {
    let outcome = try program.shell("script -qec \"$ADVISOR run -- sh -c 'echo x >> ran; exit 5'\" /dev/null")
    #expect(outcome.status == 5, "\(outcome.output)")
    #expect(try String(contentsOfFile: "\(program.folder)/ran", encoding: .utf8) == "x\n")
  }

  /// Statuses as a shell's `$?` has them (POSIX, Shell Command Language, 2.8.2), and timeout(1) for the limit.
  @Test(
    "It hands on its exit status",
    arguments: [
      ("sh -c 'exit 3'", 3), ("true", 0), ("sh -c 'kill -9 $$'", 137), ("sh -c 'kill -TERM $$'", 143),
      ("no-such-command-here", 127), ("/etc/passwd", 126), ("/", 126), ("sh -c 'exit 255'", 255),
    ])
  func status(command: String, expected: Int32) throws {
    #expect(try program.shell("$ADVISOR run -- \(command)").status == expected)
    #expect(try program.shell("$ADVISOR run --json --retries 1 --joblog log -- \(command)").status == expected)
  }

  @Test("Its time limit ends it as timeout(1) does")
  func timeLimit() throws {
    #expect(try program.run("run", "--timeout", "100ms", "--", "sleep", "1000").status == 124)
  }

  @Test("It writes where advisor does, and is measured like any task")
  func measured() throws {
    let outcome = try program.run("run", "--", "sh", "-c", "echo out; echo err >&2; test -f /dev/stdin || exit 0")
    #expect(outcome.status == 0 && outcome.output == "out\n")
    #expect(outcome.complaint.hasPrefix("err\n") && outcome.complaint.contains("1 of 1 task done"))
  }

  @Test(
    "Nothing runs where there are no inputs, and that is said",
    arguments: [
      ": | $ADVISOR run -- touch ran", "$ADVISOR run -- touch ran < empty", "$ADVISOR run -- touch ran :::",
      "$ADVISOR run --inputs empty -- touch ran", "$ADVISOR run --inputs /dev/null -- touch ran",
      "$ADVISOR run --inputs - -- touch ran < /dev/null", "$ADVISOR run -0 -- touch ran < empty",
      "$ADVISOR run -- touch ran {} ::: a b :::", "$ADVISOR run --pipe-part empty -- touch ran",
      "$ADVISOR run --batch auto -- touch ran < empty", "echo | $ADVISOR run -- touch ran",
      "{ sleep 0.1; } | $ADVISOR run -- touch ran",
    ])
  func empty(line: String) throws {
    _ = try program.file("empty", "")
    let outcome = try program.shell(line)
    #expect(outcome.status == 0 && !ran())
    #expect(outcome.complaint == "no inputs: nothing ran\n")
  }

  @Test(
    "A command that asks for inputs where none are offered is refused",
    arguments: [
      "-- touch ran{}", "-- touch ran {/.}", "-- touch {1} ran", "-0 -- touch ran", "--batch 2 -- touch ran",
      "--longest-first -- touch ran", "-N 2 -- touch ran", "--colsep , touch ran",
      "--shell -- 'touch ran; wc {}'", "--tsv -- touch ran",
    ])
  func refused(arguments: String) throws {
    let outcome = try program.shell("$ADVISOR run \(arguments) </dev/null")
    #expect(outcome.status == 64 && !ran())
    #expect(outcome.complaint.contains("inputs"))
  }

  @Test("It is known in a journal, and resumed")
  func journal() throws {
    let line = "$ADVISOR run --journal j --resume -- sh -c 'echo x >> ran; exit $(grep -c . ran | tr 1 7)'"
    #expect(try program.shell(line).status == 7)
    let again = try program.shell(line)
    #expect(again.status == 1 && again.complaint.contains("--resume-failed"))
    #expect(try String(contentsOfFile: "\(program.folder)/ran", encoding: .utf8) == "x\n")
  }
}
