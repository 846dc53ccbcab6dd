import AdvisorCore
import Documents
import Planning
@testable import Reports
import Testing

/// What plans find, in sentences and in documents.
@Suite struct VerdictTests {
  @Test(
    "A finding about a deadline is said in one way",
    arguments: [
      (BatchPlan.Finding.meetsDeadline(plan: "2 threads"), "This machine meets the deadline with 2 threads."),
      (.missesDeadline(p95Seconds: 90), "This machine misses the deadline: 95 of 100 runs end within 90 s."),
      (
        .largerMachine(name: "big", cpus: 8, seconds: 12, plan: "8 threads"),
        "big with 8 CPUs meets it in 12 s with 8 threads."
      ),
      (.noLargerMachine(cpus: 64, p95Seconds: 45), "No larger machine does either: with 64 CPUs it still takes 45 s."),
      (.noneTried, "No larger machine was tried."),
      (
        .cheapest(machines: 1, name: "big", cost: 0.5, p95Seconds: 75, plan: "8 threads"),
        "The cheapest that meets it is big with 8 threads: 0.5 a run, 95 of 100 runs within 75 s."
      ),
      (
        .cheapest(machines: 4, name: "big", cost: 0.5, p95Seconds: 75, plan: "8 threads"),
        "The cheapest that meets it is 4 × big with 8 threads: 0.5 a run, 95 of 100 runs within 75 s."
      ),
      (
        .scaled(errorPerDoubling: 0.1),
        "Machines that were not measured are scaled from the nearest profile. Their p95 is assumed to be 10 % higher for "
          + "each doubling of CPUs; calibrate there to know it."
      ),
      (
        .cluster(machines: 4, seconds: 85, startSeconds: 60),
        "4 machines like this one meet it in 85 s, of which 60 s start the cluster."
      ),
      (
        .cluster(machines: 4, seconds: 25, startSeconds: 0),
        "4 machines like this one meet it in 25 s, if they are up already; --cluster-start TIME counts starting them."
      ),
      (.noCluster, "No number of machines like this one meets it: starting them or a single task takes too long."),
      (.cheaperMachine(cost: 0.5, clusterCost: 2), "One larger machine costs less: 0.5 a run instead of 2."),
      (.cheaperCluster(cost: 0.5, machineCost: 2), "Several machines cost less: 0.5 a run instead of 2."),
      (
        .keepCluster(secondsBetweenRuns: 85),
        "Keep the cluster up where a run starts at least every 85 s; with longer gaps, starting it each time costs less."
      ),
    ])
  func batch(finding: BatchPlan.Finding, sentence: String) { #expect(Sentences().text(finding) == sentence) }

  @Test(
    "A finding about a fit is said in one way",
    arguments: [
      (
        ScalingFit.Finding.law(law: .usl, error: 0.05),
        "The universal scalability law describes the measurements best: its error on unseen points is 5 % of the mean."
      ),
      (.untestedLaw(law: .amdahl), "Amdahl's law goes through the points; there are too few points to judge it."),
      (
        .noLaw(best: .ernest, error: 0.5),
        "No law describes the measurements well: the best, the Ernest form, has an error of 50 % of the mean on unseen points."
      ), (.noGain, "More workers gain nothing: throughput is the same with the fewest and the most workers measured."),
      (.noPeak, "No peak: no measurement shows that more workers make it slower."),
      (
        .peak(workers: 12.3, throughput: 40, bestWorkers: 16, best: 41),
        "Throughput peaks at 12 workers with 40 tps; more make it worse. The best measured is 41 tps at 16."
      ),
      (.bestMeasured(workers: 8, throughput: 30), "The best measured is 30 tps at 8 workers."),
      (.limit(throughput: 90), "However many workers, throughput stays below 90 tps."),
      (.efficiency(workers: 8, share: 0.5), "At 8 workers each does 50 % of what one did with the fewest."),
      (
        .peakSignificant(probability: 0.003),
        "It fits better than Amdahl's law, which has no peak (F test, p = 0.003)."
      ),
      (
        .peakSignificant(probability: 1.5e-20),
        "It fits better than Amdahl's law, which has no peak (F test, p < 0.001)."
      ),
      (
        .peak(workers: 1.2, throughput: 40, bestWorkers: 1, best: 41),
        "Throughput peaks at 1 worker with 40 tps; more make it worse. The best measured is 41 tps at 1."
      ),
      (
        .fewPoints(points: 4, coefficients: 4),
        "4 points for 4 coefficients: such a curve meets them whatever is true. Measure more."
      ),
      (.onlyMeasured, "Use the measurements alone: do not trust a curve between them or beyond."),
      (
        .peakBeyond(workers: 40.2, throughput: 60, measured: 16),
        "The fitted peak, 60 tps at 40 workers, lies beyond the 16 measured: measure there before you rely on it."
      ),
      (
        .untestedRange(workers: 4),
        "Trust it up to 4 workers: too few points lie below half of that to try it on the rest."
      ),
      (
        .extrapolates(workers: 64, error: 0.08),
        "Fitted only up to half of the 64 workers, its error on the rest is 8 %: trust it up to about twice the measured range."
      ),
      (
        .doesNotExtrapolate(workers: 64, error: 0.3),
        "Fitted only up to half of the 64 workers, its error on the rest is 30 %: do not trust it beyond 64 workers."
      ),
    ])
  func scaling(finding: ScalingFit.Finding, sentence: String) {
    #expect(Sentences().text(finding, in: QuantityUnit("tps")) == sentence)
  }

  private static func forecast(headroom: Double = 0) throws -> LoadForecast {
    let points = (0..<90).map { (day: Int) in
      LoadHistory.Point(
        time: 20_454 + Double(day), load: (40..<56).contains(day) ? 260 - Double(day % 2) : 100 + Double(day) / 2)
    }
    return try LoadForecast(
      LoadHistory(points, hasDates: true), capacity: 250 / (1 - headroom), headroom: headroom, level: 0.9, horizon: 1,
      model: nil)
  }

  /// Day 20454 since 1970 is 2026-01-01, so that the 56th day is 2026-02-25.
  @Test("What has happened comes first, in the history's steps and dates")
  func exceeded() throws {
    let sentences = try Self.forecast().sentences
    #expect(
      sentences.first
        == "The load has already reached 250: on 16 of 90 days, last on 2026-02-25; the highest was 260 on 2026-02-10.")
    #expect(!sentences.contains { $0.contains("holds") })
    #expect(try Self.forecast(headroom: 0.2).sentences.first?.contains("250 (313 less 20 % headroom)") == true)
  }

  @Test(
    "A finding about a load to come is said in one way",
    arguments: [
      (LoadForecast.Finding.holds(steps: 30), "The capacity of 250 holds: the upper 90 % stays below it for 30 days."),
      (.holds(steps: 1), "The capacity of 250 holds: the upper 90 % stays below it for 1 day."),
      (.staysBelow(steps: 30), "From now on the upper 90 % stays below it for 30 days."),
      (.flat, "The load neither grows nor falls."), (.growth(perStep: -2), "The load falls by 2 each day."),
      (.growthByShare(perStep: 0.01), "The load grows by 1 % each day."),
      (
        .leavesLastLevel(low: 10, high: 20, level: 5, cause: .growth),
        "The next day, 10 to 20, does not contain the last level of 5, because the load grows."
      ),
      (
        .beyondHistory,
        "This is farther ahead than the history is long: treat it as a guess, and repeat it with more data."
      ),
    ])
  func forecast(finding: LoadForecast.Finding, sentence: String) throws {
    #expect(try ForecastSentences(Self.forecast()).text(finding) == sentence)
  }

  @Test(
    "A guess is said to be one, and why",
    arguments: [
      (LoadForecast.Doubt.breaksOften(times: 5), "The dates are a guess: the trend broke 5 times."),
      (.justBroken(points: 4), "The dates are a guess: the trend broke 4 days ago, too few for a new trend."),
    ])
  func guess(doubt: LoadForecast.Doubt, sentence: String) throws {
    #expect(try ForecastSentences(Self.forecast()).text(doubt) == sentence)
  }

  @Test("Why no number of machines meets a goal is said in one way")
  func fleet() {
    #expect(
      Sentences().text(FleetPlan.Problem.serviceTooLong(p95Seconds: 0.15))
        == "the service alone takes 150 ms for 95 % of the requests, however many machines")
    #expect(
      Sentences().text(FleetPlan.Problem.tooManyMachines(limit: 1_000_000)).hasPrefix("more than ")
    )
  }

  private struct Written: Decodable {
    var verdict: [Reported<LoadForecast.Finding>]
    var guess: Reported<LoadForecast.Doubt>?
    var usableCapacity: Double
  }

  @Test("A document has each finding with its code, its figures and its sentence")
  func document() throws {
    let forecast = try Self.forecast()
    let data = try JSONDocument.data(of: Document(forecast))
    let read = try JSONDocument.decode(Written.self, from: data, of: "test")
    #expect(read.verdict.map(\.value) == forecast.verdict && read.guess?.value == forecast.guess)
    #expect(read.verdict.map(\.text).allSatisfy { forecast.sentences.contains($0) } && read.usableCapacity == 250)
  }

  @Test("A fleet's outlook tells until when its machines keep the goal")
  func outlook() throws {
    let goal = try FleetGoal(arrivalRate: 30, p95Response: 10, headroom: 0, redundancy: 1)
    let machine = MachineOption(name: "one", servers: 1, serviceTime: 0.1, pricePerHour: nil)
    var plan = FleetPlan([machine], goal: goal)
    let history = try LoadHistory(
      (0..<30).map { .init(time: Double($0), load: 29 + 0.1 * (Double($0) - 29)) }, hasDates: false)
    plan.outlook = try FleetOutlook(plan.fleets[0], goal: goal, history: history, level: 0.9)
    let machines = try #require(plan.fleets[0].machines)
    let rate = Quantity.text(count: try #require(plan.outlook?.stages.first).arrivalRate)
    #expect(plan.sentences[0] == "Run \(machines) × one.")
    #expect(plan.sentences[1].hasPrefix("They keep the goal with one failed up to \(rate) requests/s: until "))
  }
}
