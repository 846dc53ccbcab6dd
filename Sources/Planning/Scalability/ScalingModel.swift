private import Statistics

/// A law of how throughput grows with workers, fitted to measurements.
protocol ScalingModel {
  static var name: ScalingFit.ModelName { get }
  /// Different numbers of workers below which a fit says nothing.
  static var fewestGroups: Int { get }

  /// - Parameter data: at least `fewestGroups` numbers of workers.
  init(fittedTo data: ScalingData)

  var coefficients: [String: Double] { get }
  /// Nil for a coefficient on its bound, or without degrees of freedom.
  var standardErrors: [String: Double?] { get }
  /// Where throughput is greatest; nil when it grows without bound.
  var peakWorkers: Double? { get }

  func throughput(workers: Double) -> Double
  /// Standard error of the fitted throughput, to first order; nil without degrees of freedom.
  func standardError(workers: Double) -> Double?
  /// Measurements beyond those that the coefficients take up.
  var degreesOfFreedom: Int { get }
}

extension ScalingModel {
  /// What to expect at a number of workers, with the 90 % confidence interval of the curve.
  func prediction(workers: Double) -> ScalingFit.Prediction {
    let expected = throughput(workers: workers)
    let margin = standardError(workers: workers).map {
      $0 * StudentT(degreesOfFreedom: Double(degreesOfFreedom)).quantile(0.95)
    }
    return ScalingFit.Prediction(
      workers: workers, throughput: expected, low: margin.map { max(0, expected - $0) },
      high: margin.map { expected + $0 })
  }

  /// How far the model, fitted without some numbers of workers, misses them.
  static func leaveOneOutError(_ data: ScalingData) -> Double? {
    guard data.groups.count > fewestGroups else { return nil }
    // With many numbers of workers, every n-th is left out together: as telling, and no more than 32 fits.
    let folds = min(data.groups.count, 32)
    let misses = (0..<folds).flatMap { fold in
      let isLeftOut = { (index: Int) in index % folds == fold }
      let kept = data.groups.indices.filter { !isLeftOut($0) }.map { data.groups[$0] }
      return Self(fittedTo: ScalingData(groups: kept)).misses(
        data.groups.indices.filter(isLeftOut).map { data.groups[$0] })
    }
    return relativeError(misses, data.groups)
  }

  /// How far the model, fitted up to half of the most workers, misses the rest.
  static func extrapolationError(_ data: ScalingData) -> Double? {
    let near = data.groups.filter { $0.workers <= data.range.upperBound / 2 }
    let far = Array(data.groups.dropFirst(near.count))
    guard near.count >= fewestGroups, !far.isEmpty else { return nil }
    return relativeError(Self(fittedTo: ScalingData(groups: near)).misses(far), far)
  }

  private func misses(_ groups: [ScalingData.Group]) -> [Double] {
    groups.map { throughput(workers: $0.workers) - $0.throughput }
  }

  /// The root mean square over the mean throughput: misses count where there is much to miss.
  private static func relativeError(_ misses: [Double], _ groups: [ScalingData.Group]) -> Double {
    let meanSquare = misses.reduce(0) { $0 + $1 * $1 } / Double(misses.count)
    return meanSquare.squareRoot() / (groups.reduce(0) { $0 + $1.throughput } / Double(groups.count))
  }
}
