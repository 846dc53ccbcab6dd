/// Stand-ins for the colours of the page: gnuplot draws in near-blacks, which become variables of the style sheet, so
/// that one plot serves light and dark.
enum PlotColour: CaseIterable {
  case ink, grid, first, second, third, fourth

  static func series(_ index: Int) -> PlotColour { [.first, .second, .third, .fourth][index % 4] }

  private var shade: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

  var hex: String { "#0\(shade)0\(shade)0\(shade)" }

  var variable: String {
    switch self {
    case .ink: "var(--ink)"
    case .grid: "var(--line)"
    case .first: "var(--s1)"
    case .second: "var(--s2)"
    case .third: "var(--s3)"
    case .fourth: "var(--s4)"
    }
  }

  /// As gnuplot's SVG writes it: padded in lines, bare in texts.
  var spellings: [String] {
    ["rgb(  \(shade),   \(shade),   \(shade))", "rgb(\(shade),\(shade),\(shade))", "rgb(\(shade), \(shade), \(shade))"]
  }
}

/// gnuplot's SVG made part of a page: colours by variable, names apart from those of other plots, a title to read aloud.
struct InlineSVG {
  let text: String

  /// - Parameter number: of the figure on its page.
  init?(_ gnuplot: String, number: Int, label: String) {
    guard let start = gnuplot.firstRange(of: "<svg"), let titleEnd = gnuplot.firstRange(of: "</desc>") else {
      return nil
    }
    var body = String(gnuplot[titleEnd.upperBound...])
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
    let opening = gnuplot[start.lowerBound...].prefix { $0 != ">" }
    text =
      "\(opening) role=\"img\" aria-label=\"\(label.replacing("&", with: "&amp;").replacing("\"", with: "&quot;"))\">\(body)"
  }
}
