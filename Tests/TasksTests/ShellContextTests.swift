import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
@testable import System
@testable import Tasks

@Suite("Where a shell takes an input for one word") struct ShellContextTests {
  private func template(_ line: String) throws -> CommandTemplate {
    try CommandTemplate([Array(line.utf8)], form: .shell)
  }

  /// Each would run code that an input holds, in dash 0.5.12 or bash 5.2.
  @Test(
    "A place where an input could be code is refused",
    arguments: [
      "wc -c \"{}\"", "wc -c '{}'", "echo \"a {.} b\"", "sh -c 'wc {}'", "echo \\{}", "echo ${}", "echo `wc {}`",
      "echo \"`wc {}`\"", "echo $(({} + 1))", "echo \"$(( {} ))\"", "cat <<E\n{}\nE\n", "cat <<'E'\n{}\nE\n",
      "true # {}",
      "true # input", "echo \"", "echo \"$(wc \"{}\")\"", "echo \"${x:-{}}\"", "echo '\\' \"{}\"", "echo $'{}'",
    ])
  func refused(line: String) {
    #expect { try template(line) } throws: { error in
      (error as? AdvisorError)?.code == .usage && "\(error)".contains("code")
    }
  }

  @Test(
    "A place where an input is a word is taken",
    arguments: [
      "wc -c {}", "wc -c", "echo \"a\" {} 'b'", "echo \"$(wc -c < {})\"", "(cd x && wc {})", "echo \"$( (wc {}) )\"",
      "a={}; echo $a",
      "x=\"it's\" y='\"' {}", "echo \"{#} {%} {threads}\" {}", "wc <<< {}", "wc {} # and so on\nwc {}", "echo a#b {}",
      "f() { wc {}; }; f", "case {} in a) echo \"b\";; esac", "echo \"\\\"\" {}", "echo $((1 + 2)) {}",
      "echo pre{}post",
    ])
  func taken(line: String) throws { #expect(try template(line).namesInputs) }

  /// What an input would have to hold to get out of each of a shell's quotes.
  private static let inputs = [
    "$(touch MARK)", "`touch MARK`", "\"; touch MARK; \"", "'; touch MARK; '", "\n touch MARK\n", "\\'; touch MARK; '",
    ") touch MARK; (", "}$(touch MARK)", "\nE\ntouch MARK\n", ";; esac; touch MARK;",
  ]

  @Test(
    "No line that is taken runs what an input says",
    arguments: ["echo {}", "echo \"$(printf %s {})\"", "(echo a{}b)", "x={}; echo \"$x\"", "cat <<< {}"])
  func inputs(line: String) throws { try expectNoneRuns(template(line), "\(line)") }

  @Test("Nor does any line of random pieces", arguments: ["/bin/sh", "/bin/bash"])
  func randomLines(shell: String) throws {
    guard access(shell, X_OK) == 0 else { return }
    let pieces = [
      "\"", "'", "\\", "$(", ")", "`", "$((", "))", "<<E\n", "E\n", "\n", "#", " ", " ", "x", ";", "${x:-", "}", "|",
      "(", "$",
      "<<<", "{}", "{}", "{}",
    ]
    var state: UInt64 = 20_061_122
    for _ in 0..<150 {
      var line = "echo "
      for _ in 0..<9 {
        // Lehmer's generator with Park and Miller's constants.
        state = state * 48271 % 2_147_483_647
        line += pieces[Int(state / 1000 % UInt64(pieces.count))]
      }
      guard line.contains("{}"), let template = try? template(line) else { continue }
      try expectNoneRuns(template, line, shell)
    }
  }

  private func expectNoneRuns(_ template: CommandTemplate, _ line: String, _ shell: String = "/bin/sh") throws {
    let mark = try TemporaryFile()
    unlink(mark.path)
    for input in Self.inputs {
      let input = input.split(separator: "MARK", omittingEmptySubsequences: false).joined(separator: mark.path)
      var launch = Launch([], program: shell, output: nil, error: nil)
      launch.rawArguments = template.arguments(for: [Array(input.utf8)], sequence: 1, slot: 1)
      _ = try ChildProcess(launch).wait()
      #expect(access(mark.path, F_OK) != 0, "\(line) with \(input)")
      unlink(mark.path)
    }
  }
}
