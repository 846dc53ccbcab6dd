import AdvisorTestSupport
import Foundation
import Testing

@Suite("Planning on the command line") struct PlanCommandTests {
  private let program: Program
  private let profile: String

  init() throws {
    program = try Program()
    profile = try program.file("profile.json", SampleProfile.json)
  }

  /// 64 tasks of a second on two CPUs.
  @Test("Each machine of a price list is ranked, in its currency")
  func rankedMachines() throws {
    let prices = try program.file(
      "prices.csv",
      "machine,vCPUs,memory,price (USD/h)\nhere,2,8GiB,$0.09\nfour,4,16GiB,$0.18\nsixteen,16,64GiB,$0.71\n")
    let plan = try program.run(
      "plan", "batch", "--job", "cpu:64x1s", "--deadline", "1h", "--profile", profile, "--prices", prices, "--json"
    ).json()
    #expect(plan["currency"] as? String == "USD")
    #expect((plan["others"] as? [[String: Any]])?.count == 2)
    #expect((plan["verdict"] as? [[String: Any]])?.contains { $0["code"] as? String == "cheapest" } == true)
    let fleet = try program.run(
      "plan", "fleet", "--arrival-rate", "100/s", "--service-time", "20ms", "--p95-response", "300ms", "--profile",
      profile, "--prices", prices)
    #expect(fleet.status == 0 && fleet.output.contains("sixteen") && fleet.output.contains("USD an hour, the cheapest"))
  }

  @Test("A command is measured first, and planned from that")
  func commandBatch() throws {
    let outcome = try program.start([
      "plan", "batch", "--deadline", "1h", "--profile", profile, "--json", "--", "true", "{}", ":::", "1", "2", "3",
      "4",
    ]).finish()
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.complaint.contains("running the command"))
    #expect((try outcome.json()["here"] as? [String: Any])?["meetsDeadline"] as? Bool == true)
  }

  /// The machines of two CPUs at 70 % bear 70 requests/s each, but for the spare one.
  @Test("A fleet says until when its machines do")
  func fleetUntilWhen() throws {
    let rows = (1...28).map { "202601\($0 < 10 ? "0" : "")\($0),\(100 + 2 * $0)" }
    let file = try program.file("load.csv", "date,load\n" + rows.joined(separator: "\n"))
    let plan = try program.run(
      "plan", "fleet", "--arrival-rate", "156/s", "--service-time", "20ms", "--p95-response", "300ms", "--profile",
      profile,
      "--history", file, "--json"
    ).json()
    let stages = try #require((plan["outlook"] as? [String: Any])?["stages"] as? [[String: Any]])
    #expect(stages.count == 4 && (stages[0]["upperCrossing"] as? [String: Any])?["date"] is String)
  }

  /// X(N) = 50N / (1 + 0.05(N − 1) + 0.002N(N − 1)) peaks at √(0.95/0.002) = 21.8.
  @Test("A fit is printed as JSON")
  func fitAsJSON() throws {
    let rows = [1.0, 2, 4, 8, 16, 32].map { "\($0),\(50 * $0 / (1 + 0.05 * ($0 - 1) + 0.002 * $0 * ($0 - 1)))" }
    let file = try program.file("points.csv", "workers,throughput\n" + rows.joined(separator: "\n"))
    let fit = try program.run("fit", file, "--json").json()
    #expect(fit["best"] as? String == "usl")
    let models = try #require(fit["models"] as? [[String: Any]])
    let usl = try #require(models.first { $0["model"] as? String == "usl" })
    let coefficients = try #require(usl["coefficients"] as? [String: Double])
    #expect(abs(try #require(coefficients["alpha"]) - 0.05) < 1e-6)
    let peak = try #require(usl["peak"] as? [String: Double])
    #expect(abs(try #require(peak["workers"]) - 21.79) < 0.01)
    let amdahl = try #require(models.first { $0["model"] as? String == "amdahl" })
    #expect(amdahl["peak"] is NSNull)
  }

  @Test(
    "A bad table is named with its line",
    arguments: [
      ("workers,speed\n1,2\n", "no column of throughput"), ("workers,throughput\n1,ten\n", ":2:2: “ten”"),
      ("workers,throughput\n1,10\n", "of 1 worker"), ("workers,throughput\n4,1\n4,1\n", "of 4 workers"), ("", "empty"),
    ])
  func badCSV(text: String, problem: String) throws {
    let file = try program.file("bad.csv", text)
    let outcome = try program.run("fit", file)
    #expect(outcome.status == 65)
    #expect(outcome.output.isEmpty)
    #expect(outcome.complaint.contains(problem) && outcome.complaint.contains("→"))
  }

  @Test("The last verification is fitted")
  func fitOfTheLastVerification() throws {
    let early = try program.run("fit", "--from", "verify")
    #expect(early.status == 65)
    #expect(early.complaint.contains("advisor verify"))
    let suite = try program.file("suite", "# Short\nwait:8x1ms\nfew letters = cpu:4x1e4\n")
    let verified = try program.run(
      "verify", "--suite", suite, "--time", "1s", "--profile", profile, "--no-history", "--json")
    #expect(verified.status == 0, "\(verified.complaint)")
    let cases = try #require(verified.json()["cases"] as? [[String: Any]])
    #expect(cases.map { $0["name"] as? String } == [nil, "few letters"])
    #expect(cases.map { $0["job"] as? String } == ["wait:8x1ms", "cpu:4x1e4"])
    let fit = try program.run("fit", "--from", "verify", "--job", "wait:8x1ms", "--json")
    #expect(fit.status == 0, "\(fit.complaint)")
    #expect(try #require(fit.json()["measured"] as? [Any]).count >= 3)
  }

  @Test(
    "A forecast has its two dates, however its file is named", arguments: ["--history", "--load-history", "--json"])
  func forecast(option: String) throws {
    let rows = (1...10).map { "2026-01-\($0 < 10 ? "0" : "")\($0),\(10 * $0)" }
    let file = try program.file("load.csv", "date,load\n" + rows.joined(separator: "\n"))
    let forecast = try program.run("plan", "forecast", option, file, "--capacity", "150", "--json").json()
    #expect((forecast["pointCrossing"] as? [String: Any])?["date"] as? String == "2026-01-15")
  }

  @Test("A forecast without a file, or with two, says how to name one", arguments: ["--json", "--history=a.csv"])
  func forecastFiles(option: String) throws {
    let files = option == "--json" ? option : "b.csv"
    let refused = try program.run("plan", "forecast", "--capacity", "150", option, files)
    #expect(refused.status == 64 && refused.complaint.contains("advisor plan forecast load.csv"))
  }

  /// 100 requests/s of 20 ms are two erlangs: at 70 % of two CPUs two machines, and one to spare.
  @Test(
    "A fleet is sized",
    arguments: ["machine,price_per_hour\nthis machine,0.4\n", "machine,cpus,price_per_hour\nhere,,0.4\nbig,64,9\n"])
  func fleet(prices: String) throws {
    let prices = try program.file("prices.csv", prices)
    let plan = try program.run(
      "plan", "fleet", "--arrival-rate", "100/s", "--service-time", "20ms", "--p95-response", "300ms", "--headroom",
      "30%", "--redundancy", "N+1", "--profile", profile, "--prices", prices, "--json"
    ).json()
    let fleet = try #require((plan["fleets"] as? [[String: Any]])?.first)
    #expect(fleet["machines"] as? Int == 3)
    #expect(abs(try #require(fleet["pricePerHour"] as? Double) - 1.2) < 1e-9)
  }

  /// 95 % of exponential services of 50 ms take up to 150 ms, whatever the number of machines.
  @Test("An unreachable goal is no success")
  func anUnreachableGoalIsNoSuccess() throws {
    let fleet = try program.run(
      "plan", "fleet", "--arrival-rate", "9/s", "--service-time", "50ms", "--p95-response", "100ms", "--profile",
      profile)
    #expect(fleet.status == 1)
    #expect(fleet.output.contains("No number of machines meets the goal") && fleet.output.contains("150 ms"))
    // One task of ten seconds is not shared out.
    let batch = try program.run(
      "plan", "batch", "--job", "cpu:1x10s", "--deadline", "1s", "--profile", profile, "--json")
    #expect(batch.status == 1)
    #expect(try batch.json()["scaleOut"] is NSNull)
  }

  @Test("A deadline is planned for")
  func batch() throws {
    let job = ["--job", "cpu:64x1s", "--profile", profile]
    let easy = try program.start(["plan", "batch", "--deadline", "2h", "--json"] + job).finish().json()
    #expect((easy["here"] as? [String: Any])?["meetsDeadline"] as? Bool == true)
    // 64 s of CPU time on two CPUs take half a minute; eight CPUs or more bring it below ten seconds.
    let hard = try program.start(["plan", "batch", "--deadline", "10s", "--json"] + job).finish().json()
    #expect((hard["here"] as? [String: Any])?["meetsDeadline"] as? Bool == false)
    #expect(try #require((hard["scaleUp"] as? [String: Any])?["cpus"] as? Int) >= 8)
    #expect(try #require((hard["scaleOut"] as? [String: Any])?["machines"] as? Int) >= 4)
  }

  /// 64 s of CPU time and 16 s at most: eight CPUs at 0.5 for 8 s and more cost less than several machines at 0.2 with a
  /// minute to start; the minute alone is past the deadline.
  @Test("Prices decide between machines that meet a deadline")
  func batchWithPrices() throws {
    let prices = try program.file("prices.csv", "machine,cpus,price_per_hour\nhere,2,0.2\nbig,8,0.5\nhuge,64,9\n")
    let arguments = ["plan", "batch", "--job", "cpu:64x1s", "--profile", profile, "--prices", prices, "--json"]
    let soon = try program.start(arguments + ["--deadline", "16s", "--cluster-start", "1min"]).finish().json()
    #expect((soon["scaleUp"] as? [String: Any])?["name"] as? String == "big")
    #expect(soon["scaleOut"] is NSNull)
    let plan = try program.start(arguments + ["--deadline", "20s", "--cluster-start", "5s"]).finish().json()
    let cluster = try #require(plan["scaleOut"] as? [String: Any])
    let seconds = try #require((cluster["seconds"] as? [String: Double])?["p50"])
    let machines = try #require(cluster["machines"] as? Int)
    #expect(abs(try #require(cluster["cost"] as? Double) - Double(machines) * 0.2 * seconds / 3600) < 1e-9)
    let breakEven = try #require(plan["breakEven"] as? [String: Double])
    #expect(breakEven["secondsBetweenRuns"] == seconds)
    let verdict = try #require(plan["verdict"] as? [[String: Any]])
    #expect(verdict.contains { ($0["code"] as? String)?.hasPrefix("cheap") == true && $0["text"] is String })
  }

  @Test("A fleet of every profile is sized")
  func theFleetOfEveryProfile() throws {
    try FileManager.default.createDirectory(atPath: "\(program.folder)/machines", withIntermediateDirectories: true)
    for (name, cpus) in [("two", 2), ("six", 6)] {
      _ = try program.file(
        "machines/\(name).json",
        SampleProfile.json.replacingOccurrences(of: "\"effectiveCPUs\":2", with: "\"effectiveCPUs\":\(cpus)"))
    }
    let plan = try program.run(
      "plan", "fleet", "--arrival-rate", "200/s", "--job", "cpu:1x30ms", "--p95-response", "300ms", "--profiles",
      "\(program.folder)/machines", "--json"
    ).json()
    let fleets = try #require(plan["fleets"] as? [[String: Any]])
    #expect(Set(fleets.compactMap { ($0["option"] as? [String: Any])?["name"] as? String }) == ["two", "six"])
    for fleet in fleets {
      #expect((fleet["afterOneFailure"] as? [String: Any])?["meetsGoal"] as? Bool == true)
      let sensitivity = try #require(fleet["sensitivity"] as? [String: Int])
      #expect(try #require(sensitivity["moreLoad"]) >= #require(sensitivity["lessLoad"]))
    }
  }

  @Test(
    "A script that cannot be written says what is missing: exit 64",
    arguments: [
      (["--", "true"], "--engine slurm"), (["--engine", "slurm"], "Name one thing to run"),
      (["--engine", "slurm", "--job", "cpu:2x1e3", "--function", "m:f"], "Name one thing to run"),
      (["--engine", "slurm", "--deadline", "1s", "--job", "cpu:2x1e3"], "--deadline"),
    ])
  func scriptRefusals(arguments: [String], word: String) throws {
    let outcome = try program.start(["plan", "script"] + arguments).finish()
    #expect(outcome.status == 64 && outcome.complaint.contains(word), "\(outcome.complaint)")
  }
}
