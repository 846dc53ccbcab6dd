import AdvisorTestSupport
import Foundation
import Testing

/// What people read fits the terminal that they read it on: a line that is too long would be broken inside a word.
@Suite("Widths of terminals") struct TerminalWidthTests {
  private let program: Program

  init() throws {
    program = try Program()
    _ = try program.file("profile.json", SampleProfile.json)
    _ = try program.file("Makefile", "all:\n")
    _ = try program.file("Cargo.toml", "[package]\n")
  }

  private func onTerminal(_ columns: Int, _ line: String) throws -> [String] {
    let words = "stty cols \(columns) rows 50; \(line)".replacing("$", with: "\\$")
    let shown = try program.shell("script -qec \"\(words)\" /dev/null < /dev/null").output
    let lines = shown.split(whereSeparator: \.isNewline)
    return lines.map { String($0).replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "") }
  }

  @Test(
    "No line is longer than the terminal is wide",
    arguments: [
      "", "--help", "run --help", "plan queue --help", "probe", "cpus --why", "env --list",
      "recommend --profile profile.json --no-history --job cpu:8x1e6", "profiles show --profile profile.json",
      "frobnicate the files", "run --wokers 3 -- true", "recommend --job cpu:8x", "plan queue --service-time 50",
      "plan queue --arrival-rate 200/s --service-time 50ms --servers 9", "fit /absent/folder/with/a/long/name/data.csv",
    ], [60, 80, 200])
  func fits(command: String, columns: Int) throws {
    let lines = try onTerminal(columns, "$ADVISOR \(command)")
    #expect(!lines.isEmpty)
    #expect(lines.filter { $0.count > columns } == [])
  }

  @Test("A file gets all columns, whatever the terminal beside it")
  func redirected() throws {
    _ = try onTerminal(
      60, "$ADVISOR recommend --profile profile.json --no-history --job cpu:8x1e6 > advice")
    let advice = try String(contentsOfFile: "\(program.folder)/advice", encoding: .utf8)
    #expect(advice.contains("chunk") && advice.contains("bound by\n"), "\(advice)")
  }
}
