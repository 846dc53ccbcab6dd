import Foundation
import Testing

/// Files from untrusted places can neither use up the machine, nor reach outside of their folder, nor speak to the terminal.
@Suite("Files from untrusted places", .timeLimit(.minutes(1))) struct HostileFileTests {
  private let program: Program

  init() throws { program = try Program() }

  /// Each would read without an end.
  @Test(arguments: [
    ["recommend", "--profile", "/dev/zero", "--job", "cpu:8x1e6"], ["recommend", "--job-file", "/dev/zero"],
    ["fit", "/dev/zero"], ["plan", "forecast", "--history", "/dev/zero", "--capacity", "9"],
    ["run", "--urls", "/dev/zero", "--into", "files"],
    ["run", "--inputs", "/dev/zero", "--", "true"], ["run", "--csv", "--inputs", "/dev/zero", "--", "true"],
    ["run", "--journal", "/dev/zero", "--resume", "--", "true", ":::", "a"],
  ])
  func filesWithoutAnEnd(arguments: [String]) throws {
    let outcome = try program.start(arguments).finish()
    #expect(outcome.status == 65, "\(outcome.complaint)")
    #expect(outcome.complaint.contains("/dev/zero") && outcome.complaint.contains("→"))
  }

  @Test func quotesThatNeverClose() throws {
    let lines = String(repeating: "a line of text\n", count: 100_000)
    let file = try program.file("open.csv", "name\n\"" + lines)
    let outcome = try program.run("run", "--csv", "--inputs", file, "--", "true")
    #expect(outcome.status == 65)
    #expect(outcome.complaint.contains("more than 1 MiB"))
  }

  /// Nine levels of nine aliases each would be a thousand million strings.
  @Test func aliasesThatMultiply() throws {
    var text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    for level in 1...9 {
      text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ","))]\n"
    }
    let outcome = try program.run("recommend", "--job-file", try program.file("bomb.yaml", text + "stages: *a9\n"))
    #expect(outcome.status == 65)
  }

  @Test func depthWithoutAnEnd() throws {
    let file = try program.file("deep.json", String(repeating: "[", count: 1_000_000))
    for arguments in [["recommend", "--profile", file, "--job", "cpu:8x1e6"], ["recommend", "--job-file", file]] {
      #expect(try program.start(arguments).finish().status == 65)
    }
  }

  @Test(arguments: ["out=../outside", "out=/tmp/outside", "out=..", "out=a%2f..%2f..%2foutside"])
  func namesThatLeadElsewhere(name: String) throws {
    let list = try program.file("urls", "http://127.0.0.1:9/a \(name)\n")
    let outcome = try program.run("run", "--urls", list, "--into", "files")
    #expect(outcome.status == 65)
    #expect(outcome.complaint.contains("line 1"))
  }

  /// A title, a cleared screen and a reply that the terminal would type.
  @Test func textThatSpeaksToTheTerminal() throws {
    let escapes = #"\u202e\u001b]0;owned\u0007\u001b[2J\u001b[6n"#
    let profile = try hostileProfile(model: "EPYC" + escapes)
    for command in [
      ["profiles", "show", "--profile", profile], ["recommend", "--profile", profile, "--job", "cpu:8x1e6"],
    ] {
      let outcome = try program.start(command).finish()
      #expect(outcome.status == 0, "\(outcome.complaint)")
      #expect(!(outcome.output + outcome.complaint).contains("\u{1B}"))
    }
    let unknown = try program.file("bad.json", #"{"schema": "x\#(escapes)"}"#)
    #expect(!(try program.run("profiles", "show", "--profile", unknown).complaint.contains("\u{1B}")))
  }

  @Test func textThatSpeaksToTheBrowser() throws {
    let profile = try hostileProfile(model: "<script>alert(1)</script>")
    #expect(try program.run("report", "--profile", profile, "--output", "page.html").status == 0)
    let page = try String(contentsOfFile: "\(program.folder)/page.html", encoding: .utf8)
    #expect(!page.contains("<script>alert"))
    #expect(page.contains("&lt;script&gt;alert"))
  }

  private func hostileProfile(model: String) throws -> String {
    let text = SampleProfile.json.replacing(#""model":"AMD EPYC""#, with: #""model":"\#(model)""#)
    #expect(text.contains(model))
    return try program.file("hostile.json", text)
  }
}
