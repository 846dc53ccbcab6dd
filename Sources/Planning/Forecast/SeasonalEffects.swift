private import func Glibc.exp
private import func Glibc.log
private import func Glibc.pow
private import Statistics

/// What each slot of the seasons adds to a load, or to its logarithm.
struct SeasonalEffects {
  private(set) var seasons: [Season] = []
  private(set) var form: Trend.Form
  private var effects: [[Int: Double]] = []

  /// The seasons that a history shows.
  ///
  /// - Parameter form: nil to take factors where the load spreads the more the higher it is.
  init(_ history: LoadHistory, form: Trend.Form?) {
    self.form = form ?? (history.spreadsWithLevel ? .exponential : .linear)
    guard self.form == .linear || history.points.allSatisfy({ $0.load > 0 }) else { return }
    var left = history.points.map { self.form.scaled($0.load) }
    for season in Season.candidates(history) {
      let slots = history.points.map { season.slot($0.time) }
      guard let found = Self.effects(left, slots, length: season.length(history)) else { continue }
      seasons.append(season)
      effects.append(found)
      for index in left.indices { left[index] -= found[slots[index]] ?? 0 }
    }
  }

  /// Slots less the mean of each season.
  var parameters: Int { effects.reduce(0) { $0 + $1.count - 1 } }

  /// A load with what its time adds to it, or multiplies it by.
  func added(to load: Double, at time: Double) -> Double {
    let effect = effect(time)
    return form == .linear ? load + effect : load * exp(effect)
  }

  /// On the scale of the form.
  private func effect(_ time: Double) -> Double {
    zip(seasons, effects).reduce(0) { $0 + ($1.1[$1.0.slot(time)] ?? 0) }
  }

  /// A history without its seasons.
  func removed(from history: LoadHistory) -> LoadHistory {
    guard !seasons.isEmpty else { return history }
    let points = history.points.map { LoadHistory.Point(time: $0.time, load: removed(from: $0)) }
    return (try? LoadHistory(points, hasDates: history.hasDates, unit: history.unit)) ?? history
  }

  /// A load without what its time adds to it, or multiplies it by.
  func removed(from point: LoadHistory.Point) -> Double {
    let effect = effect(point.time)
    return form == .linear ? point.load - effect : point.load / exp(effect)
  }

  /// What each slot has above a moving average over one cycle, recent cycles counting more; nil where slots differ no more
  /// than chance would have it in one history of a hundred (F test; docs/model.md, 10.14).
  private static func effects(_ values: [Double], _ slots: [Int], length: Int) -> [Int: Double]? {
    let inner = (length / 2)..<(values.count - length / 2)
    guard values.count >= 2 * length, inner.count > length else { return nil }
    let average = movingAverage(values, length)
    var (weights, sums, plain): ([Int: Double], [Int: Double], [Int: (count: Double, sum: Double)]) = ([:], [:], [:])
    var squares = 0.0
    for index in inner {
      let above = values[index] - average[index]
      let weight = pow(forgetting, Double((values.count - 1 - index) / length))
      weights[slots[index], default: 0] += weight
      sums[slots[index], default: 0] += weight * above
      let known = plain[slots[index]] ?? (0, 0)
      plain[slots[index]] = (known.count + 1, known.sum + above)
      squares += above * above
    }
    let explained = plain.values.reduce(0) { $0 + $1.sum * $1.sum / $1.count }
    let freedom = (groups: Double(plain.count - 1), rest: Double(inner.count - plain.count - 1))
    guard freedom.groups > 0, freedom.rest > 0, explained > 1e-12 * squares, squares > 0 else { return nil }
    let rest = max(squares - explained, 1e-12 * squares)
    let ratio = explained / freedom.groups / (rest / freedom.rest)
    guard FisherF(numerator: freedom.groups, denominator: freedom.rest).probability(above: ratio) < 0.01 else {
      return nil
    }
    let means = weights.reduce(into: [Int: Double]()) { $0[$1.key] = (sums[$1.key] ?? 0) / $1.value }
    let last = slots.suffix(length)
    let mean = last.reduce(0) { $0 + (means[$1] ?? 0) } / Double(last.count)
    return means.mapValues { $0 - mean }
  }

  /// What a cycle counts beside the one after it.
  private static let forgetting = 0.8

  /// Centred; at the ends, of the first and the last cycle.
  private static func movingAverage(_ values: [Double], _ length: Int) -> [Double] {
    var sums = [0.0]
    for value in values { sums.append(sums[sums.count - 1] + value) }
    let last = values.count - length
    return values.indices.map { index in
      let start = index - length / 2
      guard length % 2 == 0, start >= 0, start < last else {
        let start = min(max(start, 0), last)
        return (sums[start + length] - sums[start]) / Double(length)
      }
      // Of an even number the first and the last count half.
      return (sums[start + length] - sums[start + 1] + (values[start] + values[start + length]) / 2) / Double(length)
    }
  }
}

extension LoadHistory {
  /// Whether stretches of the history spread the more the higher they are: at least as the root of their level.
  var spreadsWithLevel: Bool {
    guard points.allSatisfy({ $0.load > 0 }) else { return false }
    let cycle = Season.candidates(self).first.map { min($0.length(self), 24) } ?? 10
    let length = max(6, cycle)
    let stretches = stride(from: points.count % length, through: points.count - length, by: length).map { start in
      let loads = points[start..<(start + length)].map(\.load)
      let mean = loads.reduce(0, +) / Double(length)
      return (mean: mean, spread: (loads.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(length)).squareRoot())
    }.filter { $0.spread > 0 }
    guard stretches.count >= 4, let low = stretches.map(\.mean).min(), let high = stretches.map(\.mean).max(),
      high > 1.2 * low
    else { return false }
    var line = LeastSquares(columns: 2)
    for stretch in stretches { line.add([1, log(stretch.mean)], observed: log(stretch.spread)) }
    return line.coefficients.map { $0[1] > 0.5 } ?? false
  }
}
