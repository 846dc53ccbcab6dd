import AdvisorCore
import AdvisorTestSupport
import Statistics
import Glibc
import Testing

@testable import CostModel

/// A day of runs as they might be, by a model's predictions and errors such as were met: costs that a kind, a strategy or a
/// size has more or less of, a fixed cost that is missing, a host that changes, noise.
private struct MixedDay {
  struct Forecasts {
    private var without: [Forecast] = []
    private var with: [Forecast] = []

    mutating func add(_ observed: Double, without: Prediction.Seconds, with: Prediction.Seconds) {
      self.without.append(Forecast(without, observed))
      self.with.append(Forecast(with, observed))
    }

    /// The interval score: the width, and twenty times what an observation fell outside (Gneiting and Raftery 2007, equation
    /// 43).
    var scores: (without: Double, with: Double)? {
      guard let without = ForecastScores(without), let with = ForecastScores(with) else { return nil }
      return (without.intervalScore, with.intervalScore)
    }
  }

  private static let jobs = [
    "cpu:3x100", "cpu:20x2e3", "cpu:8x1e6", "cpu:100x5e6", "cpu:6x400ms", "cpu:60x2s,cv=0.5", "cpu:40x2e7,kernel=sort",
    "mem:16x64MiB", "mem:64x2GiB", "disk:64x4KiB", "disk:2000x1MiB", "wait:30x200us", "wait:200x50ms", "wait:50x3s",
    "io:40x1KiB", "io:500x64KiB,latency=20ms", "io:20x20MiB", "wait:12x30ms+cpu:12x5e7",
  ]
  private var random: Xoshiro
  private var biases: [String: Double] = [:]
  private var advice: [String: [Candidate]] = [:]

  init(seed: UInt64) { random = Xoshiro(seed: seed) }

  /// One of a few jobs, mostly as advised.
  mutating func usual(_ model: CostModel) throws -> (Job, Plan) {
    let job = try Job(Self.jobs[random.index(below: Self.jobs.count)])
    return (job, try plan(for: job, model))
  }

  /// A job of any number and size, from microseconds to minutes, by two threads.
  mutating func unusual() throws -> (Job, Plan) {
    let kind = ["cpu", "mem", "disk", "wait", "io"][random.index(below: 5)]
    let count = Int(exp(6 * random.unit()))
    let unit = kind == "cpu" || kind == "wait" ? "us" : "B"
    let size = exp(unit == "us" ? 12 * random.unit() : 7 + 9 * random.unit())
    return (try Job("\(kind):\(count)x\(Int(size) + 1)\(unit)"), Plan(strategy: .threads, workers: 2))
  }

  /// Replays a number of runs in order: each is predicted with what was learnt from those before it, and without.
  mutating func replay(
    _ runs: Int, class name: (JobClass) -> String, _ next: (inout MixedDay, CostModel) throws -> (Job, Plan)
  ) throws -> [String: Forecasts] {
    var profile = SampleProfile.twoCores
    profile.fixedCosts.append(SampleProfile.cost(.pageFault, 1.67e-6))
    let unlearnt = try CostModel(profile: profile)
    var learnt = Discrepancy()
    var classes: [String: Forecasts] = [:]
    var drift = 0.0
    for _ in 0..<runs {
      let (job, plan) = try next(&self, unlearnt)
      let plain = try unlearnt.predict(job, plan: plan).seconds
      let model = try CostModel(profile: profile, discrepancy: learnt)
      let informed = try model.predict(job, plan: plan).seconds
      drift = 0.95 * drift + 0.01 * random.normal()
      let observed = observed(job, plan, plain.p50, drift)
      classes[name(job.discrepancyClass), default: Forecasts()].add(observed, without: plain, with: informed)
      learnt.learn(
        .init(
          strategy: plan.strategy, workers: plan.workers, jobClass: job.discrepancyClass, predictedSeconds: plain.p50,
          observedSeconds: observed))
    }
    return classes
  }

  /// Mostly as advised.
  private mutating func plan(for job: Job, _ model: CostModel) throws -> Plan {
    let ranked = try advice[job.text] ?? Self.ranked(job, model)
    advice[job.text] = ranked
    let place = random.unit() < 0.8 ? 0 : random.index(below: ranked.count)
    let candidate = ranked[place]
    return Plan(
      strategy: candidate.strategy, workers: candidate.workers, chunk: candidate.chunk,
      stageWorkers: candidate.stageWorkers)
  }

  private static func ranked(_ job: Job, _ model: CostModel) throws -> [Candidate] {
    let advice = try model.recommend(job)
    return [advice.recommended] + advice.alternatives
  }

  private mutating func observed(_ job: Job, _ plan: Plan, _ predicted: Double, _ drift: Double) -> Double {
    let jobClass = job.discrepancyClass
    let bias =
      bias(jobClass.kind, 0.05) + bias("\(jobClass.kind) \(plan.strategy)", 0.04) + bias(jobClass.description, 0.04)
    // Timers are as late as they are, and so are replies: recorded verifications of 2 CPUs are off by 2 % there, and by 3 % where
    // they compute.
    let waits = jobClass.kind == "wait" || job.text.contains("latency")
    let share = waits ? 0.2 : jobClass.kind.hasPrefix("cpu") ? 0.35 : 1
    // Of starting at all: an additive error, sixty times the work of the shortest job.
    let fixed = 40e-6 * exp(0.1 * random.normal())
    return predicted * exp(share * (bias + drift + 0.04 * random.normal())) + fixed
  }

  /// The same for the whole day.
  private mutating func bias(_ name: String, _ deviation: Double) -> Double {
    let known = biases[name] ?? deviation * random.normal()
    biases[name] = known
    return known
  }
}

extension Forecast {
  fileprivate init(_ seconds: Prediction.Seconds, _ observed: Double) {
    self.init(lower: seconds.p5, point: seconds.p50, upper: seconds.p95, observed: observed)
  }
}

@Suite("A mixed day of 200 runs, from microseconds to minutes")
struct MixedDayTests {
  /// A class has some ten runs a day, of which one that is missed decides. Of waits little is left to learn.
  @Test("Over sixteen days learning scores a fifth better than not learning, and costs no class of jobs much")
  func score() throws {
    var sums: [String: (without: Double, with: Double)] = [:]
    var ratios: [Double] = []
    for seed in 1...16 as ClosedRange<UInt64> {
      for (name, scores) in try Self.scores(seed) {
        sums[name, default: (0, 0)].without += scores.without
        sums[name, default: (0, 0)].with += scores.with
        ratios.append(log(scores.with / scores.without))
      }
    }
    #expect(exp(ratios.reduce(0, +) / Double(ratios.count)) < 0.8)
    for (name, scores) in sums { #expect(scores.with < 1.1 * scores.without, "\(name)") }
  }

  private static func scores(_ seed: UInt64) throws -> [String: (without: Double, with: Double)] {
    var day = MixedDay(seed: seed)
    return try day.replay(200, class: \.description) { day, model in try day.usual(model) }.mapValues {
      try #require($0.scores)
    }
  }

  @Test("It does in every kind where hardly any job is like another", arguments: 1...4 as ClosedRange<UInt64>)
  func unusual(seed: UInt64) throws {
    var day = MixedDay(seed: seed)
    for (name, forecasts) in try day.replay(200, class: \.kind, { day, _ in try day.unusual() }) {
      let scores = try #require(forecasts.scores)
      // Little is left to gain on what the recorded verifications have taught already.
      #expect(scores.with < 1.02 * scores.without, "\(name)")
    }
  }
}
