private import Statistics
import Documents

extension LoadHistory {
  /// Loads that lie far off those on either side of them, while those agree: at most one in thirty. One that ends the
  /// history is such a load where the one before it is not; several that are not left again are a new level.
  ///
  /// Each is held against the median of its neighbours, in units of the median distance (the Hampel identifier: L. Davies
  /// and U. Gather, *The identification of multiple outliers*, JASA 88, 1993); and that both as it is and as a share of
  /// its neighbours, since loads that grow may spread more.
  var outliers: [Point] {
    guard (10...10_000).contains(points.count) else { return [] }
    // Weekdays add to the load or multiply it: what leaves less is nearer the truth.
    let adjusted = [false, true].map { withoutWeekdays(points.map(\.load), asFactors: $0) }.map {
      (absolute: Neighbourhood($0, isRelative: false), relative: Neighbourhood($0, isRelative: true))
    }
    let nearest = adjusted[1].absolute.spread < adjusted[0].absolute.spread ? adjusted[1] : adjusted[0]
    let relative = nearest.relative.outliers
    return nearest.absolute.outliers.filter(relative.contains).sorted().map { points[$0] }
  }

  /// Values of a daily history with what each weekday has in common taken off.
  ///
  /// - Parameter values: one for each point.
  /// - Parameter asFactors: whether a weekday multiplies the load rather than adds to it.
  func withoutWeekdays(_ values: [Double], asFactors: Bool = false) -> [Double] {
    guard mayHaveWeeklySeason else { return values }
    var effects = Array(repeating: [Double](), count: 7)
    let weekdays = points.map { CivilDate.weekday(days: $0.time) }
    for index in values.indices {
      let usual = values[max(0, index - 3)...min(values.count - 1, index + 3)].median() ?? 0
      effects[weekdays[index]].append(asFactors ? (usual == 0 ? 1 : values[index] / usual) : values[index] - usual)
    }
    let common = effects.map { $0.median() ?? (asFactors ? 1 : 0) }
    return zip(values, weekdays).map { value, day in
      asFactors ? (common[day] == 0 ? value : value / common[day]) : value - common[day]
    }
  }

  var mayHaveWeeklySeason: Bool { hasDates && step <= 1 && span >= 20 }
}

/// Values with those beside them.
private struct Neighbourhood {
  private let isRelative: Bool
  /// The median distance.
  let spread: Double
  private let threshold: Double
  private var values: [Double]
  /// Places of the values that are left.
  private var places: [Int]

  init(_ values: [Double], isRelative: Bool) {
    self.values = values
    self.isRelative = isRelative
    places = Array(values.indices)
    // A tenth of the usual load is no outlier, however even the rest is.
    let floor = isRelative ? 0.1 : 0.1 * abs(values.median() ?? 0)
    let distances = values.indices.map { abs(Self.distance(values, $0, isRelative)) }
    spread = distances.median() ?? 0
    threshold = max(6 * 1.4826 * spread, floor)
  }

  /// The places of those that stand apart; none where there are many, since many are no exception.
  var outliers: [Int] {
    var left = self
    var found: [Int] = []
    for _ in 0..<max(1, values.count / 30) {
      guard let index = left.farthest(endCounts: found.last != values.count - 1) else { return found }
      found.append(left.places.remove(at: index))
      left.values.remove(at: index)
    }
    return left.farthest(endCounts: false) == nil ? found : []
  }

  /// - Parameter endCounts: whether the last value may be one.
  private func farthest(endCounts: Bool) -> Int? {
    let apart = values.indices.compactMap { index -> (index: Int, distance: Double)? in
      let distance = abs(Self.distance(values, index, isRelative))
      guard distance > threshold else { return nil }
      let isAlone = index == values.count - 1 ? endCounts && isEndAlone : returns(index)
      return isAlone ? (index, distance) : nil
    }
    return apart.max { $0.distance < $1.distance }?.index
  }

  /// Whether the values after it are those before it.
  private func returns(_ index: Int) -> Bool {
    guard let before = values[max(0, index - 3)..<index].median(),
      let after = values[(index + 1)..<min(values.count, index + 4)].median()
    else { return index == 0 }
    return abs(after - before) < abs(Self.distance(values, index, false)) / 2
  }

  /// Whether the value before the last keeps to those before it.
  private var isEndAlone: Bool {
    abs(Self.distance(Array(values.dropLast()), values.count - 2, isRelative)) < threshold / 2
  }

  /// From the median of as many values on either side, at most four; at an end, from the median of the next four or from
  /// where it leads to, whichever is nearer.
  private static func distance(_ values: [Double], _ index: Int, _ isRelative: Bool) -> Double {
    let room = min(4, index, values.count - 1 - index)
    var usual: Double?
    if room > 0 {
      usual = (values[(index - room)..<index] + values[(index + 1)...(index + room)]).median()
    } else {
      let inward = index == 0 ? Array(values.dropFirst().prefix(8)) : Array(values.dropLast().suffix(8).reversed())
      if let near = inward.prefix(4).median(), let far = inward.dropFirst(4).median() {
        usual = [near, near + (near - far) / 4 * 2.5].min { abs(values[index] - $0) < abs(values[index] - $1) }
      }
    }
    guard let usual else { return 0 }
    return (values[index] - usual) / (isRelative && usual != 0 ? abs(usual) : 1)
  }
}
