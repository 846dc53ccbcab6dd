private import func Glibc.log

/// A predicted interval and point, and the observed value.
public struct Forecast: Sendable, Hashable {
  public var lower: Double
  public var point: Double
  public var upper: Double
  public var observed: Double

  public init(lower: Double, point: Double, upper: Double, observed: Double) {
    self.lower = lower
    self.point = point
    self.upper = upper
    self.observed = observed
  }

  public var covered: Bool { lower <= observed && observed <= upper }

  /// How far the point was off, relative to what was observed.
  public var absolutePercentageError: Double { abs(point - observed) / abs(observed) }
}

/// How good a series of forecasts was.
public struct ForecastScores: Sendable, Hashable {
  /// The share of observations inside their interval.
  public var coverage: Double
  /// The 95 % Wilson interval of ``coverage``.
  public var coverageInterval: ClosedRange<Double>
  /// Interval width over the point forecast, averaged.
  public var meanRelativeWidth: Double
  /// Width plus 2/α times what an observation fell outside, averaged (Gneiting and Raftery, JASA 102, 2007, eq. 43).
  public var intervalScore: Double
  public var medianError: Double
  public var p90Error: Double
  /// Mean of log(observed / point): above zero when the forecasts were too low.
  public var meanLogRatio: Double
  /// Root mean square of the relative error (Fu et al., NSDI 2021).
  public var rootMeanSquareRelativeError: Double
  /// Mean pinball loss of the lower and of the upper bound as quantile forecasts.
  public var lowerPinballLoss: Double
  public var upperPinballLoss: Double

  /// - Parameter level: the coverage that the intervals promise.
  /// - Returns: nil for no forecasts.
  public init?(_ forecasts: [Forecast], level: Double = 0.9) {
    let errors = forecasts.map(\.absolutePercentageError)
    guard let medianError = errors.median(), let p90Error = errors.quantile(0.9) else { return nil }
    let count = Double(forecasts.count)
    func mean(_ value: (Forecast) -> Double) -> Double { forecasts.reduce(0) { $0 + value($1) } / count }
    let alpha = 1 - level
    coverage = mean { $0.covered ? 1 : 0 }
    coverageInterval = wilsonInterval(share: coverage, of: count)
    meanRelativeWidth = mean { ($0.upper - $0.lower) / $0.point }
    intervalScore = mean {
      $0.upper - $0.lower + 2 / alpha * (max(0, $0.lower - $0.observed) + max(0, $0.observed - $0.upper))
    }
    self.medianError = medianError
    self.p90Error = p90Error
    meanLogRatio = mean { log($0.observed / $0.point) }
    rootMeanSquareRelativeError = mean { $0.absolutePercentageError * $0.absolutePercentageError }.squareRoot()
    lowerPinballLoss = mean { pinballLoss(of: $0.lower, at: alpha / 2, observed: $0.observed) }
    upperPinballLoss = mean { pinballLoss(of: $0.upper, at: 1 - alpha / 2, observed: $0.observed) }
  }
}

/// The interval of a share that was counted in a number of trials.
///
/// Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
/// - Parameter z: the normal quantile of the confidence; 1.96 for 95 %.
public func wilsonInterval(share: Double, of trials: Double, z: Double = 1.959_963_984_540_054) -> ClosedRange<Double> {
  guard trials > 0 else { return 0...1 }
  let shrink = 1 + z * z / trials
  let centre = (share + z * z / (2 * trials)) / shrink
  let half = z / shrink * (share * (1 - share) / trials + z * z / (4 * trials * trials)).squareRoot()
  return max(0, centre - half)...min(1, centre + half)
}

/// The loss that the quantile itself makes least on average (Koenker and Bassett, 1978).
func pinballLoss(of forecast: Double, at share: Double, observed: Double) -> Double {
  observed >= forecast ? share * (observed - forecast) : (1 - share) * (forecast - observed)
}
