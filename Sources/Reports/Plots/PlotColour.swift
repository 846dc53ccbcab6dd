/// Stand-ins for the colours of the page: gnuplot draws in near-blacks, which become variables of the style sheet, so
/// that one plot serves light and dark.
enum PlotColour: CaseIterable {
  case ink, grid, first, second, third, fourth, fifth, sixth

  static func series(_ index: Int) -> PlotColour { [.first, .second, .third, .fourth, .fifth, .sixth][index % 6] }

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
    case .fifth: "var(--s5)"
    case .sixth: "var(--s6)"
    }
  }

  /// As gnuplot's SVG writes it: padded in lines, bare in texts.
  var spellings: [String] {
    ["rgb(  \(shade),   \(shade),   \(shade))", "rgb(\(shade),\(shade),\(shade))", "rgb(\(shade), \(shade), \(shade))"]
  }
}
