import AdvisorCore
import CostModel

extension Trial {
  /// Ways that are predicted to take this many times the recommended one are left out, unless a rule names them.
  private static let worthALook = 4.0
  /// Of one strategy.
  private static let maxWorkerCounts = 5

  /// The recommended way, the others worth a look and those that fixed rules name, each with its candidate.
  static func candidates(
    _ advice: Recommendation, rules: [FixedRule: Candidate]
  ) -> (all: [Candidate], places: [FixedRule: Int]) {
    var candidates = [advice.recommended]
    let limit = worthALook * advice.recommended.predicted.seconds.p50
    for strategy in Strategy.allCases {
      let ranked = advice.alternatives.filter { $0.strategy == strategy && $0.predicted.seconds.p50 <= limit }
      candidates += spread(ranked.sorted { $0.workers < $1.workers })
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
    return (candidates, places)
  }

  /// A few worker counts over the whole range, not only those that the model likes best.
  private static func spread(_ candidates: [Candidate]) -> [Candidate] {
    guard candidates.count > maxWorkerCounts else { return candidates }
    let step = Double(candidates.count - 1) / Double(maxWorkerCounts - 1)
    return (0..<maxWorkerCounts).map { candidates[Int((Double($0) * step).rounded())] }
  }
}

extension Trial.Way {
  init(_ candidate: Candidate) {
    self.init(
      strategy: candidate.strategy, workers: candidate.workers, chunk: candidate.chunk,
      stageWorkers: candidate.stageWorkers, predicted: candidate.predicted)
  }
}

extension Candidate {
  func isSameWay(as other: Candidate) -> Bool {
    strategy == other.strategy && workers == other.workers && chunk == other.chunk
      && stageWorkers == other.stageWorkers
  }
}
