/// gnuplot's SVG made part of a page: colours by variable, names apart from those of other plots, values that show under
/// the pointer, a title to read aloud.
struct InlineSVG {
  let markup: HTML

  /// - Parameter number: of the figure on its page.
  init?(_ gnuplot: String, number: Int, label: String) {
    guard let start = gnuplot.firstRange(of: "<svg"), let titleEnd = gnuplot.firstRange(of: "</desc>") else {
      return nil
    }
    var body = Self.titled(String(gnuplot[titleEnd.upperBound...]))
    for colour in PlotColour.allCases {
      for spelling in colour.spellings { body = body.replacing(spelling, with: colour.variable) }
    }
    // The halo of a point is the paper that it lies on.
    body = body.replacing("color=\"white\"", with: "color=\"var(--paper)\"")
    body = body.replacing("color='white'", with: "color='var(--paper)'").replacing(
      "color=\"black\"", with: "color=\"var(--ink)\"")
    for name in ["gpDot", "gpPt", "gnuplot_", "textbox", "greybox"] {
      body = body.replacing(name, with: "f\(number)-\(name)")
    }
    let opening = HTML(raw: String(gnuplot[start.lowerBound...].prefix { $0 != ">" }))
    markup = #"\#(opening) role="img" aria-label="\#(label)">\#(HTML(raw: body))"#
  }

  /// gnuplot hands a point's text to a script of its own; a `title` element shows it without one. Its own titles name
  /// series by number, and would show in place of ours.
  private static func titled(_ body: String) -> String {
    let call = "onmousemove=\"gnuplot_svg.showHypertext(evt,'"
    let end = "')\" onmouseout=\"gnuplot_svg.hideHypertext()\"><title> </title>"
    let parts = body.split(separator: "<title>gnuplot_plot_", omittingEmptySubsequences: false)
    let untitled = parts.dropFirst().reduce(String(parts[0])) { text, part in
      text + (part.firstRange(of: "</title>").map { part[$0.upperBound...] } ?? part)
    }
    return untitled.replacing(call, with: "><title>").replacing(end, with: "</title>")
  }
}
