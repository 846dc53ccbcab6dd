import AdvisorTestSupport
import Foundation
import Testing

@Suite("Queues and networks on the command line") struct QueueCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  /// One server at half load: W = 1/(μ − λ) = 2 s.
  @Test("A queue is planned as JSON")
  func queueAsJSON() throws {
    let queue = try program.run(
      "plan", "queue", "--arrival-rate", "30/min", "--service-time", "1000ms", "--servers", "1", "--json"
    ).json()
    #expect(queue["schema"] as? String == "advisor.queue/1")
    #expect(queue["utilisation"] as? Double == 0.5)
    #expect(queue["probabilityOfWait"] as? Double == 0.5)
    #expect(queue["meanWait"] as? Double == 1)
    #expect(queue["meanResponse"] as? Double == 2)
    #expect((queue["method"] as? String)?.contains("exact") == true)
  }

  @Test("Any percentile is a goal, and the share that is reached is printed")
  func anyPercentile() throws {
    let arguments = ["plan", "queue", "--arrival-rate", "2", "--service-time", "1", "--p", "97", "--response", "4s"]
    let queue = try program.start(arguments + ["--json"]).finish().json()
    let outcome = try #require((queue["outcomes"] as? [[String: Any]])?.first)
    #expect(outcome["code"] as? String == "response" && outcome["share"] as? Double == 0.97)
    #expect(try #require(outcome["reached"] as? Double) >= 0.97)
    let asked = try #require(
      ((queue["percentiles"] as? [String: Any])?["response"] as? [String: Any])?["asked"] as? [String: Double])
    #expect(try #require(asked["seconds"]) <= 4)
    let text = try program.start(arguments).finish().output
    #expect(text.contains("p97") && text.contains("(reached: "))
  }

  @Test("Users have goals too, and impatient requests their own")
  func usersAndLosses() throws {
    let users = try program.run(
      "plan", "queue", "--users", "40", "--think-time", "2s", "--service-time", "50ms", "--p", "99", "--response",
      "300ms",
      "--json"
    ).json()
    #expect(users["schema"] as? String == "advisor.closed-queue/1" && users["servers"] as? Int ?? 0 > 0)
    // Ten erlangs lose 3.65 % on fifteen servers, and 5.68 % on fourteen (Erlang B).
    let calls = try program.run(
      "plan", "queue", "--arrival-rate", "10/s", "--service-time", "1s", "--patience", "0", "--max-lost", "5%", "--json"
    ).json()
    #expect(calls["servers"] as? Int == 15)
  }

  @Test("A network is planned from a file")
  func network() throws {
    let file = try program.file(
      "net.json",
      #"{"stations": [{"name": "disk", "demand": "50ms"}], "classes": [{"name": "web", "arrivalRate": "10/s"}]}"#)
    let plan = try program.run("plan", "network", file, "--json").json()
    #expect(plan["schema"] as? String == "advisor.network/1")
    let web = try #require((plan["classes"] as? [[String: Any]])?.first)
    #expect(abs(try #require(web["meanResponse"] as? Double) - 0.1) < 1e-12)
  }

  @Test("An unstable queue gives the reason and no number")
  func anUnstableQueueGivesTheReasonAndNoNumber() throws {
    let outcome = try program.run(
      "plan", "queue", "--arrival-rate", "200/s", "--service-time", "50ms", "--servers", "10", "--json")
    #expect(outcome.status == 65)
    #expect(outcome.output.isEmpty)
    #expect(outcome.complaint.contains("unstable") && outcome.complaint.contains("at least 11 servers"))
  }

  /// Erlang C at two erlangs: 0.174 of requests wait with four servers, 0.0597 with five.
  @Test("The fewest servers for a goal are found")
  func staffing() throws {
    let queue = try program.run(
      "plan", "queue", "--arrival-rate", "2", "--service-time", "1", "--max-wait-probability", "10%", "--json"
    ).json()
    #expect(queue["servers"] as? Int == 5)
  }

  /// 100 each 30 min of 3 min are 10 erlangs: of 14 servers 17.4 % wait (Erlang C), in any way of writing the rate.
  @Test("A rate may be written in any way", arguments: ["100/30min", "200/h", "4,800/day", "10/3m", "50/15 min"])
  func staffingByRate(rate: String) throws {
    let queue = try program.run(
      "plan", "queue", "--arrival-rate", rate, "--service-time", "3min", "--max-wait", "20s", "--max-wait-probability",
      "20%",
      "--json"
    ).json()
    #expect(queue["servers"] as? Int == 14)
    #expect(abs(try #require(queue["probabilityOfWait"] as? Double) - 0.174) < 0.0005)
  }

  @Test(
    "An unknown unit is refused with those that there are",
    arguments: [
      ["plan", "queue", "--service-time", "1s", "--servers", "2", "--arrival-rate", "5/fortnight"],
      ["plan", "fleet", "--service-time", "1s", "--p95-response", "9s", "--arrival-rate", "5/30"],
      ["report", "--output", "x.md", "--service-time", "1s", "--arrival-rate", "1,5/s"],
      ["download", "x", "--rate-limit", "5MB/0s"],
      ["plan", "queue", "--arrival-rate", "5", "--servers", "2", "--service-time", "1x"],
    ])
  func anUnknownUnitListsThose(arguments: [String]) throws {
    let outcome = try program.start(arguments).finish()
    #expect(outcome.status == 64)
    #expect(outcome.complaint.contains("s, sec, m, min, h, hour, d or day"))
  }

  @Test(
    "A queue that cannot be is refused",
    arguments: [
      ["--arrival-rate", "2/s", "--service-time", "1s"], ["--service-time", "1s", "--servers", "2"],
      ["--arrival-rate", "2/parsec", "--service-time", "1s", "--servers", "3"],
      ["--arrival-rate", "2", "--service-time", "1s", "--servers", "3", "--service-distribution", "pareto:1"],
      ["--arrival-rate", "2", "--service-time", "1s", "--max-wait", "1s", "--servers", "4"],
      ["--users", "5", "--service-time", "1s", "--patience", "9s", "--servers", "2"],
      ["--arrival-rate", "2", "--service-time", "1s", "--max-lost", "1%"],
      ["--arrival-rate", "2", "--service-time", "1s", "--p", "100", "--response", "9s"],
    ])
  func badQueue(arguments: [String]) throws {
    let outcome = try program.start(["plan", "queue"] + arguments).finish()
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty && !outcome.complaint.isEmpty)
  }
}
