import AdvisorCore
import Testing

@testable import Tuning

@Suite("What runs say beside their times") struct WorklessRunTests {
  private static func caveats(seconds: [Double], prepare: String? = nil) throws -> [TuningCaveat] {
    let command = try TunedCommand([Array("true".utf8), Array("{n}".utf8)], knobs: [])
    var options = TrialOptions()
    options.prepare = prepare
    var session = try TuningSession(
      command, command.tuner(start: nil, cores: 2, Tuner.Settings(cpus: 2)), options, budgetSeconds: 1,
      shouldStop: { false }, progress: { _ in })
    for seconds in seconds {
      session.tuner.record(TrialRun(candidate: session.tuner.start, seconds: seconds, cpuSeconds: seconds / 2))
    }
    return session.report(objective: "time", cores: 2).caveats
  }

  @Test("Runs that all end at once are told to have found their work done")
  func noWork() throws {
    #expect(try Self.caveats(seconds: [0.004, 0.006]) == [.noWork(seconds: 0.006)])
  }

  @Test("One run that works, or a preparation, is reason enough to trust them")
  func work() throws {
    #expect(try Self.caveats(seconds: [2, 0.006]).isEmpty)
    #expect(try Self.caveats(seconds: [0.004, 0.006], prepare: "make clean").isEmpty)
  }

  @Test(
    "Of a failed run's output, the line that names the error is cited, else the last",
    arguments: [
      (
        "usage: pytest\npytest: error: unrecognized arguments: -n\n  inifile: None\n\n",
        "pytest: error: unrecognized arguments: -n"
      ),
      ("one\ntwo\n \n", "two"),
    ])
  func tellingLine(output: String, line: String) { #expect(TrialLog.tellingLine(of: output) == line) }

  @Test("Nothing is cited where nothing was printed")
  func silent() { #expect(TrialLog.tellingLine(of: "\n \n") == nil) }
}
