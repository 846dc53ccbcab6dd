import AdvisorCore

/// Curves and points over a number or a time, each with its name beside it.
struct CurveDrawing {
  let plot: Plot
  let frame: PlotFrame

  var lines: [String] { axes + data + labels + ["plot " + commands.joined(separator: ", ")] }

  private var axes: [String] {
    let ink = PlotColour.ink.hex
    return [
      "set key off", "set xlabel \(GnuplotScript.quoted(plot.xLabel)) textcolor rgb '\(ink)'",
      "set ylabel \(GnuplotScript.quoted(plot.yLabel)) textcolor rgb '\(ink)'",
      "set xrange [\(frame.x.range.lowerBound):\(frame.x.range.upperBound)]",
      "set yrange [\(frame.y.range.lowerBound):\(frame.y.range.upperBound)]",
      frame.x.isLogarithmic ? "set logscale x" : nil, frame.y.isLogarithmic ? "set logscale y" : nil,
      "set xtics (\(GnuplotScript.ticks(frame.x.ticks))) noenhanced",
      "set ytics (\(GnuplotScript.ticks(frame.y.ticks))) noenhanced",
    ].compactMap(\.self)
  }

  /// A block of rows for each series, and one of what is said of its points.
  private var data: [String] {
    plot.series.enumerated().flatMap { index, series in
      let rows = points(series).map { "\($0.x) \($0.y) \($0.low ?? $0.y) \($0.high ?? $0.y)" }
      let hints = Plot.thinned(series.points).map { point in
        "\(point.x) \(height(of: point, series)) \"\(GnuplotScript.plain(plot.hint(point, of: series)))\""
      }
      return [GnuplotScript.block("data\(index)", rows), GnuplotScript.block("hints\(index)", hints)]
    }
  }

  /// Where a point can be pointed at.
  private func height(of point: Plot.Point, _ series: Plot.Series) -> Double {
    series.style == .mark ? frame.y.range.upperBound / 2 : series.middle(of: point)
  }

  private func points(_ series: Plot.Series) -> [Plot.Point] {
    guard series.style == .mark else { return series.points }
    return series.points.flatMap {
      [Plot.Point(x: $0.x, y: frame.y.range.lowerBound), Plot.Point(x: $0.x, y: frame.y.range.upperBound)]
    }
  }

  /// A band shares the colour of the series that comes next.
  private var colours: [PlotColour] {
    var next = 0
    return plot.series.map { series in
      defer { if series.style != .band { next += 1 } }
      return .series(next)
    }
  }

  private var labels: [String] {
    let edge = zip(frame.edgeSeries, frame.edgePlaces).map { series, place in
      GnuplotScript.label(series.title, 1.015, place, "left", colour(of: series))
    }
    let points = plot.series.filter { $0.style == .points }.compactMap(pointLabel)
    let marks = plot.series.filter { $0.style == .mark }.enumerated().flatMap { index, series in
      series.points.map { markLabel(series, $0, row: index) }
    }
    return edge + points + marks
  }

  private func colour(of series: Plot.Series) -> PlotColour {
    plot.series.firstIndex(of: series).map { colours[$0] } ?? .ink
  }

  /// Above the first ones of many points; beside the highest of a few, to the side where there is room.
  private func pointLabel(_ series: Plot.Series) -> String? {
    let isFew = series.points.count <= 3
    guard let point = isFew ? series.points.max(by: { $0.y < $1.y }) : series.points.first else { return nil }
    let x = frame.x.share(point.x)
    let below = isFew ? [point] : series.points.prefix { frame.x.share($0.x) <= x + frame.share(of: series.title) }
    let y = below.map { frame.y.share(max($0.y, $0.high ?? $0.y)) }.max() ?? 0
    let isLeft = isFew && x > 0.5
    let shift = isFew ? 0.8 * frame.line : y > 0.85 ? -1.6 * frame.line : 1.2 * frame.line
    let place = isFew ? x + (isLeft ? -0.01 : 0.01) : min(x + 0.01, 1 - frame.share(of: series.title))
    return GnuplotScript.label(series.title, place, y + shift, isLeft ? "right" : "left", colour(of: series))
  }

  /// At the top of its line, a row for each.
  private func markLabel(_ series: Plot.Series, _ point: Plot.Point, row: Int) -> String {
    let x = frame.x.share(point.x)
    let isLeft = x > 0.5
    return GnuplotScript.label(
      series.title, x + (isLeft ? -0.015 : 0.015), 0.06 + 1.2 * frame.line * Double(row), isLeft ? "right" : "left",
      colour(of: series))
  }

  /// The series, and over them what cannot be seen but pointed at.
  private var commands: [String] {
    let drawn = plot.series.enumerated().map { index, series in
      "$data\(index) \(form(series, "linecolor rgb '\(colours[index].hex)'")) notitle"
    }
    let hints = plot.series.enumerated().filter { $1.style != .band && !$1.points.isEmpty }.map { index, _ in
      "$hints\(index) using 1:2:3 with labels hypertext point pointtype 7 pointsize 1.5 "
        + "linecolor rgb '#ff000000' notitle"
    }
    return drawn + hints
  }

  private func form(_ series: Plot.Series, _ colour: String) -> String {
    switch series.style {
    case .points where series.points.contains { $0.low != nil }:
      "using 1:2:3:4 with yerrorbars \(colour) pointtype 7 pointsize 0.6 linewidth 1.5"
    case .points: "using 1:2 with points \(colour) pointtype 7 pointsize \(series.points.count > 60 ? 0.3 : 0.6)"
    case .joined: "using 1:2:3:4 with yerrorlines \(colour) pointtype 7 pointsize 0.6 linewidth 1.5"
    case .line: "using 1:2 with lines \(colour) linewidth 2"
    case .dashed: "using 1:2 with lines \(colour) linewidth 1.5 dashtype 2"
    case .dotted: "using 1:2 with lines \(colour) linewidth 1.5 dashtype 3"
    case .mark, .bars: "using 1:2 with lines \(colour) linewidth 1.5 dashtype 4"
    case .band: "using 1:3:4 with filledcurves \(colour) fillstyle transparent solid 0.2"
    case .area: "using 1:3:4 with filledcurves \(colour) fillstyle solid 0.75 noborder"
    }
  }
}
