/// The room that a plot and its texts take, in pixels and in shares of the picture.
struct PlotFrame {
  static let width = 480
  /// Of a letter of the labels, at most; fonts differ.
  private static let letter = 7.4

  let x: Axis
  let y: Axis
  let height: Int
  private let plot: Plot

  init(_ plot: Plot) {
    self.plot = plot
    x = Self.xAxis(plot)
    y = Self.yAxis(plot)
    height = plot.xAxis == .names ? 84 + 28 * (plot.series.first?.points.count ?? 0) : 300
  }

  var top: Double { 1 - 10 / Double(height) }
  /// Ticks, and below them the name of what lies along the bottom.
  var bottom: Double { ((plot.xAxis == .names ? plot.yLabel : plot.xLabel).isEmpty ? 42 : 72) / Double(height) }

  /// The right end of the plot: what lies beyond is for labels.
  var right: Double {
    let widest = edgeSeries.map { Double($0.title.count) }.max() ?? 0
    // The last tick's label is centred on it.
    return 1 - max(widest * Self.letter + 12, 34) / Double(Self.width)
  }

  /// The left end, where it is known well enough to say how wide a text is against the frame.
  private static let left = 80.0

  /// How much of the frame's width a text takes.
  func share(of text: String) -> Double {
    Double(text.count) * Self.letter / (right * Double(Self.width) - Self.left)
  }

  /// How much of the frame's height a line of text takes.
  var line: Double { 15 / ((top - bottom) * Double(height)) }

  /// Series that reach to the right end, where their names go.
  var edgeSeries: [Plot.Series] {
    plot.series.filter { ![.points, .mark, .bars].contains($0.style) && !$0.points.isEmpty }
  }

  /// Where the names at the right end go, from 0 to 1: by their last values, moved apart to be readable.
  var edgePlaces: [Double] {
    let wanted = edgeSeries.map { series in
      series.points.last.map { y.share(series.style == .band ? $0.high ?? $0.y : series.middle(of: $0)) } ?? 0
    }
    var places = wanted
    var above = 1 + line / 2
    for index in wanted.indices.sorted(by: { (wanted[$0], -$0) > (wanted[$1], -$1) }) {
      places[index] = min(wanted[index], above - line)
      above = places[index]
    }
    // What was pushed below the bottom pushes the others back up.
    var below = -line
    for index in places.indices.sorted(by: { places[$0] < places[$1] }) {
      places[index] = max(places[index], below + line)
      below = places[index]
    }
    return places
  }

  private static func xAxis(_ plot: Plot) -> Axis {
    let places = plot.series.flatMap(\.points).map(\.x)
    let (low, high) = (places.min() ?? 0, places.max() ?? 1)
    let room = max((high - low) * 0.02, high == low ? 1 : 0)
    switch plot.xAxis {
    case .logarithmic: return .logarithmic((low / 1.1)...(high * 1.1)) { plot.text($0) }
    case .doublings: return .doublings((low / 1.1)...(high * 1.1))
    case .dates: return .dates((low - room)...(high + room))
    case .numbers, .names:
      return .linear((low >= 0 ? max(0, low - room) : low - room)...(high + room)) { plot.place($0) }
    }
  }

  private static func yAxis(_ plot: Plot) -> Axis {
    guard plot.isLogarithmicY else { return .linear(0...top(plot)) { plot.text($0) } }
    let values = plot.series.flatMap(\.points).flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] }.filter { $0 > 0 }
    // A curve that leaves for infinity must not press the rest against the bottom.
    let calm = plot.series.filter { $0.style != .line }.flatMap(\.points).map { max($0.y, $0.high ?? $0.y) }.max()
    let (low, high) = (values.min() ?? 0.1, values.max() ?? 1)
    return .logarithmic((low / 1.2)...(min(high, (calm ?? high) * 5) * 1.2)) { plot.text($0) }
  }

  /// A little room above the highest point.
  private static func top(_ plot: Plot) -> Double {
    let highest = { (isMeant: (Plot.Series) -> Bool) in
      plot.series.filter(isMeant).flatMap { series in
        let reachesHigh = [.points, .joined, .band, .area].contains(series.style)
        return series.points.map { max($0.y, reachesHigh ? $0.high ?? $0.y : $0.y) }
      }.max() ?? 0
    }
    let most = highest { $0.style != .band }
    // A wide band must not press the rest against the bottom.
    let withBands = max(most, min(highest { $0.style == .band }, 1.5 * most))
    return withBands > 0 ? withBands * 1.08 : 1
  }
}
