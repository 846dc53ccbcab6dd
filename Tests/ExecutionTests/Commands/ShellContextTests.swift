import AdvisorCore
import Glibc
import Testing

@testable import Execution

@Suite("Where a shell takes an input for one word") struct ShellContextTests {
  private func template(_ line: String) throws -> CommandTemplate {
    try CommandTemplate([Array(line.utf8)], form: .shell)
  }

  /// Each would run code that an input holds, in dash 0.5.12 or bash 5.2.
  @Test(arguments: [
    "wc -c \"{}\"", "wc -c '{}'", "echo \"a {.} b\"", "sh -c 'wc {}'", "echo \\{}", "echo ${}", "echo `wc {}`",
    "echo \"`wc {}`\"", "echo $(({} + 1))", "echo \"$(( {} ))\"", "cat <<E\n{}\nE\n", "cat <<'E'\n{}\nE\n", "true # {}",
    "true # input", "echo \"", "echo \"$(wc \"{}\")\"", "echo \"${x:-{}}\"", "echo '\\' \"{}\"", "echo $'{}'",
  ])
  func refused(line: String) {
    #expect { try template(line) } throws: { error in
      (error as? AdvisorError)?.code == .usage && "\(error)".contains("code")
    }
  }

  @Test(arguments: [
    "wc -c {}", "wc -c", "echo \"a\" {} 'b'", "echo \"$(wc -c < {})\"", "(cd x && wc {})", "echo \"$( (wc {}) )\"",
    "a={}; echo $a",
    "x=\"it's\" y='\"' {}", "echo \"{#} {%} {threads}\" {}", "wc <<< {}", "wc {} # and so on\nwc {}", "echo a#b {}",
    "f() { wc {}; }; f", "case {} in a) echo \"b\";; esac", "echo \"\\\"\" {}", "echo $((1 + 2)) {}", "echo pre{}post",
  ])
  func taken(line: String) throws { #expect(try template(line).namesInputs) }

  @Test(
    "No line that is taken runs what an input says",
    arguments: ["'$(touch MARK)'", "`touch MARK`", "\"; touch MARK; \"", "'; touch MARK; '", "\n touch MARK\n"])
  func inputs(input: String) throws {
    let mark = try TemporaryFile()
    unlink(mark.path)
    let input = input.split(separator: "MARK", omittingEmptySubsequences: false).joined(separator: mark.path)
    for line in ["echo {}", "echo \"$(printf %s {})\"", "(echo a{}b)", "x={}; echo \"$x\"", "cat <<< {}"] {
      let words = try template(line).arguments(for: [Array(input.utf8)], sequence: 1, slot: 1)
      var launch = Launch([], program: "/bin/sh", output: nil, error: nil)
      launch.rawArguments = words
      _ = try ChildProcess(launch).wait()
      #expect(access(mark.path, F_OK) != 0, "\(line)")
    }
  }
}
