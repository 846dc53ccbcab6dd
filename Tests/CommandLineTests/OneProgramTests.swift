import Testing

/// `advisor` is one file: it works wherever that is put and whatever it is called by.
@Suite("One program") struct OneProgramTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test(
    "A copy or a link of it answers every command",
    arguments: ["cp $ADVISOR elsewhere", "ln -s $ADVISOR elsewhere", "cp $ADVISOR real && ln -s real elsewhere"])
  func worksElsewhere(install: String) throws {
    let outcome = try program.shell("\(install) && ./elsewhere recommend --help && ./elsewhere probe --json")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("USAGE: advisor recommend"))
    #expect(outcome.output.contains(#""usable""#))
  }

  @Test("A copy starts its own worker processes and test server")
  func startsItself() throws {
    let outcome = try program.shell(
      "cp $ADVISOR alone && ./alone run --job cpu:4x1e3 --strategy processes --workers 2 --no-history")
    #expect(outcome.status == 0, "\(outcome.complaint)")
  }
}
