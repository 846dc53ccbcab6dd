private import Statistics

/// What a history speaks for: how the load goes on, what of the past that rests on, and why it may be no more than a guess.
struct Outlook {
  let model: any LoadModel
  /// When each regime but the first began.
  let breaks: [Double]
  /// Since when the trend that is used holds; nil where it is that of the whole history.
  let since: Double?
  let outliers: [LoadHistory.Point]
  let doubt: LoadForecast.Doubt?
  /// The median of the last three loads, outliers aside.
  let lastLevel: Double
  private let effects: SeasonalEffects
  private let pace: LoadHistory.Pace
  /// In steps from time zero.
  private let last: Double
  private var backtest: Backtest?
  private let walks: Bool

  /// - Parameter form: nil to take the likelier one.
  /// - Returns: nil where no trend can be fitted to the history.
  init?(_ history: LoadHistory, form: Trend.Form?) {
    let outliers = history.outliers
    let kept = outliers.isEmpty ? history : history.without(outliers)
    let effects = SeasonalEffects(kept, form: form)
    let even = effects.removed(from: kept)
    // Seasons may be factors, and what is left of them a line all the same.
    let seasonal = effects.form == .linear ? .linear : Trend.best(even, form: nil)?.form
    let trendForm = form ?? (effects.seasons.isEmpty ? nil : seasonal)
    let regimes = Regimes.best(even, form: trendForm)
    let recent = kept.points.suffix(3).map(\.load).sorted()
    lastLevel = recent[recent.count / 2]
    self.outliers = outliers
    self.effects = effects
    pace = history.pace
    last = pace.steps(to: history.last)
    breaks = regimes?.breaks ?? []
    if let regimes, regimes.wanders, let walk = RandomWalk(even, form: regimes.form) {
      (model, since, doubt, walks) = (walk, nil, .randomWalk, true)
      return
    }
    // A few levels do not tell a curve.
    let form = regimes?.stairs ?? 0 > 0 ? trendForm ?? .linear : trendForm
    let since = regimes.flatMap { $0.falls > 0 || $0.stairs > 0 ? nil : $0.breaks.last }
    let basis = since.flatMap { even.since($0) } ?? even
    // A few points bend by chance.
    let isShort = basis.points.count < 2 * Regimes.minLength
    guard let trend = Trend.best(basis, form: since != nil && isShort ? form ?? .linear : form) else { return nil }
    let doubt = Self.doubt(trend, basis, regimes, lastLevel)
    self.doubt = doubt
    guard regimes?.falls ?? 0 == 0, Self.moves(trend, basis, doubt),
      let level = DriftingLevel(
        isShort ? even : basis, form: form ?? (kept.spreadsWithLevel ? .exponential : .linear),
        parameters: effects.parameters)
    else {
      (model, self.since, walks) = (trend, since, false)
      return
    }
    (model, self.since, walks) = (level, isShort ? nil : since, true)
  }

  /// Whether the loads keep to one side of a trend for longer than chance would have it in one history of twenty, so that the
  /// last ones say more of the next than the trend does.
  private static func moves(_ trend: Trend, _ basis: LoadHistory, _ doubt: LoadForecast.Doubt?) -> Bool {
    switch doubt {
    case .autocorrelated, .leavesTrend, .breaksOften, .inSteps: return true
    case .justBroken, .fallsBack, .randomWalk: return false
    case nil: break
    }
    let largest = basis.points.map { abs(trend.form.scaled($0.load)) }.max() ?? 0
    guard trend.deviation > 1e-9 * largest, let test = DickeyFuller(residuals: basis.residuals(of: trend)) else {
      return false
    }
    return test.autocorrelation > 2 / Double(basis.points.count).squareRoot()
  }

  private static func doubt(
    _ trend: Trend, _ basis: LoadHistory, _ regimes: Regimes?, _ lastLevel: Double
  ) -> LoadForecast.Doubt? {
    if let regimes, regimes.falls > 0 { return .fallsBack(times: regimes.falls) }
    if let regimes, regimes.stairs > 0 { return .inSteps(times: regimes.stairs) }
    if let breaks = regimes?.breaks.count, breaks > 3 { return .breaksOften(times: breaks) }
    if let regimes, !regimes.breaks.isEmpty, basis.points.count < 2 * Regimes.minLength {
      return .justBroken(points: basis.points.count)
    }
    let residuals = basis.residuals(of: trend)
    let largest = basis.points.map { abs(trend.form.scaled($0.load)) }.max() ?? 0
    guard trend.deviation > 1e-9 * largest, residuals.count >= 10 else { return nil }
    if let test = DickeyFuller(residuals: residuals), test.autocorrelation > maxAutocorrelation {
      return .autocorrelated(autocorrelation: test.autocorrelation)
    }
    let last = residuals.suffix(3).sorted()[1]
    return abs(last) > trend.reach(level: 0.95) * trend.deviation ? .leavesTrend(level: lastLevel) : nil
  }

  /// Above it, an interval that presumes independent loads is less than half as wide as the truth: with (1 + r)/(1 − r) as
  /// many loads needed for the same error (docs/model.md, 10.12).
  private static let maxAutocorrelation = 0.6

  /// How far off a load is, in standard errors; nil where the model has none, or says nothing of such a load.
  func miss(_ point: LoadHistory.Point) -> Double? {
    let even = model.predict(point.time, reach: 1)
    let load = effects.removed(from: point)
    guard model.form == .linear || load > 0 else { return nil }
    let expected = model.form.scaled(even.load)
    let error = model.form.scaled(even.high) - expected
    // What rounding leaves is no error.
    return error > 1e-9 * abs(expected) ? (model.form.scaled(load) - expected) / error : nil
  }

  /// With intervals as wide as the past shows that they must be.
  func widened(by backtest: Backtest) -> Outlook {
    var outlook = self
    outlook.backtest = backtest
    return outlook
  }

  /// The load to expect, and an interval; one that is a guess holds the level of the last days.
  func predict(_ time: Double, reach: Double) -> (load: Double, low: Double, high: Double) {
    let factor = backtest?.factor(ahead: pace.steps(to: time) - last) ?? 1
    let even = model.predict(time, reach: reach * factor)
    let (load, low, high) = (
      effects.added(to: even.load, at: time), effects.added(to: even.low, at: time),
      effects.added(to: even.high, at: time)
    )
    return doubt == nil ? (load, low, high) : (load, min(low, lastLevel), max(high, lastLevel))
  }

  var seasons: [Season] { effects.seasons }

  /// Whether the bounds may rise and fall again, so that each step is to be looked at.
  var mayTurn: Bool { walks || !effects.seasons.isEmpty || backtest?.widens == true }
}

extension LoadHistory {
  /// Without some of its points.
  fileprivate func without(_ outliers: [Point]) -> LoadHistory {
    let times = Set(outliers.map(\.time))
    return (try? LoadHistory(points.filter { !times.contains($0.time) }, hasDates: hasDates, unit: unit)) ?? self
  }

  /// The part from a time on.
  fileprivate func since(_ time: Double) -> LoadHistory? {
    try? LoadHistory(points.filter { $0.time >= time }, hasDates: hasDates, unit: unit)
  }
}
