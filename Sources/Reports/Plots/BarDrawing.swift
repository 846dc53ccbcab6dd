import AdvisorCore

/// Lying bars from the top down, with their names before them and their values behind them.
struct BarDrawing {
  let plot: Plot
  let frame: PlotFrame

  var lines: [String] { axes + [data] + values + ["plot \(bars)"] }

  private var points: [Plot.Point] { plot.series.filter { $0.style == .bars }.flatMap(\.points) }

  private var axes: [String] {
    let names = points.map { Axis.Tick(place: $0.x, label: String(($0.name ?? "").prefix(Self.maxName))) }
    return [
      "set key off", "set xlabel \(GnuplotScript.quoted(plot.yLabel)) textcolor rgb '\(PlotColour.ink.hex)'",
      "set xrange [0:\(most * 1.2)]", "set yrange [\((points.map(\.x).max() ?? 0) + 0.6):-0.6]",
      "set xtics (\(GnuplotScript.ticks(Axis.linear(0...(most * 1.2)) { plot.text($0) }.ticks))) noenhanced",
      "set ytics (\(GnuplotScript.ticks(names))) noenhanced",
    ]
  }

  private var most: Double { max(points.map(\.y).max() ?? 1, .leastNormalMagnitude) }

  private static let maxName = 18

  private var data: String {
    GnuplotScript.block(
      "bars",
      points.map { "\($0.y) \($0.x) \"\(GnuplotScript.plain("\($0.name ?? ""): \(plot.yLabel) \(plot.text($0.y))"))\"" }
    )
  }

  private var values: [String] {
    points.map { point in
      "set label \(GnuplotScript.quoted(plot.text(point.y))) at \(point.y + most * 0.02), \(point.x) left font ',13' "
        + "textcolor rgb '\(PlotColour.ink.hex)' front"
    }
  }

  private var bars: String {
    "$bars using (0):2:(0):1:($2-0.35):($2+0.35) with boxxyerror linecolor rgb '\(PlotColour.series(0).hex)' "
      + "fillstyle solid 0.6 border notitle, $bars using ($1/2):2:3 with labels hypertext point pointtype 7 pointsize 1.5 "
      + "linecolor rgb '#ff000000' notitle"
  }
}
