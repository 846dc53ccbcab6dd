public import AdvisorCore
internal import Statistics

extension Tuner {
  /// What is known so far.
  ///
  /// - Parameter stop: why no more is run, where that was not the tuner's decision.
  public func outcome(stop: TuningReport.Stop? = nil) -> TuningOutcome {
    let own: TuningReport.Stop? = if case .stop(let stop) = step { stop } else { nil }
    let stop = stop ?? own ?? .interrupted
    guard let draws, let decision, decided(by: draws) != nil else {
      let hasFailed = stop == .infeasible || stop == .maxRuns
      return TuningOutcome(verdict: hasFailed ? .infeasible : .undecided, stop: stop)
    }
    let reference = isFeasible(start) ? start : largestFeasible ?? decision.best
    let gains = draws.sortedDifferences(reference, less: decision.best)
    let gain = IntervalEstimate(ofLogs: gains)
    return TuningOutcome(
      best: decision.best, reference: reference, gain: gain, loss: decision.loss,
      verdict: verdict(gains, gain, isStart: decision.best == reference, decision.loss), stop: stop)
  }

  /// By which share the best value is faster than a number of workers, run or not; nil where that is no candidate.
  func gain(of best: Int, over workers: Int) -> IntervalEstimate? {
    guard let draws, let other = candidates.firstIndex(where: { $0.counts == [workers] }) else { return nil }
    return IntervalEstimate(ofLogs: draws.sortedDifferences(other, less: best))
  }

  private var largestFeasible: Int? {
    candidates.indices.filter { isFeasible($0) }.max { candidates[$0].workers < candidates[$1].workers }
  }

  private func verdict(
    _ gains: [Double], _ gain: IntervalEstimate, isStart: Bool, _ loss: Double
  ) -> TuningReport.Verdict {
    // What has not run yet may be better.
    if isStart, loss >= Self.maxStalledLoss { return .undecided }
    let (low, high) = (gains.quantileOfSorted(Self.doubt) ?? 0, gains.quantileOfSorted(1 - Self.doubt) ?? 0)
    if isStart || high < Self.minGain { return .noDifference }
    return gain.value > Self.minGain && low > 0 ? .better : .undecided
  }
}
