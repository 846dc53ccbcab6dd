import AdvisorCore
import Statistics

/// One job or command with all the ways of running it that are measured, the one that is judged first.
struct Trial {
  let name: String?
  let job: String
  let ways: [Way]
  private let rules: [FixedRule: Int]
  /// Each run of each way, in the order of the rounds.
  var runs: [[Measurement]]

  struct Way {
    var strategy: Strategy
    var workers: Int
    var chunk = 1
    var stageWorkers: [Int]?
    /// Nil where each run makes its own.
    var predicted: Prediction?
  }

  init(name: String?, job: String, ways: [Way], rules: [FixedRule: Int]) {
    (self.name, self.job, self.ways, self.rules) = (name, job, ways, rules)
    runs = Array(repeating: [], count: ways.count)
  }

  /// Seconds of each run of each way.
  var times: [[Double]] { runs.map { $0.map(\.outcome.seconds) } }

  /// Whether a way took several times as long as the best in both of its runs.
  func isHopeless(_ index: Int) -> Bool {
    guard index != 0, let own = times[index].min(), let best = times.compactMap({ $0.median() }).min() else {
      return false
    }
    return own > 3 * best
  }

  /// Of those that ran in every round; one that was given up early cannot be the best.
  var comparable: [Int] {
    let most = runs.map(\.count).max() ?? 0
    return runs.indices.filter { runs[$0].count == most }
  }

  /// Times of those that are ``comparable``, each over the middle of its round.
  private var compared: [[Double]] { Regret.byRounds(comparable.map { times[$0] }) }

  private func regret(of candidate: Int) -> Double {
    let (comparable, times) = (comparable, times)
    guard let place = comparable.firstIndex(of: candidate) else {
      let best = comparable.compactMap { times[$0].median() }.min() ?? 1
      return (times[candidate].median() ?? best) / best - 1
    }
    return Regret.splitHalf(runs: compared, recommended: place) ?? 0
  }

  /// What was predicted for each run of the way that is judged, beside what it took.
  var forecasts: [Forecast] { forecasts(of: 0) }

  private func forecasts(of index: Int) -> [Forecast] {
    runs[index].compactMap { run in
      (run.predicted ?? ways[index].predicted?.seconds).map {
        Forecast(lower: $0.p5, point: $0.p50, upper: $0.p95, observed: run.outcome.seconds)
      }
    }
  }

  /// The middle of what was predicted for a way's runs; nil where nothing was.
  private func predicted(_ index: Int) -> Prediction.Seconds? {
    let forecasts = forecasts(of: index)
    guard let lower = forecasts.map(\.lower).median(), let point = forecasts.map(\.point).median(),
      let upper = forecasts.map(\.upper).median()
    else { return ways[index].predicted?.seconds }
    return Prediction.Seconds(p5: lower, p50: point, p95: upper)
  }

  /// The interval score of its runs over the median of what was observed; nil where nothing was predicted.
  var score: Double? {
    let forecasts = forecasts
    guard let scores = ForecastScores(forecasts), let observed = forecasts.map(\.observed).median(), observed > 0
    else { return nil }
    return scores.intervalScore / observed
  }

  /// How far the middle of its predictions is off, each over the run that it is for; nil where nothing was predicted.
  var error: Double? {
    forecasts.filter { $0.observed > 0 }.map { $0.point / $0.observed }.median().map { abs($0 - 1) }
  }

  var verdict: Verification.Case {
    let (compared, forecasts) = (compared, forecasts)
    return Verification.Case(
      name: name, job: job, chosen: choice(0), best: choice(Regret.best(of: compared).map { comparable[$0] } ?? 0),
      regret: regret(of: 0), noiseFloor: Regret.noiseFloor(runs: compared) ?? 0,
      predicted: predicted(0) ?? .init(p5: 0, p50: 0, p95: 0),
      observed: times[0].median() ?? 0, covered: forecasts.first?.covered ?? false,
      forecasts: forecasts.map {
        .init(predicted: .init(p5: $0.lower, p50: $0.point, p95: $0.upper), observed: $0.observed)
      },
      ruleRegrets: Dictionary(uniqueKeysWithValues: rules.map { ($0.rawValue, regret(of: $1)) }),
      ways: ways.indices.map(choice))
  }

  private func choice(_ index: Int) -> Verification.Choice {
    let way = ways[index]
    let workers = runs[index].compactMap(\.workers).map(Double.init).median().map { Int($0.rounded()) }
    return Verification.Choice(
      strategy: way.strategy, workers: workers ?? way.workers, chunk: way.chunk, stageWorkers: way.stageWorkers,
      seconds: times[index].median() ?? 0, runs: times[index], predicted: predicted(index),
      largestPart: way.predicted?.breakdown.max { $0.seconds < $1.seconds }?.name)
  }
}

extension [Trial] {
  var summary: Verification.Summary {
    let cases = map(\.verdict)
    let regrets = cases.map(\.regret)
    let errors = compactMap(\.error)
    let runs = flatMap { $0.forecasts.map(\.covered) }
    let covered = Double(runs.count { $0 }) / Double(Swift.max(1, runs.count))
    let interval = wilsonInterval(share: covered, of: Double(runs.count))
    let rules = Dictionary(
      uniqueKeysWithValues: FixedRule.allCases.compactMap { rule in
        cases.compactMap { $0.ruleRegrets[rule.rawValue] }.mean().map { (rule.rawValue, $0) }
      })
    return Verification.Summary(
      meanRegret: regrets.mean() ?? 0, p95Regret: regrets.quantile(0.95) ?? 0,
      withinTenth: Double(regrets.count { $0 <= 0.1 }) / Double(Swift.max(1, regrets.count)),
      meanNoiseFloor: cases.map(\.noiseFloor).mean() ?? 0, medianError: errors.median() ?? 0,
      p90Error: errors.quantile(0.9) ?? 0, coverage: covered,
      coverageInterval: [interval.lowerBound, interval.upperBound],
      medianWidth: cases.map(\.predicted.relativeWidth).median() ?? 0, meanScore: compactMap(\.score).mean() ?? 0,
      meanRegretOfDefault: rules.values.min() ?? 0, meanRegretOfRules: rules)
  }
}
