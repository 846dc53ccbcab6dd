import AdvisorTestSupport
import Foundation
import Testing

/// Command lines of GNU parallel's manual and tutorial, as they stand there but for `parallel`, which becomes `advisor run`.
///
/// What GNU parallel 20221122 prints for each was recorded: `Tests/Reference/parallel`.
@Suite("Examples of GNU parallel") struct ParallelExamplesTests {
  private static let folder: String = Repository.root + "/Tests/Reference/parallel"

  /// Lines that are refused, with a word of what they are told to write.
  private static let refused = [
    ("{= s:", "Perl"), ("--parens", "Perl"), ("--rpl", "Perl"), ("{=2 s:", "Perl"), ("{= $_++", "Perl"),
    ("--files", "--results"), ("-S server", "--engine"), ("--sshloginfile", "--engine"),
    ("--sqlandworker", "--results"),
    ("--tmux", "--line-buffer"), ("--interactive", "--dry-run"), ("parallel sem", "flock"),
    ("'\"{}\"'", "without quotes"),
  ]

  private static let examples: [String] =
    (try? String(contentsOfFile: "\(folder)/examples.txt", encoding: .utf8))?.split(separator: "\n")
    .map(String.init) ?? []

  @Test("Print the same, or say what to write", arguments: examples)
  func prints(line: String) throws {
    let expected = try JSONDecoder().decode(
      [String: String].self, from: Data(contentsOf: URL(filePath: "\(Self.folder)/expected.json")))
    let program = try Program()
    let outcome = try run(line, program)
    if let (_, word) = Self.refused.first(where: { line.contains($0.0) }) {
      #expect(outcome.complaint.contains(word), "\(outcome.complaint)")
    } else {
      // Tasks end in any order, unless -k is there.
      let text = try #require(expected[line])
      let output = outcome.output.replacing("\(program.folder)/work", with: "DIR")
      #expect(Self.lines(output, line) == Self.lines(text, line), "\(outcome.complaint)")
    }
  }

  @Test("Are a hundred or more, of which 85 % need no change")
  func share() {
    let refused = Self.examples.count { line in Self.refused.contains { line.contains($0.0) } }
    #expect(Self.examples.count >= 100 && Double(refused) <= 0.15 * Double(Self.examples.count))
  }

  @Test("Options of our own are known to take their values")
  func knowsOwnOptions() throws {
    let program = try Program()
    let dump = try program.run("--experimental-dump-help").json()
    let commands = (dump["command"] as? [String: Any])?["subcommands"] as? [[String: Any]] ?? []
    let run = try #require(commands.first { $0["commandName"] as? String == "run" })
    for argument in run["arguments"] as? [[String: Any]] ?? [] where argument["kind"] as? String == "option" {
      for name in argument["names"] as? [[String: Any]] ?? [] where name["kind"] as? String == "long" {
        let option = "--\(name["name"] as? String ?? "")"
        let complaint = try program.run("run", option, "1", "--", "true").complaint
        #expect(!complaint.contains("Missing value"), "\(option): \(complaint)")
      }
    }
  }

  private func run(_ line: String, _ program: Program) throws -> Program.Outcome {
    let ours = line.replacing("parallel sem", with: "advisor run --semaphore").replacing(
      /\bparallel\b/, with: "advisor run")
    let script = """
      export SHELL=/bin/bash VAR=value; mkdir bin work; ln -s "$ADVISOR" bin/advisor; PATH=$PWD/bin:$PATH; cd work; export HOME=$PWD
      bash '\(Self.folder)/files.sh' && bash -c "$LINE" < /dev/null
      """
    return try program.shell("LINE=\(Self.quoted(ours)); export LINE; \(script)")
  }

  private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }

  private static func lines(_ text: String, _ line: String) -> [Substring] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return line.contains(" -k") ? lines : lines.sorted()
  }
}
