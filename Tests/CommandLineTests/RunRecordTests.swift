import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing

@Suite("What a run of commands keeps, and goes on from") struct RunRecordTests {
  private static let header = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n"

  private let program: Program

  init() throws { program = try Program() }

  @Test("A command that took a second is among the past runs, unless that is not wanted", arguments: [true, false])
  func history(isKept: Bool) throws {
    let words = ["run"] + (isKept ? [] : ["--no-history"]) + ["--", "sleep", ":::", "1.1"]
    #expect(try program.start(words).finish().status == 0)
    let runs = try #require(try program.run("history", "--json").json()["runs"] as? [[String: Any]])
    #expect(runs.map { $0["job"] as? String } == (isKept ? ["sleep"] : []))
    let listed = try program.run("history")
    #expect(listed.status == 0 && listed.output.contains("sleep") == isKept)
  }

  @Test(
    "A run's time lies between its CPU time and a clock outside, and its prediction names the start of its programs")
  func timesOfARun() throws {
    let profile = try program.file("profile.json", SampleProfile.json)
    let inputs = (0..<150).map { "\($0)" }
    let start = ContinuousClock.now
    let outcome = try program.start(
      ["run", "--json", "--no-history", "--profile", profile, "-j", "1", "--", "sh", "-c", "exit 0", ":::"] + inputs
    ).finish()
    let outside = (ContinuousClock.now - start) / .seconds(1)
    let record = try outcome.json()
    let observed = try #require(record["observed"] as? [String: Any])
    let seconds = try #require(observed["seconds"] as? Double)
    #expect((try #require(observed["cpuSeconds"] as? Double)...outside).contains(seconds))
    let parts = try #require((record["predicted"] as? [String: Any])?["breakdown"] as? [[String: Any]])
    #expect(parts.contains { $0["name"] as? String == "spawn" })
  }

  @Test("What GNU parallel's log says is done is left out")
  func logOfGNUParallel() throws {
    let log = try program.file(
      "log",
      Self.header + "2\t:\t1700000000.100\t     0.002\t0\t2\t0\t0\techo b\\ c\n"
        + "1\t:\t1700000000.101\t     0.002\t0\t2\t0\t0\techo a\n")
    let outcome = try program.run("run", "-k", "--joblog", log, "--resume", "--", "echo", ":::", "a", "b c", "d")
    #expect(outcome.status == 0 && outcome.output == "d\n", "\(outcome.complaint)")
  }

  @Test("A file that is no journal, or no log, is not emptied: exit 65", arguments: ["--journal", "--joblog"])
  func foreignFile(_ option: String) throws {
    let file = try program.file("thesis.tex", "years of work")
    let outcome = try program.run("run", option, file, "--", "true", ":::", "a")
    #expect(outcome.status == 65 && outcome.complaint.contains("thesis.tex") && outcome.complaint.contains(option))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "years of work")
  }

  @Test("Threads are put into the command and its environment, and the user's own setting stays")
  func threads() throws {
    let script = "echo {threads} $OMP_NUM_THREADS $MKL_NUM_THREADS"
    let outcome = try program.run(
      "run", "--threads", "3", "--env", "MKL_NUM_THREADS=7", "--", "sh", "-c", script, ":::", "a")
    #expect(outcome.output == "3 3 7\n", "\(outcome.complaint)")
    let words = ["run", "-j1", "--", "sh", "-c", "echo {threads} $OMP_NUM_THREADS", ":::", "a"]
    let alone = try program.start(words, wrapper: ["taskset", "-c", "0"]).finish()
    #expect(alone.output == "1 1\n")
  }

  @Test("The longest of an earlier run starts first, whichever slot it ran in", arguments: ["", "{%}", "{threads}"])
  func longestFirst(ofTheRun: String) throws {
    let logged = ofTheRun.isEmpty ? "" : " 7"
    let log = try program.file(
      "log",
      Self.header + "1\t:\t1700000000.1\t     1.0\t0\t2\t0\t0\techo a\(logged)\n"
        + "2\t:\t1700000000.1\t     9.0\t0\t2\t0\t0\techo b\(logged)\n")
    let command = ["--", "echo", "{}"] + (ofTheRun.isEmpty ? [] : [ofTheRun])
    let words = ["run", "--workers", "1", "--joblog", log, "--longest-first"] + command + [":::", "a", "b", "new"]
    let output = try program.start(words).finish().output
    #expect(output.split(separator: "\n").map { $0.prefix { $0 != " " } } == ["new", "b", "a"])
  }
}
