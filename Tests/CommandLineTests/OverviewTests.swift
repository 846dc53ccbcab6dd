import AdvisorTestSupport
import Testing

/// `advisor` alone: what a stranger types first.
@Suite("The overview") struct OverviewTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test("It says what is known, and what to type in this folder and for each question")
  func overview() throws {
    _ = try program.file("Makefile", "all:\n")
    let text = try program.shell("$ADVISOR").output
    for part in [
      "usable", "Nothing is measured yet", "In this folder\n  make -j$(advisor cpus)", "Type next",
      "advisor tune -- pytest",
      "advisor cpus --why", "advisor why --", "advisor help report",
    ] { #expect(text.contains(part), "\(part)\n\(text)") }
    #expect(text.split(separator: "make -j$(advisor cpus)").count == 2, "once, not in both lists: \(text)")
  }

  @Test("Where nothing is known of the folder, nothing is said of it")
  func plainFolder() throws {
    #expect(try !program.shell("mkdir empty; cd empty; $ADVISOR").output.contains("In this folder"))
  }
}
