import AdvisorCore

/// A plot as a script for gnuplot, which writes SVG to its standard output.
///
/// gnuplot draws because curves, bands and fills are harder than they look, and it has drawn them for decades; a drawing of our
/// own would be one more thing to keep right. It runs as a program of its own, so that those who want no plots need not have
/// it: the report then holds the same numbers as tables. Ticks and labels are placed here, where their texts are known.
public struct GnuplotScript: Sendable {
  public let text: String

  public init(_ plot: Plot) {
    let frame = PlotFrame(plot)
    let lines =
      plot.xAxis == .names
      ? BarDrawing(plot: plot, frame: frame).lines : CurveDrawing(plot: plot, frame: frame).lines
    text = (Self.settings(plot, frame) + lines).joined(separator: "\n") + "\n"
  }

  private static func settings(_ plot: Plot, _ frame: PlotFrame) -> [String] {
    let ink = PlotColour.ink.hex
    return [
      "set terminal svg size \(PlotFrame.width),\(frame.height) dynamic font 'sans-serif,15'",
      "set border 3 linecolor rgb '\(ink)'", "set grid linecolor rgb '\(PlotColour.grid.hex)' dashtype 1",
      "set tics nomirror textcolor rgb '\(ink)'", "set bars 0.6",
      "set tmargin at screen \(frame.top)", "set bmargin at screen \(frame.bottom)",
      "set rmargin at screen \(frame.right)",
    ]
  }

  /// gnuplot's markup characters are switched off by `noenhanced`.
  static func quoted(_ text: String) -> String { "\(quotedText(text)) noenhanced" }

  /// Between single quotes gnuplot reads nothing but a doubled quote, the line's end and NUL.
  static func quotedText(_ text: String) -> String { "'\(text.printable.replacing(["'": "''"]))'" }

  /// For a data block, whose texts know no doubled quote, and for the script that gnuplot wraps around a hint.
  static func plain(_ text: String) -> String { text.printable.replacing(["\"": "", "'": "", "\\": ""]) }

  /// gnuplot reads a tick's text as a format.
  static func ticks(_ ticks: [Axis.Tick]) -> String {
    ticks.map { "\(quotedText($0.label.replacing(["%": "%%"]))) \($0.place)" }.joined(separator: ", ")
  }

  static func block(_ name: String, _ rows: [String]) -> String {
    (["$\(name) << END"] + rows + ["END"]).joined(separator: "\n")
  }

  /// A text at a place within the frame, each from 0 to 1.
  static func label(_ text: String, _ x: Double, _ y: Double, _ side: String, _ colour: PlotColour) -> String {
    "set label \(quoted(text)) at graph \(decimal(x)), graph \(decimal(y)) \(side) font ',13' textcolor rgb '\(colour.hex)' front"
  }

  private static func decimal(_ value: Double) -> String { Quantity.decimal(value, places: 4) }
}
