import AdvisorCore
import Statistics
import Tuning

/// How good a tuner's answers were, over many searches.
struct Score {
  var regrets: [Double] = []
  var runs: [Double] = []
  /// Seconds of the search, in runs of the best value.
  var times: [Double] = []
  /// For answers other than the start: whether the interval holds the true gain.
  var covered: [Bool] = []
  /// Whether a gain was rightly claimed, or rightly not.
  var claims: [Bool] = []

  var meanRegret: Double { regrets.mean() ?? .nan }
  var meanRuns: Double { runs.mean() ?? .nan }
  var meanTime: Double { times.mean() ?? .nan }
  func regret(_ share: Double) -> Double { regrets.quantile(share) ?? .nan }
  var coverage: Double { share(covered) }
  var rightClaims: Double { share(claims) }

  private func share(_ values: [Bool]) -> Double { Double(values.count { $0 }) / Double(max(1, values.count)) }

  /// Searches to the end.
  ///
  /// - Parameters:
  ///   - truth: the true time of a value; infinite where it fails.
  ///   - run: a noisy run of a candidate.
  mutating func search(
    _ tuner: Tuner, best: Double, truth: (Int) -> Double, run: (KnobSetting, Int) -> TrialRun
  ) -> TuningOutcome {
    var tuner = tuner
    while case .run(let candidate) = tuner.step { tuner.record(run(tuner.candidates[candidate], candidate)) }
    let outcome = tuner.outcome()
    runs.append(Double(tuner.runs.count))
    times.append(tuner.runs.map(\.seconds).reduce(0, +) / best)
    guard let pick = outcome.best, let reference = outcome.reference, let gain = outcome.gain else {
      regrets.append(1)
      return outcome
    }
    let time = truth(tuner.candidates[pick].counts[0])
    regrets.append(time.isFinite ? max(0, time / best - 1) : 1)
    let trueGain = truth(tuner.candidates[reference].counts[0]) / time - 1
    if pick != tuner.start { covered.append((gain.low - 0.003...gain.high + 0.003).contains(trueGain)) }
    let possible = truth(tuner.candidates[reference].counts[0]) / best - 1
    if possible < 0.02 { claims.append(outcome.verdict != .better) }
    return outcome
  }

  var text: String {
    func percent(_ value: Double) -> String { "\((value * 1000).rounded() / 10) %" }
    return "regret \(percent(meanRegret)), p95 \(percent(regret(0.95))), runs \((meanRuns * 100).rounded() / 100), "
      + "time \((meanTime * 10).rounded() / 10), coverage \(percent(coverage)), silent \(percent(rightClaims))"
  }
}
