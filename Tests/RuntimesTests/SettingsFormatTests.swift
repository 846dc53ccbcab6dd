import AdvisorCore
import Testing

@testable import Runtimes

/// As sh(1), fish(1), Docker's reference of Dockerfiles, GitHub's workflow commands and systemd.exec(5) read them.
@Suite struct SettingsFormatTests {
  private static func settings(_ value: String) -> RuntimeSettings {
    RuntimeSettings(.init(build: 2, barrier: 2, server: 2), only: ["PIGZ"]) { $0 == "PIGZ" ? value : nil }
  }

  @Test(
    "Each format quotes what it must",
    arguments: [
      (SettingsFormat.sh, "-9", "export PIGZ='-9 -p 2'"), (.sh, "it's", "export PIGZ='it'\\''s -p 2'"),
      (.sh, "$(rm x)", "export PIGZ='$(rm x) -p 2'"), (.fish, "it's \\", "set -gx PIGZ 'it\\'s \\\\ -p 2'"),
      (.dockerfile, "a\"$b", "ENV PIGZ=\"a\\\"\\$b -p 2\""), (.github, "-9", "PIGZ=-9 -p 2"),
      (.systemd, "50% \"x\"", "Environment=\"PIGZ=50%% \\\"x\\\" -p 2\""),
      // To Swift a quote with an accent behind it is another character; to these readers it is a quote.
      (.sh, "'\u{301}", "export PIGZ=''\\''\u{301} -p 2'"), (.fish, "'\u{301}", "set -gx PIGZ '\\'\u{301} -p 2'"),
      (.dockerfile, "$\u{301}", "ENV PIGZ=\"\\$\u{301} -p 2\""),
      (.systemd, "%\u{301}", "Environment=\"PIGZ=%%\u{301} -p 2\""),
      // A line break must not begin another variable.
      (.sh, "a\nb", "export PIGZ='a\nb -p 2'"), (.systemd, "a\nb", "Environment=\"PIGZ=a\\nb -p 2\""),
      (.github, "a\nB=1", "PIGZ<<EOF\na\nB=1 -p 2\nEOF"), (.github, "a\r\nEOF", "PIGZ<<EOF_\na\r\nEOF -p 2\nEOF_"),
      (.dockerfile, "a\nUSER root", ""),
    ])
  func formats(format: SettingsFormat, user: String, line: String) {
    #expect(format.text(of: Self.settings(user)) == line)
  }

  @Test("A plain value needs no quotes")
  func plain() {
    let settings = RuntimeSettings(.init(build: 2, barrier: 2, server: 2), only: ["MAKEFLAGS"]) { _ in nil }
    #expect(SettingsFormat.sh.text(of: settings) == "export MAKEFLAGS=-j2")
  }

  @Test("What the user has set is not printed again")
  func userSettings() {
    let settings = RuntimeSettings(.init(build: 2, barrier: 2, server: 2), only: ["GOMAXPROCS"]) { _ in "7" }
    #expect(SettingsFormat.sh.text(of: settings).isEmpty)
  }
}
