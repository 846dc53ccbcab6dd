import AdvisorCore
import CostModel
import Statistics

/// One job with all the ways of running it that are measured, the recommended one first.
struct Trial {
  let job: NamedJob
  let candidates: [Candidate]
  private let rules: [FixedRule: Int]
  /// Seconds of each run of each candidate, in the order of the rounds.
  var times: [[Double]]

  /// Ways that are predicted to take this many times the recommended one are left out, unless a rule names them.
  private static let worthALook = 4.0
  /// Of one strategy.
  private static let maxWorkerCounts = 5

  init(
    _ job: NamedJob, _ advice: Recommendation, rules: [FixedRule: Candidate], _ model: CostModel
  ) throws(AdvisorError) {
    var candidates = [advice.recommended]
    let limit = Self.worthALook * advice.recommended.predicted.seconds.p50
    for strategy in Strategy.allCases {
      let ranked = advice.alternatives.filter { $0.strategy == strategy && $0.predicted.seconds.p50 <= limit }
      candidates += Self.spread(ranked.sorted { $0.workers < $1.workers })
    }
    var places: [FixedRule: Int] = [:]
    for (rule, candidate) in rules {
      if let place = candidates.firstIndex(where: { $0.isSameWay(as: candidate) }) {
        places[rule] = place
      } else {
        places[rule] = candidates.count
        candidates.append(candidate)
      }
    }
    self.job = job
    self.candidates = candidates
    self.rules = places
    times = Array(repeating: [], count: candidates.count)
  }

  /// A few worker counts over the whole range, not only those that the model likes best.
  private static func spread(_ candidates: [Candidate]) -> [Candidate] {
    guard candidates.count > maxWorkerCounts else { return candidates }
    let step = Double(candidates.count - 1) / Double(maxWorkerCounts - 1)
    return (0..<maxWorkerCounts).map { candidates[Int((Double($0) * step).rounded())] }
  }

  /// Whether a candidate took several times as long as the best in both of its runs.
  func isHopeless(_ index: Int) -> Bool {
    guard index != 0, let own = times[index].min(), let best = times.compactMap({ $0.median() }).min() else {
      return false
    }
    return own > 3 * best
  }

  /// Of those that ran in every round; one that was given up early cannot be the best.
  private var comparable: [Int] {
    let most = times.map(\.count).max() ?? 0
    return times.indices.filter { times[$0].count == most }
  }

  private func regret(of candidate: Int) -> Double {
    let compared = comparable
    guard let place = compared.firstIndex(of: candidate) else {
      let best = compared.compactMap { times[$0].median() }.min() ?? 1
      return (times[candidate].median() ?? best) / best - 1
    }
    return Regret.splitHalf(runs: compared.map { times[$0] }, recommended: place) ?? 0
  }

  var verdict: Verification.Case {
    let best = comparable.min { (times[$0].median() ?? 0) < (times[$1].median() ?? 0) } ?? 0
    let predicted = candidates[0].predicted.seconds
    return Verification.Case(
      name: job.name, job: job.job.text, chosen: choice(0), best: choice(best), regret: regret(of: 0),
      noiseFloor: Regret.noiseFloor(runs: comparable.map { times[$0] }) ?? 0, predicted: predicted,
      observed: times[0].median() ?? 0,
      covered: times[0].first.map { (predicted.p5...predicted.p95).contains($0) } ?? false,
      ruleRegrets: Dictionary(uniqueKeysWithValues: rules.map { ($0.rawValue, regret(of: $1)) }),
      ways: candidates.indices.map(choice))
  }

  /// Whether each run of the recommended way ended within its interval.
  var coverage: [Bool] {
    let seconds = candidates[0].predicted.seconds
    return times[0].map { (seconds.p5...seconds.p95).contains($0) }
  }

  private func choice(_ index: Int) -> Verification.Choice {
    Verification.Choice(
      strategy: candidates[index].strategy, workers: candidates[index].workers, seconds: times[index].median() ?? 0)
  }
}

extension Candidate {
  func isSameWay(as other: Candidate) -> Bool {
    strategy == other.strategy && workers == other.workers && chunk == other.chunk
      && stageWorkers == other.stageWorkers
  }
}

extension [Trial] {
  var summary: Verification.Summary {
    let cases = map(\.verdict)
    let regrets = cases.map(\.regret)
    let errors = cases.map { abs($0.predicted.p50 / $0.observed - 1) }
    let runs = flatMap(\.coverage)
    let covered = Double(runs.count { $0 }) / Double(Swift.max(1, runs.count))
    let interval = wilsonInterval(share: covered, of: Double(runs.count))
    let rules = Dictionary(
      uniqueKeysWithValues: FixedRule.allCases.map { rule in
        (rule.rawValue, cases.compactMap { $0.ruleRegrets[rule.rawValue] }.mean() ?? 0)
      })
    return Verification.Summary(
      meanRegret: regrets.mean() ?? 0, p95Regret: regrets.quantile(0.95) ?? 0,
      withinTenth: Double(regrets.count { $0 <= 0.1 }) / Double(Swift.max(1, regrets.count)),
      meanNoiseFloor: cases.map(\.noiseFloor).mean() ?? 0, medianError: errors.median() ?? 0,
      p90Error: errors.quantile(0.9) ?? 0, coverage: covered,
      coverageInterval: [interval.lowerBound, interval.upperBound],
      meanRegretOfDefault: rules.values.min() ?? 0, meanRegretOfRules: rules)
  }
}
