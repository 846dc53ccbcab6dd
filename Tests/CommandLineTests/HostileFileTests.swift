import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing

/// Files from untrusted places can neither use up the machine, nor reach outside of their folder, nor speak to the terminal.
@Suite("Files from untrusted places", .timeLimit(.minutes(1))) struct HostileFileTests {
  private let program: Program

  init() throws { program = try Program() }

  /// Each would read without an end.
  @Test(
    "A file without an end is refused",
    arguments: [
      ["recommend", "--profile", "/dev/zero", "--job", "cpu:8x1e6"], ["recommend", "--job-file", "/dev/zero"],
      ["fit", "/dev/zero"], ["plan", "forecast", "--history", "/dev/zero", "--capacity", "9"],
      ["download", "/dev/zero", "--into", "files"],
      ["run", "--inputs", "/dev/zero", "--", "true"], ["run", "--csv", "--inputs", "/dev/zero", "--", "true"],
      ["run", "--journal", "/dev/zero", "--resume", "--", "true", ":::", "a"],
    ])
  func filesWithoutAnEnd(arguments: [String]) throws {
    let outcome = try program.start(arguments).finish()
    #expect(outcome.status == 65, "\(outcome.complaint)")
    #expect(outcome.complaint.contains("/dev/zero") && outcome.complaint.contains("→"))
  }

  @Test("A quote that never closes is refused")
  func quotesThatNeverClose() throws {
    let lines = String(repeating: "a line of text\n", count: 100_000)
    let file = try program.file("open.csv", "name\n\"" + lines)
    let outcome = try program.run("run", "--csv", "--inputs", file, "--", "true")
    #expect(outcome.status == 65)
    #expect(outcome.complaint.contains("more than 1 MiB"))
  }

  /// Nine levels of nine YAML aliases each would be a thousand million strings.
  @Test("Aliases that multiply are refused")
  func aliasesThatMultiply() throws {
    var text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    for level in 1...9 {
      text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ","))]\n"
    }
    let outcome = try program.run("recommend", "--job-file", try program.file("bomb", text + "stages: *a9\n"))
    #expect(outcome.status == 65 && outcome.complaint.contains("line 1"))
  }

  @Test("Depth without an end is refused")
  func depthWithoutAnEnd() throws {
    let file = try program.file("deep.json", String(repeating: "[", count: 1_000_000))
    for arguments in [["recommend", "--profile", file, "--job", "cpu:8x1e6"], ["recommend", "--job-file", file]] {
      #expect(try program.start(arguments).finish().status == 65)
    }
  }

  @Test(
    "A name that leads elsewhere is refused",
    arguments: ["out=../outside", "out=/tmp/outside", "out=..", "out=a%2f..%2f..%2foutside"])
  func namesThatLeadElsewhere(name: String) throws {
    let list = try program.file("urls", "http://127.0.0.1:9/a \(name)\n")
    let outcome = try program.run("download", list, "--into", "files")
    #expect(outcome.status == 65)
    #expect(outcome.complaint.contains("line 1"))
  }

  /// A title, a cleared screen and a reply that the terminal would type.
  @Test("Text does not speak to the terminal")
  func textThatSpeaksToTheTerminal() throws {
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

  @Test("Text does not speak to the browser")
  func textThatSpeaksToTheBrowser() throws {
    let profile = try hostileProfile(model: "<script>alert(1)</script>")
    #expect(try program.run("report", "--profile", profile, "--output", "page.html").status == 0)
    let page = try String(contentsOfFile: "\(program.folder)/page.html", encoding: .utf8)
    #expect(!page.contains("<script>alert"))
    #expect(page.contains("&lt;script&gt;alert"))
  }

  /// The escapes that clear a screen or reset the terminal, and U+009B, which begins one by itself (ECMA-48, CSI).
  /// A command that a shell must read is left out: what a shell says of it is the shell's (dash hands escapes on).
  @Test(
    "No complaint hands on what an argument holds for the terminal",
    arguments: [
      ["plan", "queue", "--service-time", "1s", "--arrival-rate", "\u{1B}[2J\u{9B}2J"], ["\u{1B}[2J"],
      ["run", "--\u{1B}[2J"], ["run", "--journal", "\u{1B}[2J/j", "--", "true", ":::", "a"],
      ["run", "--", "\u{1B}c", ":::", "a"], ["report", "--output", "\u{1B}[2J.pdf/a.md", "--profile", "none"],
    ])
  func complaints(arguments: [String]) throws {
    let outcome = try program.start(arguments).finish()
    #expect(outcome.status != 0 && !outcome.complaint.isEmpty)
    #expect(!outcome.complaint.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x9B })
  }

  @Test("Nor does a report, in any form, or a document", arguments: ["page.html", "page.md", "page.json"])
  func reports(name: String) throws {
    let profile = try hostileProfile(model: #"EPYC\u202e\u001b[2J\u009b2J"#)
    #expect(try program.run("report", "--profile", profile, "--output", name).status == 0)
    let page = try String(contentsOfFile: "\(program.folder)/\(name)", encoding: .utf8)
    #expect(page.contains("EPYC"))
    #expect(!page.unicodeScalars.contains { [0x1B, 0x9B, 0x202E].contains($0.value) })
  }

  @Test("However long what is wrong is, the complaint is short")
  func shortComplaints() throws {
    let digits = String(repeating: "9", count: 100_000)
    let table = try program.file("table.csv", "workers,throughput\n1,\(digits)\n")
    let header = try program.file("header.csv", "\(digits),\(digits)\n1,2\n")
    let combined = try program.file(
      "combined.csv", "workers,throughput\n1,e" + String(repeating: "\u{301}", count: 100_000))
    for arguments in [
      ["fit", table], ["fit", header], ["fit", combined], ["run", "--job", "cpu:\(digits)x1"],
      ["plan", "queue", "--service-time", "1s", "--arrival-rate=\(digits)"],
      ["run", "--inputs", table, "--csv", "--halt", digits, "--", "true"],
    ] {
      let outcome = try program.start(arguments).finish()
      #expect([64, 65].contains(outcome.status) && outcome.complaint.utf8.count < 2000, "\(arguments[0])")
    }
  }

  @Test(
    "A machine with less than no memory, or with a limit below zero, is no machine",
    arguments: [
      (#""memoryBytes":25276063744"#, #""memoryBytes":-5"#), (#""openFiles":1024"#, #""openFiles":-1"#),
    ])
  func negativeFigures(figure: String, lie: String) throws {
    let text = SampleProfile.json.replacing(figure, with: lie)
    #expect(text != SampleProfile.json)
    let profile = try program.file("lie.json", text)
    for command in [["profiles", "validate", profile], ["recommend", "--profile", profile, "--job", "cpu:8x1e6"]] {
      #expect(try program.start(command).finish().status == 65)
    }
  }

  @Test("A pipe where an interpreter's code is kept is not waited for", .enabled(if: TestPython.isThere))
  func pipeAsCache() throws {
    let folder = "\(program.folder)/cache/advisor"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for version in 9...20 { mkfifo("\(folder)/python-host-cpython-3\(version)", 0o600) }
    _ = try program.file("m.py", "def f(x):\n    return x + 1\n")
    let inputs = try program.file("inputs.jsonl", "1\n")
    let outcome = try program.start(
      ["map", "m:f", "--inputs", inputs], wrapper: ["XDG_CACHE_HOME=\(program.folder)/cache"]
    ).finish()
    #expect(outcome.status == 0 && outcome.output == "2\n", "\(outcome.complaint)")
  }

  @Test("The browser that prints a report can ask nobody anything")
  func browser() throws {
    // It writes down how it was called.
    let bin = "\(program.folder)/bin"
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    let script = """
      #!/bin/sh
      printf '%s\\n' "$@" > \(program.folder)/words
      for word; do case $word in --print-to-pdf=*) file=${word#*=};; esac; done
      : > "$file"
      stat -c %a "${file%/*}" "${file%/*}/page.html" > \(program.folder)/modes
      """
    let browser = try program.file("bin/chromium", script)
    chmod(browser, 0o755)
    let profile = try program.file("profile.json", SampleProfile.json)
    _ = try program.start(
      ["report", "--profile", profile, "--output", "page.pdf"],
      wrapper: ["PATH=\(bin):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin")"]
    ).finish()
    let words = try String(contentsOfFile: "\(program.folder)/words", encoding: .utf8).split(separator: "\n")
    // Chromium's services/network/public/cpp/network_switches.cc: every name is mapped to one that is not found.
    #expect(words.contains("--host-resolver-rules=MAP * ~NOTFOUND") && words.contains("--no-proxy-server"))
    #expect(try String(contentsOfFile: "\(program.folder)/modes", encoding: .utf8) == "700\n600\n")
  }

  private func hostileProfile(model: String) throws -> String {
    let text = SampleProfile.json.replacing(#""model":"AMD EPYC""#, with: #""model":"\#(model)""#)
    #expect(text.contains(model))
    return try program.file("hostile.json", text)
  }
}
