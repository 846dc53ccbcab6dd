public import AdvisorCore

extension ScalingFit {
  /// Fits runs of different sizes, which only the Ernest form describes; predictions are for a size of 1, at which
  /// nothing need have been measured.
  ///
  /// - Throws: `badData` unless all figures are above zero and there are at least three different rows.
  public init(_ runs: [ErnestScaling.Run], predictingAlso extra: [Double] = []) throws(AdvisorError) {
    for (index, run) in runs.enumerated() {
      guard [run.machines, run.scale, run.seconds].allSatisfy({ $0.isFinite && $0 > 0 }) else {
        throw AdvisorError(
          .badData,
          "run \(index + 1) has a figure that is not above zero: \(count(run.machines, "machine")), "
            + "scale \(Quantity.significant(run.scale)), \(Quantity.text(seconds: run.seconds))",
          advice: "leave it out, or correct it")
      }
    }
    guard Set(runs.map { [$0.machines, $0.scale] }).count >= 3 else {
      throw AdvisorError(
        .badData, "there are fewer than three different runs", advice: "vary the machines and the scale")
    }
    let ernest = ErnestScaling(fittedTo: runs)
    let workers = Set(runs.map(\.machines) + extra).sorted()
    let model = Model(
      model: .ernest, coefficients: ernest.coefficients, standardErrors: ernest.standardErrors,
      peak: ernest.peakWorkers.map { Peak(workers: $0, throughput: ernest.throughput(workers: $0)) },
      leaveOneOutError: Self.leaveOneOutError(runs), extrapolationError: nil,
      predictions: workers.map(ernest.prediction))
    points = runs.count
    measured = []
    best = .ernest
    models = [model]
    serialShares = []
    verdict = model.verdict(maxWorkers: workers.last ?? 1)
    (unit, input) = (nil, nil)
  }

  /// Root mean square of the missed seconds over the mean; of at most 32 runs left out at a time.
  private static func leaveOneOutError(_ runs: [ErnestScaling.Run]) -> Double? {
    let folds = min(runs.count, 32)
    guard runs.count > 4 else { return nil }
    let misses = (0..<folds).flatMap { fold in
      let model = ErnestScaling(fittedTo: runs.indices.filter { $0 % folds != fold }.map { runs[$0] })
      return runs.indices.filter { $0 % folds == fold }.map {
        model.seconds(machines: runs[$0].machines, scale: runs[$0].scale) - runs[$0].seconds
      }
    }
    let meanSquare = misses.reduce(0) { $0 + $1 * $1 } / Double(misses.count)
    return meanSquare.squareRoot() / (runs.reduce(0) { $0 + $1.seconds } / Double(runs.count))
  }
}
