import AdvisorCore
import Console

extension Plot {
  /// More points of one series than a reader would go through are thinned out; the attached numbers have all.
  static let maxValues = 60
  /// The same for a curve, which says little more at more places.
  static let maxPlaces = 17

  /// The same numbers for those who read rather than look; a band's are those of the line within it.
  var table: Table {
    Table(
      [.init("series"), .init(xLabel, .right), .init(yLabel, .right), .init("interval", .right)],
      rows: series.filter { $0.style != .band }.flatMap { series in
        Self.thinned(series.points, to: series.style == .points ? Self.maxValues : Self.maxPlaces).map { point in
          [
            series.title, name(point), series.style == .mark ? "" : text(point.y),
            interval(point, of: series) ?? "",
          ]
        }
      })
  }

  /// What a pointer over a point is told: `measured, workers 4: 3.8 (3.5 – 4.1)`.
  func hint(_ point: Point, of series: Series) -> String {
    let place = point.name ?? "\(xLabel) \(place(point.x))"
    guard series.style != .mark else { return "\(series.title), \(place)" }
    let value = "\(yLabel) \(text(point.y))"
    return "\(series.title), \(place): \(value)\(interval(point, of: series).map { " (\($0))" } ?? "")"
  }

  /// At most `most` points: the first, the last, and the lowest and the highest of each of equal parts between them, so
  /// that no peak is lost.
  static func thinned(_ points: [Point], to most: Int = maxValues) -> [Point] {
    guard points.count > most, most >= 4 else { return points }
    let (parts, inner) = ((most - 2) / 2, points.count - 2)
    let extremes = (0..<parts).flatMap { part in
      let places = (1 + inner * part / parts)..<(1 + inner * (part + 1) / parts)
      let ends = [places.min { points[$0].y < points[$1].y }, places.max { points[$0].y < points[$1].y }]
      return Set(ends.compactMap(\.self)).sorted()
    }
    return ([0] + extremes + [points.count - 1]).map { points[$0] }
  }

  /// A value in its unit.
  func text(_ value: Double) -> String {
    switch yUnit {
    case .number: Quantity.text(count: value)
    case .seconds: Quantity.text(seconds: value)
    }
  }

  private func name(_ point: Point) -> String { point.name ?? place(point.x) }

  /// A place along the bottom.
  func place(_ x: Double) -> String { Quantity.text(count: x) }

  private func interval(_ point: Point, of series: Series) -> String? {
    guard series.style != .area, let low = point.low, let high = point.high else { return nil }
    return "\(text(low)) – \(text(high))"
  }
}
