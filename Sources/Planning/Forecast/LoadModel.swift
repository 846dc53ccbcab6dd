/// How a load goes on: what to expect at a time, and how far off it may be.
protocol LoadModel {
  var form: Trend.Form { get }
  /// Intercept at time zero and slope per unit of time; of the logarithm for the exponential form.
  var line: (intercept: Double, slope: Double) { get }
  /// Growth in one step: added, or the factor less one for the exponential form.
  var growthPerStep: Double { get }
  /// Standard error of the growth in one step, on the scale of the form.
  var growthError: Double { get }
  /// Standard deviation of one observation; of the logarithms for the exponential form.
  var deviation: Double { get }

  /// Standard errors on either side that hold a new observation with this probability.
  func reach(level: Double) -> Double
  /// The load to expect, and the ends of the interval of a number of standard errors to either side.
  func predict(_ time: Double, reach: Double) -> (load: Double, low: Double, high: Double)
}

extension LoadHistory {
  /// What a model leaves unexplained of each load; of the logarithms for the exponential form.
  func residuals(of model: some LoadModel) -> [Double] {
    points.map { point in
      let expected = model.predict(point.time, reach: 0).load
      return model.form.scaled(point.load) - model.form.scaled(expected)
    }
  }
}
