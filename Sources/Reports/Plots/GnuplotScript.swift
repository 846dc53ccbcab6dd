import AdvisorCore

/// A plot as a script for gnuplot, which writes SVG to its standard output.
///
/// gnuplot draws because axes, ticks, logarithms and keys are harder than they look, and it has drawn them for decades; a
/// drawing of our own would be one more thing to keep right. It runs as a program of its own, so that those who want no
/// plots need not have it: the report then holds the same numbers as tables.
public struct GnuplotScript: Sendable {
  public let text: String

  public init(_ plot: Plot) {
    let drawing = Drawing(plot: plot)
    text =
      (drawing.settings + drawing.data + ["plot " + drawing.commands.joined(separator: ", ")])
      .joined(separator: "\n") + "\n"
  }
}

extension GnuplotScript {
  private struct Drawing {
    let plot: Plot

    var settings: [String] {
      let ink = PlotColour.ink.hex
      return [
        "set terminal svg size 480,\(height) dynamic font 'sans-serif,15'",
        "set border 3 linecolor rgb '\(ink)'",
        "set grid linecolor rgb '\(PlotColour.grid.hex)' dashtype 1",
        "set key above left Left reverse maxcols 2 width -1 samplen 2 font ',13'",
        "set tics nomirror textcolor rgb '\(ink)'", "set xlabel \(quoted(plot.xLabel)) textcolor rgb '\(ink)'",
        "set ylabel \(quoted(plot.yLabel)) textcolor rgb '\(ink)'", "set key textcolor rgb '\(ink)'",
        "set bars 0.6", "set boxwidth 0.6",
        plot.isLogarithmicY ? "set logscale y" : "set yrange [0:\(top)]",
      ] + xSettings
    }

    /// Room for the key, which may take a line for each series.
    private var height: Int { 300 + 20 * plot.series.count + (plot.xAxis == .dates || plot.xAxis == .names ? 30 : 0) }

    private var xSettings: [String] {
      switch plot.xAxis {
      case .numbers: ["set xrange [\(range)]"]
      case .logarithmic: ["set xrange [\(range)]", "set logscale x"]
      case .doublings: ["set xrange [\(range)]", "set logscale x 2"]
      // Days become seconds, which is what gnuplot counts time in.
      case .dates:
        [
          "set xrange [\(range)]", "set xdata time", "set timefmt '%s'", "set format x '%Y-%m'",
          "set xtics rotate by -30",
        ]
      case .names: ["set xrange [\(range)]", "set xtics (\(ticks)) rotate by -20 noenhanced"]
      }
    }

    /// A little room beside the first and the last point.
    private var range: String {
      let places = plot.series.flatMap(\.points).map { place($0) }
      guard let least = places.min(), let most = places.max() else { return "*:*" }
      switch plot.xAxis {
      case .logarithmic, .doublings: return "\(least / 1.1):\(most * 1.1)"
      case .names: return "\(least - 0.6):\(most + 0.6)"
      case .numbers, .dates:
        let room = max((most - least) * 0.03, most == least ? 1 : 0)
        return "\(least - room):\(most + room)"
      }
    }

    /// A little room above the highest point.
    private var top: Double {
      let most = highest { $0.style != .band }
      // A wide band must not press the rest against the bottom.
      let withBands = max(most, min(highest { $0.style == .band }, 1.5 * most))
      return withBands > 0 ? withBands * 1.08 : 1
    }

    private func highest(where isMeant: (Plot.Series) -> Bool) -> Double {
      plot.series.filter(isMeant).flatMap { series in
        series.points.map {
          max($0.y, [.points, .joined, .band, .area].contains(series.style) ? $0.high ?? $0.y : $0.y)
        }
      }.max() ?? 0
    }

    /// gnuplot reads a tick's text as a format.
    private var ticks: String {
      let named = plot.series.filter { $0.style == .bars }.flatMap(\.points)
      return Dictionary(named.map { ($0.x, $0.name ?? "") }) { first, _ in first }.sorted { $0.key < $1.key }
        .map { "\(quotedText(String($1.prefix(18)).replacing(["%": "%%"]))) \($0)" }.joined(separator: ", ")
    }

    private func place(_ point: Plot.Point) -> Double { plot.xAxis == .dates ? point.x * 86_400 : point.x }

    /// A block of rows for each series, and one of what is said of its points.
    var data: [String] {
      plot.series.enumerated().flatMap { index, series in
        let rows = points(series).map { "\(place($0)) \($0.y) \($0.low ?? $0.y) \($0.high ?? $0.y)" }
        let hints = Plot.thinned(series.points).map { point in
          "\(place(point)) \(height(of: point, series)) \"\(plain(plot.hint(point, of: series)))\""
        }
        return [block("data\(index)", rows), block("hints\(index)", hints)]
      }
    }

    /// Where a point can be pointed at.
    private func height(of point: Plot.Point, _ series: Plot.Series) -> Double {
      switch series.style {
      case .mark: top / 2
      case .area: ((point.low ?? 0) + (point.high ?? 0)) / 2
      default: point.y
      }
    }

    private func points(_ series: Plot.Series) -> [Plot.Point] {
      guard series.style == .mark else { return series.points }
      let bottom = plot.isLogarithmicY ? plot.series.flatMap(\.points).map(\.y).filter { $0 > 0 }.min() ?? 1 : 0
      return series.points.flatMap { [Plot.Point(x: $0.x, y: bottom), Plot.Point(x: $0.x, y: top)] }
    }

    private func block(_ name: String, _ rows: [String]) -> String {
      (["$\(name) << END"] + rows + ["END"]).joined(separator: "\n")
    }

    /// The series, and over them what cannot be seen but pointed at.
    var commands: [String] {
      var colour = 0
      let drawn = plot.series.enumerated().map { index, series in
        defer { if series.style != .band { colour += 1 } }
        return command(index, series, "linecolor rgb '\(PlotColour.series(colour).hex)'")
      }
      let hints = plot.series.enumerated().filter { $1.style != .band && !$1.points.isEmpty }.map { index, _ in
        "$hints\(index) using 1:2:3 with labels hypertext point pointtype 7 pointsize 1.5 "
          + "linecolor rgb '#ff000000' notitle"
      }
      return drawn + hints
    }

    private func command(_ index: Int, _ series: Plot.Series, _ colour: String) -> String {
      let form =
        switch series.style {
        case .points where series.points.contains { $0.low != nil }:
          "using 1:2:3:4 with yerrorbars \(colour) pointtype 7 pointsize 0.6 linewidth 1.5"
        case .points: "using 1:2 with points \(colour) pointtype 7 pointsize \(series.points.count > 60 ? 0.3 : 0.6)"
        case .joined: "using 1:2:3:4 with yerrorlines \(colour) pointtype 7 pointsize 0.6 linewidth 1.5"
        case .line: "using 1:2 with lines \(colour) linewidth 2"
        case .dashed: "using 1:2 with lines \(colour) linewidth 1.5 dashtype 2"
        case .dotted: "using 1:2 with lines \(colour) linewidth 1.5 dashtype 3"
        case .mark: "using 1:2 with lines \(colour) linewidth 1.5 dashtype 4"
        case .band: "using 1:3:4 with filledcurves \(colour) fillstyle transparent solid 0.2"
        case .area: "using 1:3:4 with filledcurves \(colour) fillstyle solid 0.75 noborder"
        case .bars: "using 1:2 with boxes \(colour) fillstyle solid 0.6 border"
        }
      return "$data\(index) \(form) title \(quoted(series.title))"
    }

    /// gnuplot's markup characters are switched off by `noenhanced`.
    private func quoted(_ text: String) -> String { "\(quotedText(text)) noenhanced" }

    /// Between single quotes gnuplot reads nothing but a doubled quote, the line's end and NUL.
    private func quotedText(_ text: String) -> String { "'\(text.printable.replacing(["'": "''"]))'" }

    /// For a data block, whose texts know no doubled quote, and for the script that gnuplot wraps around a hint.
    private func plain(_ text: String) -> String { text.printable.replacing(["\"": "", "'": "", "\\": ""]) }
  }
}
