private import Statistics

/// Whether one trend holds through a history, since when the last one does, or whether the load wanders without any.
struct Regimes {
  let form: Trend.Form
  /// When each regime but the first began.
  let breaks: [Double]
  /// How often the load fell back, where rising and falling back is all that it does.
  let falls: Int
  /// How often the load went on to a new level, where that is all that it does.
  let stairs: Int
  /// Whether a random walk explains the loads better than trends, and nothing brings them back to one.
  let wanders: Bool
  private let criterion: Double

  /// The form and the breaks that a history speaks for; nil where it is too short to tell.
  ///
  /// - Parameter form: nil to take the likelier one.
  static func best(_ history: LoadHistory, form: Trend.Form?) -> Regimes? {
    (form.map { [$0] } ?? [.linear, .exponential]).compactMap { Regimes(history, form: $0) }
      .min { $0.criterion < $1.criterion }
  }

  private init?(_ history: LoadHistory, form: Trend.Form) {
    guard form == .linear || history.points.allSatisfy({ $0.load > 0 }) else { return nil }
    let scaled = history.points.map { form.scaled($0.load) }
    let (times, loads) = Self.summary(history, history.withoutWeekdays(scaled))
    let steps = times.map { history.pace.steps(to: $0) }
    guard let regression = SegmentedRegression(x: steps, y: loads, minLength: Self.minLength) else { return nil }
    self.form = form
    // Of the loads themselves, whatever the form.
    let scale = form == .linear ? 0 : 2 * loads.reduce(0, +) / Double(loads.count)
    let walk = regression.criterion(
      // A walk has no weekdays.
      residuals: RandomWalk.squares(Array(zip(steps, Self.summary(history, scaled).loads))), parameters: 1)
    let isWalkLikelier = !regression.isExact && walk < regression.criterion
    let returns = Self.residuals(steps, loads).map { DickeyFuller(residuals: $0)?.returns } ?? true
    wanders = isWalkLikelier && returns == false
    // What hangs together over time looks broken to a test that presumes that it does not.
    let segments = isWalkLikelier ? [] : regression.segments
    breaks = segments.dropFirst().map { times[$0.range.lowerBound] }
    falls = Self.falls(segments)
    stairs = Self.stairs(segments)
    criterion = min(walk, regression.criterion) + scale
  }

  /// How often the load fell back by at least half of its rise, or rose again after a fall; 0 unless it mostly does.
  private static func falls(_ segments: [SegmentedRegression.Segment]) -> Int {
    let falls = zip(segments, segments.dropFirst()).count { before, after in
      let jump = after.start - before.end
      return jump * before.rise < 0 && abs(jump) > abs(before.rise) / 2 && before.rise * after.rise > 0
    }
    return falls >= 2 && 3 * falls >= 2 * (segments.count - 1) ? falls : 0
  }

  /// How often the load went on to a new level, always in the same direction, where it stands on levels for most of the time; 0
  /// for less than two times, and where the last level has held for more than twice as long as any before it.
  private static func stairs(_ segments: [SegmentedRegression.Segment]) -> Int {
    guard let first = segments.first, let last = segments.last, segments.count > 2 else { return 0 }
    let (change, count) = (last.end - first.start, last.range.upperBound)
    let levels = segments.filter { abs($0.rise) < abs(change) / 10 }
    // A level may be in several pieces.
    let steps = zip(levels, levels.dropFirst()).map { (at: $1.range.lowerBound, height: $1.start - $0.end) }
      .filter { abs($0.height) > abs(change) / 20 }
    let lengths = zip([0] + steps.map(\.at), steps.map(\.at)).map { $1 - $0 }
    guard steps.count >= 2, steps.allSatisfy({ $0.height * change > 0 }),
      3 * levels.reduce(0, { $0 + $1.range.count }) > 2 * count,
      let longest = lengths.max(), let begin = steps.last?.at, count - begin <= 2 * longest
    else { return 0 }
    return steps.count
  }

  /// What one straight line leaves; nil where none can be laid.
  private static func residuals(_ times: [Double], _ loads: [Double]) -> [Double]? {
    var line = LeastSquares(columns: 2)
    let first = times.first ?? 0
    for (time, load) in zip(times, loads) { line.add([1, time - first], observed: load) }
    guard let coefficients = line.coefficients else { return nil }
    return zip(times, loads).map { $1 - coefficients[0] - coefficients[1] * ($0 - first) }
  }

  /// At most some hundred points of a history: whole days where it has many points a day, since the hours of a day are no
  /// regimes.
  ///
  /// - Parameter loads: one for each point.
  private static func summary(_ history: LoadHistory, _ loads: [Double]) -> (times: [Double], loads: [Double]) {
    var groups = Dictionary(grouping: history.points.indices) { index in
      history.hasDates && history.step < 1 && history.span >= 21
        ? history.points[index].time.rounded(.down) : history.points[index].time
    }.sorted { $0.key < $1.key }.map(\.value)
    if groups.count > maxPoints {
      let size = (groups.count + maxPoints - 1) / maxPoints
      groups = stride(from: 0, to: groups.count, by: size).map { start in
        groups[start..<min(groups.count, start + size)].flatMap(\.self)
      }
    }
    let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
    return (groups.map { history.points[$0[0]].time }, groups.map { group in mean(group.map { loads[$0] }) })
  }

  private static let maxPoints = 400
  /// Points in a regime.
  static let minLength = 7
}
