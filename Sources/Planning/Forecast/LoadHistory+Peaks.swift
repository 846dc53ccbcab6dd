public import AdvisorCore
import Documents

extension LoadHistory {
  /// A stretch of time of which only the peak counts.
  public enum Period: String, CaseIterable, Sendable { case hour, day, week, month }

  /// The highest load of each period, at its beginning; the last period where it is whole.
  ///
  /// - Parameter lowest: whether the lowest load counts, as of free space.
  /// - Throws: `badData` for a history without dates, or of fewer than three periods.
  public func peaks(per period: Period, lowest: Bool = false) throws(AdvisorError) -> LoadHistory {
    guard hasDates else {
      throw AdvisorError(
        .badData, "a history without dates has no peaks a \(period.rawValue)", advice: "leave --peak out, or give dates"
      )
    }
    var peaks = Dictionary(grouping: points) { period.start($0.time) }.map { start, points in
      Point(time: start, load: (lowest ? points.map(\.load).min() : points.map(\.load).max()) ?? 0)
    }
    let next = last + step
    if let newest = peaks.map(\.time).max(), period.start(next + step / 2) == newest {
      peaks.removeAll { $0.time == newest }
    }
    var history = try LoadHistory(peaks, hasDates: true, unit: unit)
    history.input = input
    return history
  }
}

extension LoadHistory.Period {
  fileprivate func start(_ time: Double) -> Double {
    // Rounding must not move a point to the period before.
    let time = time + 0.5 / 86_400
    let day = time.rounded(.down)
    return switch self {
    case .hour: (time * 24).rounded(.down) / 24
    case .day: day
    case .week: day - Double(CivilDate.weekday(days: day))
    case .month: CivilDate.startOfMonth(day)
    }
  }
}
