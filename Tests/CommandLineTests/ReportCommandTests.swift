import AdvisorTestSupport
import Foundation
import Testing

@Suite("Capacity reports on the command line") struct ReportCommandTests {
  private let program: Program
  private let profile: String

  init() throws {
    program = try Program()
    profile = try program.file("profile.json", SampleProfile.json)
  }

  /// The report says what the commands say: until when 250 less a fifth holds, and until when the machines keep their goal.
  @Test("The report agrees with the commands")
  func theReportAgreesWithTheCommands() throws {
    let rows = (1...28).map { "202601\($0 < 10 ? "0" : "")\($0),\(100 + 2 * $0)" }
    let file = try program.file("load.csv", "date,load\n" + rows.joined(separator: "\n"))
    let capacity = ["--capacity", "250", "--headroom", "20%"]
    let forecast = try program.start(["plan", "forecast", "--history", file, "--json"] + capacity).finish().json()
    let common = ["report", "--output", "report.json", "--profile", profile, "--no-history", "--load-history", file]
    let load = ["--arrival-rate", "156/s", "--service-time", "20ms", "--p95-response", "300ms", "--profiles", "none"]
    let report = try report(common + capacity)
    let first = try #require(report["forecast"] as? [String: Any])
    #expect(first["usableCapacity"] as? Double == 200)
    #expect((first["pointCrossing"] as? [String: Any])?["date"] as? String == "2026-02-19")
    #expect(first["pointCrossing"] as? NSDictionary == forecast["pointCrossing"] as? NSDictionary)
    // Without a capacity it is what the machines bear: 70 % of two CPUs at 50 requests/s each, but for the spare one.
    let planned = try self.report(common + load)
    let stages = try #require((planned["outlook"] as? [String: Any])?["stages"] as? [[String: Any]])
    let rate = try #require(stages.first?["arrivalRate"] as? Double)
    #expect(abs(rate - 70 * Double(try #require(stages.first?["machines"] as? Int) - 1)) < 1e-6)
    #expect(((planned["forecast"] as? [String: Any])?["usableCapacity"] as? Double) == rate)
  }

  @Test("A report says where, when and how it was made, and fits a planner's own measurements")
  func originAndMeasurements() throws {
    let rows = [1.0, 2, 4, 8, 16, 32].map { "\($0),\(50 * $0 / (1 + 0.05 * ($0 - 1) + 0.002 * $0 * ($0 - 1)))" }
    let file = try program.file("points.csv", "workers,throughput\n" + rows.joined(separator: "\n"))
    let report = try report([
      "report", "--output", "report.json", "--profile", profile, "--no-history", "--measurements", file,
    ])
    let origin = try #require(report["origin"] as? [String: String])
    #expect(origin["command"]?.hasPrefix("advisor report --output") == true)
    #expect(origin["host"]?.isEmpty == false && origin["date"]?.hasPrefix("20") == true)
    #expect((report["measured"] as? [String: Any])?["best"] as? String == "usl")
    let answer = try #require(report["answer"] as? [String: Any])
    let action = try #require((answer["actions"] as? [[String: Any]])?.first)
    #expect(action["code"] as? String == "useWorkers" && action["text"] is String)
  }

  private func report(_ arguments: [String]) throws -> [String: Any] {
    let path = "\(program.folder)/report.json"
    let outcome = try program.start(arguments.map { $0 == "report.json" ? path : $0 }).finish()
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// A profile that holds a machine and no cost at all.
  @Test("A report without costs says so")
  func aReportWithoutCostsSaysSo() throws {
    var text = SampleProfile.json
    for key in ["fixedCosts", "disk", "http", "kernels", "memoryBandwidth", "speedups"] {
      let start = try #require(text.range(of: "\"\(key)\":["))
      var depth = 1
      var end = start.upperBound
      while depth > 0 {
        if text[end] == "[" { depth += 1 }
        if text[end] == "]" { depth -= 1 }
        end = text.index(after: end)
      }
      text.replaceSubrange(start.upperBound..<end, with: "]")
    }
    let bare = try program.file("bare.json", text)
    let path = "\(program.folder)/report.html"
    let outcome = try program.run(
      "report", "--output", path, "--profile", bare, "--job", "cpu:64x1e6", "--no-history", "--profiles", "none")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let page = try String(contentsOfFile: path, encoding: .utf8)
    for sentence in [
      "No way of running cpu:64x1e6 can be named", "nothing to draw", "Disk reads: not measured at several depths",
      "Fixed costs: not in the profile", "Strategy map: the profile lacks costs",
    ] { #expect(page.contains(sentence), "\(sentence)") }
    #expect(!page.contains("NaN"))
  }

  @Test(
    "A report is written in every format",
    arguments: [("report.html", "<!DOCTYPE html>"), ("report.md", "# Capacity report"), ("report.json", "{")])
  func report(name: String, opening: String) throws {
    let path = "\(program.folder)/\(name)"
    let outcome = try program.run(
      "report", "--output", path, "--profile", profile, "--job", "cpu:64x10ms", "--no-history")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasPrefix(opening))
    #expect(text.contains("cpu:64x10ms"))
    #expect(!text.contains("NaN") && !text.contains("inf,"))
  }

  @Test("What held a command back is a section with its time over time", arguments: ["report.html", "report.md"])
  func observation(name: String) throws {
    let why = "\(program.folder)/why.json"
    let observed = try program.shell("$ADVISOR why --json -- sleep 1.2 > '\(why)'")
    #expect(observed.status == 0, "\(observed.complaint)")
    let path = "\(program.folder)/\(name)"
    let outcome = try program.run(
      "report", "--output", path, "--profile", profile, "--no-history", "--why", why)
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for words in ["What held it back", "It sleeps", "Time over time", "sleep 1.2"] { #expect(text.contains(words)) }
    let without = try program.run("report", "--output", path, "--profile", profile, "--no-history")
    #expect(without.status == 0)
    #expect(try !String(contentsOfFile: path, encoding: .utf8).contains("What held it back"))
  }

  @Test("What is no observation is an error that says how to make one")
  func noObservation() throws {
    let outcome = try program.run(
      "report", "--output", "\(program.folder)/report.md", "--profile", profile, "--no-history", "--why", profile)
    #expect(outcome.status == 65 && outcome.complaint.contains("advisor why --json"), "\(outcome.complaint)")
  }

  @Test(
    "A report that cannot be written is an error", arguments: ["report", "report.docx", "/no/such/folder/report.md"])
  func reportThatCannotBeWritten(path: String) throws {
    let outcome = try program.run("report", "--output", path, "--profile", profile, "--no-history")
    #expect(outcome.status == (path.hasSuffix(".md") ? 73 : 64))
    #expect(!outcome.complaint.isEmpty)
  }
}
