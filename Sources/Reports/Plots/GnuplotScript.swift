/// A plot as a script for gnuplot, which writes SVG to its standard output.
///
/// gnuplot draws because axes, ticks, logarithms and keys are harder than they look, and it has drawn them for decades; a
/// drawing of our own would be one more thing to keep right. It runs as a program of its own, so that those who want no
/// plots need not have it: the report then holds the same numbers as tables.
public struct GnuplotScript: Sendable {
  public let text: String

  public init(_ plot: Plot) {
    let data = plot.series.enumerated().map { Self.block($0, $1) }
    let commands = plot.series.enumerated().map { Self.command($0, $1) }
    text = (Self.settings(plot) + data + ["plot " + commands.joined(separator: ", ")]).joined(separator: "\n") + "\n"
  }

  private static func settings(_ plot: Plot) -> [String] {
    let ink = PlotColour.ink.hex
    let most = plot.series.flatMap(\.points).map { $0.high ?? $0.y }.max() ?? 1
    return [
      "set terminal svg size 480,340 dynamic font 'sans-serif,15'", "set border 3 linecolor rgb '\(ink)'",
      "set grid linecolor rgb '\(PlotColour.grid.hex)' dashtype 1",
      "set key above left Left reverse maxcols 2 width -1 samplen 2 font ',13'",
      "set tics nomirror textcolor rgb '\(ink)'", "set xlabel \(quoted(plot.xLabel)) textcolor rgb '\(ink)'",
      "set ylabel \(quoted(plot.yLabel)) textcolor rgb '\(ink)'", "set key textcolor rgb '\(ink)'",
      "set bars 0.6", "set xrange [\(range(plot))]",
      plot.isLogarithmicX ? "set logscale x 2" : "",
      plot.isLogarithmicY ? "set logscale y" : "set yrange [0:\(most * 1.08)]",
    ].filter { !$0.isEmpty }
  }

  /// A little room beside the first and the last point.
  private static func range(_ plot: Plot) -> String {
    let places = plot.series.flatMap(\.points).map(\.x)
    guard let least = places.min(), let most = places.max(), least < most else { return "*:*" }
    let room = (most - least) * 0.03
    return plot.isLogarithmicX ? "\(least / 1.1):\(most * 1.1)" : "\(least - room):\(most + room)"
  }

  private static func block(_ index: Int, _ series: Plot.Series) -> String {
    let rows = series.points.map { "\($0.x) \($0.y) \($0.low ?? $0.y) \($0.high ?? $0.y)" }
    return (["$data\(index) << END"] + rows + ["END"]).joined(separator: "\n")
  }

  private static func command(_ index: Int, _ series: Plot.Series) -> String {
    let colour = "linecolor rgb '\(PlotColour.series(index).hex)'"
    let form =
      switch series.style {
      case .points: "using 1:2:3:4 with yerrorbars \(colour) pointtype 7 pointsize 0.6 linewidth 1.5"
      case .line: "using 1:2 with lines \(colour) linewidth 2"
      case .dashed: "using 1:2 with lines \(colour) linewidth 1.5 dashtype 2"
      case .dotted: "using 1:2 with lines \(colour) linewidth 1.5 dashtype 3"
      case .band: "using 1:3:4 with filledcurves \(colour) fillstyle transparent solid 0.2"
      }
    return "$data\(index) \(form) title \(quoted(series.title))"
  }

  /// Between single quotes gnuplot reads nothing but a doubled quote; its markup characters are switched off by `noenhanced`.
  private static func quoted(_ text: String) -> String {
    "'\(text.replacing("'", with: "''").replacing("\n", with: " "))' noenhanced"
  }
}
