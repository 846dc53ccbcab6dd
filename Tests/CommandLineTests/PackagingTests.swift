import FoundationEssentials
import Glibc
import Testing

/// What a package is made of comes from the program itself.
@Suite("Packaging") struct PackagingTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test("The version tells the facts of the build")
  func versionWithBuildFacts() throws {
    let outcome = try program.run("--version")
    #expect(outcome.status == 0)
    #expect(
      outcome.output.wholeMatch(of: /advisor \d+\.\d+\.\d+ \(([^,]+, )*(x86_64|aarch64)-linux(, debug build)?\)\n/)
        != nil)
  }

  @Test(
    "Each shell reads its completions",
    arguments: [("bash", "bash -n"), ("zsh", "zsh -n"), ("fish", "fish --no-execute")])
  func completionsThatTheirShellReads(shell: String, check: String) throws {
    let script = try program.run("--generate-completion-script", shell)
    #expect(script.status == 0)
    for command in ["run", "map", "download", "recommend", "calibrate", "plan", "profiles"] {
      #expect(script.output.contains(command))
    }
    // Only bash is everywhere.
    let line = "command -v \(shell) >/dev/null || exit 0; \(check) completions"
    _ = try program.file("completions", script.output)
    let verdict = try program.shell(line)
    #expect(verdict.status == 0, "\(verdict.complaint)")
  }

  @Test("Manual pages are made from the parser")
  func manualPagesAreMadeFromTheParser() throws {
    let document = try program.run("--experimental-dump-help").json()
    let root = try #require(document["command"] as? [String: Any])
    let names = try #require(root["subcommands"] as? [[String: Any]]).compactMap { $0["commandName"] as? String }
    #expect(Set(["probe", "calibrate", "recommend", "run", "map", "download", "plan", "verify"]).isSubset(of: names))
  }
}
