import AdvisorCore
import AdvisorTestSupport
import Statistics
import Glibc
import Testing

@testable import CostModel

@Suite("Learning how far the model is off")
struct DiscrepancyTests {
  static let jobClass = JobClass(kind: "a", size: "1")

  static func run(
    _ ratio: Double, _ strategy: Strategy = .threads, _ jobClass: JobClass = jobClass, predicted: Double = 1,
    on occasion: String? = nil
  ) -> Discrepancy.Observation {
    .init(
      strategy: strategy, workers: 2, jobClass: jobClass, predictedSeconds: predicted,
      observedSeconds: ratio * predicted, occasion: occasion)
  }

  /// Of a prediction that reaches from two thirds to half as much again.
  static func correction(
    _ learnt: Discrepancy, _ strategy: Strategy = .threads, _ jobClass: JobClass = jobClass, seconds: Double = 1
  ) -> Correction {
    let spread = Spread(p5: seconds / 1.5, median: seconds, p95: seconds * 1.5)
    return learnt.correction(of: spread, strategy, workers: 2, jobClass)
  }

  @Test("Nothing is known at first: nothing is corrected")
  func prior() {
    #expect(Self.correction(.prior) == .none)
  }

  @Test("Runs that always take a fifth longer are expected to, by whatever strategy; other classes are not")
  func bias() {
    let learnt = Discrepancy((0..<20).map { _ in Self.run(1.2) })
    let same = Self.correction(learnt).shift
    #expect(agree(same, log(1.2), within: 0.1))
    #expect(agree(Self.correction(learnt, .processes).shift, same, within: 0.1))
    #expect(Self.correction(learnt, .threads, JobClass(kind: "a", size: "2")).shift == 0)
  }

  @Test("Runs of the same kind in another size narrow the interval where the model is near; of other kinds they do not")
  func family() {
    let near = Discrepancy((0..<20).map { _ in Self.run(1.05) })
    let far = Discrepancy((0..<20).map { _ in Self.run(60) })
    let short = Discrepancy((0..<20).map { _ in Self.run(1.05, predicted: 1e-6) })
    let otherSize = JobClass(kind: "a", size: "2")
    #expect((0.5...0.9).contains(Self.correction(near, .threads, otherSize).stretch))
    #expect(Self.correction(near, .processes, otherSize).stretch == 1)
    #expect(Self.correction(near, .threads, JobClass(kind: "b", size: "1")).stretch == 1)
    #expect(agree(Self.correction(far, .threads, otherSize).stretch, 1, within: 1e-9))
    #expect(agree(Self.correction(short, .threads, otherSize).stretch, 1, within: 1e-9))
  }

  @Test("From five runs by one strategy on that strategy's are believed beyond what was deemed possible")
  func evidence() {
    let four = Discrepancy((0..<4).map { _ in Self.run(60) })
    #expect(Self.correction(four).believed == nil)
    #expect(Self.correction(four).shift <= log(1.5) / 2 + 1e-9)
    var five = four
    five.learn(Self.run(60))
    #expect(Self.correction(five).shift > log(30))
    #expect(Self.correction(five, .processes).shift <= log(1.5) / 2 + 1e-9)
  }

  @Test("Five runs as predicted are not overruled by thirty of another strategy")
  func otherStrategy() {
    var learnt = Discrepancy((0..<5).map { _ in Self.run(1, .processes) })
    for _ in 0..<30 { learnt.learn(Self.run(60, .threads)) }
    #expect(abs(Self.correction(learnt, .processes).shift) <= log(1.5))
    #expect(Self.correction(learnt).shift > log(30))
  }

  @Test("What a short run lacks is a fixed cost: of a longer run it is a smaller share, with however many workers")
  func fixedCost() {
    // 100 µs are missing of each.
    let learnt = Discrepancy(
      [1, 2, 4, 8, 16].map { workers in
        let predicted = 1.6e-3 / Double(workers)
        return .init(
          strategy: .threads, workers: workers, jobClass: Self.jobClass, predictedSeconds: predicted,
          observedSeconds: predicted + 100e-6)
      })
    #expect(learnt.logFactor(strategy: .threads, jobClass: Self.jobClass, workers: 16) == 0)
    #expect(Self.correction(learnt, seconds: 100e-6).shift > log(1.3))
    #expect((0.5...1).contains(Self.correction(learnt, seconds: 2e-3).shift / log(1.05)))
    #expect(Self.correction(learnt, seconds: 1).shift < 1e-4)
  }

  @Test("Runs of seconds that the model came near to do not narrow what is said of milliseconds")
  func shortOfFamily() {
    let near = Discrepancy((0..<20).map { _ in Self.run(1, .threads, JobClass(kind: "a", size: "2")) })
    #expect(Self.correction(near).stretch < 0.9)
    #expect(Self.correction(near, seconds: 5e-3) == .none)
  }

  @Test("An interval that reaches further up keeps that end where runs take longer than it says")
  func skewed() {
    let learnt = Discrepancy((0..<4).map { _ in Self.run(2) })
    let spread = Spread(p5: 0.8, median: 1, p95: 1.5)
    let correction = learnt.correction(of: spread, .threads, workers: 2, Self.jobClass)
    #expect(agree(correction.shift + correction.stretch * spread.above, log(1.5), within: 1e-9))
  }

  @Test("Of a strategy that has not run yet less is known than of those that have")
  func untried() {
    let learnt = Discrepancy((0..<4).map { _ in Self.run(1) })
    #expect(Self.correction(learnt, .processes).stretch > 1.05 * Self.correction(learnt).stretch)
  }

  @Test("Where the median cannot be as low as past runs say, the interval still reaches where they do")
  func floor() {
    let seconds = (0...100).map { pow(1.5, Double($0 - 50) / 45) }
    let correction = Correction(shift: log(0.8), stretch: 0.5, believed: nil)
    let floored = Spread(sorted: correction.applied(to: seconds, of: Spread(sorted: seconds), minMedian: 1))
    #expect(agree(floored.median, 1, within: 1e-9))
    #expect(agree(floored.p5, 0.8 / 1.5.squareRoot(), within: 1e-9))
    #expect(agree(floored.p95, 1.5.squareRoot(), within: 1e-9))
  }

  @Test("A few disturbed runs of threads do not make one worker at a time look better")
  func steadiness() throws {
    let job = try Job("cpu:8x300ms")
    let disturbed = (0..<5).map { _ in Self.run(1.6, .threads, job.discrepancyClass) }
    let quiet = (0..<5).map { _ in Self.run(1, .sequential, job.discrepancyClass) }
    let learnt = Discrepancy(zip(disturbed, quiet).flatMap { [$0, $1] })
    let advice = try CostModel(profile: SampleProfile.twoCores, discrepancy: learnt).recommend(job)
    #expect([.threads, .tasks].contains(advice.recommended.strategy))
    #expect(advice.recommended.workers == 2)
    // 1.97 before: five runs against eight let a third or so of the difference through, and one worker at a time stays within
    // the narrow interval that it has without past runs.
    let threads = ([advice.recommended] + advice.alternatives).first { $0.strategy == .threads && $0.workers == 2 }
    #expect((1.35...1.97).contains(try #require(threads).speedup))
  }

  @Test("Steady runs narrow the interval, erratic ones widen it")
  func spread() {
    let steady = Discrepancy((0..<12).map { _ in Self.run(1) })
    let erratic = Discrepancy((0..<12).map { Self.run($0 % 2 == 0 ? 0.5 : 2) })
    #expect(Self.correction(steady).stretch < 0.5)
    #expect(Self.correction(erratic).stretch > 1.8)
  }

  @Test("A change of the machine is learnt within ten runs")
  func forgetting() {
    var learnt = Discrepancy((0..<100).map { _ in Self.run(1) })
    for _ in 0..<10 { learnt.learn(Self.run(1.5)) }
    #expect(Self.correction(learnt).shift > 0.5 * log(1.5))
  }

  @Test("Forty runs of one minute say hardly more than one of them", arguments: [0.8, 1, 1.3])
  func occasion(ratio: Double) {
    let one = Self.correction(Discrepancy([Self.run(ratio)]))
    let forty = Self.correction(Discrepancy((0..<40).map { _ in Self.run(ratio, on: "now") }))
    let apart = Self.correction(Discrepancy((0..<40).map { _ in Self.run(ratio) }))
    #expect(forty.stretch >= 0.95 * one.stretch && apart.stretch < 0.6 * one.stretch)
    #expect(abs(forty.shift) <= 0.7 * abs(log(ratio)) && abs(apart.shift) >= 0.8 * abs(log(ratio)))
  }

  @Test(
    "What differs from minute to minute and not within one is expected to differ again",
    arguments: [1, 4, 12, 30])
  func host(minutes: Int) {
    var random = Xoshiro(seed: 7)
    var held = 0
    let days = 300
    for _ in 0..<days {
      var runs: [Discrepancy.Observation] = []
      for minute in 0..<minutes {
        let host = exp(0.2 * random.normal())
        runs += (0..<10).map { _ in Self.run(host * exp(0.01 * random.normal()), on: "\(minute)") }
      }
      let correction = Self.correction(Discrepancy(runs))
      let (middle, reach) = (correction.shift, correction.stretch * log(1.5))
      held += abs(0.2 * random.normal() - middle) <= reach ? 1 : 0
    }
    #expect(Double(held) > 0.82 * Double(days))
  }

  @Test("From nineteen runs of such jobs on the label “provisional” goes")
  func conformal() throws {
    let job = try Job("cpu:8x300ms")
    var learnt = Discrepancy((0..<18).map { _ in Self.run(1.01, .threads, job.discrepancyClass) })
    for _ in 0..<30 { learnt.learn(Self.run(1)) }
    let before = try CostModel(profile: SampleProfile.twoCores, discrepancy: learnt).recommend(job)
    #expect(before.caveats == [.provisionalIntervals(occasions: 18, minOccasions: 19)])
    learnt.learn(Self.run(1.01, .threads, job.discrepancyClass))
    let after = try CostModel(profile: SampleProfile.twoCores, discrepancy: learnt).recommend(job)
    #expect(after.caveats.isEmpty)
  }

  @Test("Intervals that were learnt from runs cover new runs of the same kind")
  func coverage() throws {
    var random = Xoshiro(seed: 5)
    let job = try Job("cpu:8x300ms")
    func ratio() -> Double { pow(2.718281828, 0.1 + 0.08 * random.normal()) }
    let runs = (0..<60).map { _ in Self.run(ratio(), .threads, job.discrepancyClass) }
    let model = try CostModel(profile: SampleProfile.twoCores, discrepancy: Discrepancy(runs))
    let plan = Plan(strategy: .threads, workers: 2)
    let predicted = try model.predict(job, plan: plan).seconds
    let plain = try CostModel(profile: SampleProfile.twoCores).predict(job, plan: plan).seconds.p50
    let covered = (0..<400).filter { _ in (predicted.p5...predicted.p95).contains(plain * ratio()) }
    #expect((320...396).contains(covered.count))
  }

  @Test("Figures that are none are ignored")
  func damaged() {
    let ratios: [Double] = [.nan, 0, -1, .infinity, -.infinity, 1e300, 1e-300]
    #expect(Discrepancy(ratios.map { Self.run($0) }) == .prior)
    #expect(Discrepancy([.nan, 0, -1, .infinity].map { Self.run(1, predicted: $0) }) == .prior)
  }

  @Test("Jobs of one kind, number and size are one class")
  func classes() throws {
    #expect(try Job("cpu:8x2e6").discrepancyClass == Job("cpu:9x5e6,cv=1").discrepancyClass)
    #expect(try Job("cpu:8x2e6").discrepancyClass != Job("cpu:80x2e6").discrepancyClass)
    #expect(try Job("cpu:8x2e6").discrepancyClass != Job("cpu:8x2e3").discrepancyClass)
    #expect(try Job("cpu:8x2e6").discrepancyClass != Job("cpu:8x2e6,kernel=sort").discrepancyClass)
  }
}
