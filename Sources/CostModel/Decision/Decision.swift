import AdvisorCore
import Statistics
private import func Glibc.log

/// The choice among candidates (docs/model.md, 7).
struct Decision {
  /// Candidates whose expected time is this near to the least count as equally fast.
  static let tolerance = 0.02
  /// A choice is right in a world where nothing is faster by more than this.
  static let nearBest = 0.05

  let chosen: Assessment
  /// Best first.
  let others: [Assessment]
  /// Share of the worlds in which the choice is within 5 % of the best.
  let confidence: Double

  /// - Parameter candidates: all within the limits; nil is returned for none.
  init?(_ candidates: [Assessment], objective: Goal.Objective) {
    let ranked = candidates.map { ($0, $0.objective(objective)) }.sorted { $0.1 < $1.1 }
    guard let best = ranked.first else { return nil }
    let equals = ranked.filter { candidate, value in
      value <= best.1 * (1 + Self.tolerance) + Self.standardError(candidate, best.0, objective)
    }
    let simplest = equals.map(\.0).min { Self.simplicity($0.outcome) < Self.simplicity($1.outcome) } ?? best.0
    chosen = simplest
    others = ranked.map(\.0).filter { !Self.isSame($0, simplest) }
    confidence = Self.confidence(of: simplest, among: candidates)
  }

  /// Fewest workers, then least memory, then the simplest strategy.
  ///
  /// Memory counts in steps of a quarter from 64 MiB on: less is not worth a harder strategy.
  static func simplicity(_ outcome: Outcome) -> (Int, Int, Int) {
    let steps = log(max(1, outcome.memoryBytes / 0x1p26)) / log(1.25)
    return (outcome.workers, Int(min(1000, steps)), outcome.complexity)
  }

  /// Of the mean difference between two candidates over the same worlds.
  private static func standardError(_ a: Assessment, _ b: Assessment, _ objective: Goal.Objective) -> Double {
    guard objective == .time || objective == .p90 else { return 0 }
    let differences = zip(a.seconds, b.seconds).map { $0 - $1 }
    let mean = differences.mean() ?? 0
    let variance = differences.map { ($0 - mean) * ($0 - mean) }.mean() ?? 0
    return (variance / Double(max(1, differences.count))).squareRoot()
  }

  private static func isSame(_ a: Assessment, _ b: Assessment) -> Bool {
    a.outcome.isSameWay(as: b.outcome) && a.outcome.workers == b.outcome.workers
      && a.outcome.chunk == b.outcome.chunk && a.outcome.stageWorkers == b.outcome.stageWorkers
  }

  private static func confidence(of choice: Assessment, among candidates: [Assessment]) -> Double {
    let worlds = choice.seconds.indices
    guard !worlds.isEmpty else { return 0 }
    var least = choice.seconds
    for candidate in candidates {
      for j in worlds { least[j] = min(least[j], candidate.seconds[j]) }
    }
    let near = worlds.filter { choice.seconds[$0] <= least[$0] * (1 + nearBest) }
    return Double(near.count) / Double(worlds.count)
  }
}
