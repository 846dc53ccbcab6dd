import AdvisorCore
import AdvisorTestSupport
import Console
import Planning
import Testing

@testable import Reports

@Suite("Plots")
struct PlotTests {
  let plot = Plot(
    xLabel: "it's x_1", yLabel: "y", xAxis: .doublings,
    series: [
      Plot.Series("measured", .points, [Plot.Point(x: 1, y: 2, low: 1.5, high: 2.5), Plot.Point(x: 2, y: 4)]),
      Plot.Series("fitted", .line, [Plot.Point(x: 1, y: 2)]),
    ])

  @Test("The script holds the data and the axes")
  func theScriptHoldsTheDataAndTheAxes() {
    let script = GnuplotScript(plot).text
    #expect(script.contains("$data0 << END\n1.0 2.0 1.5 2.5\n2.0 4.0 4.0 4.0\nEND"))
    #expect(script.contains("set xlabel 'it''s x_1' noenhanced"))
    #expect(script.contains("set xtics ('1' 1.0, '2' 2.0)"))
    #expect(script.contains("$data1 using 1:2 with lines"))
  }

  @Test("Values show under the pointer without a script")
  func valuesShowUnderThePointerWithoutAScript() {
    #expect(GnuplotScript(plot).text.contains("1.0 2.0 \"measured, its x_1 1: y 2 (1.5 – 2.5)\""))
    let drawn = """
      <?xml?><svg viewBox="0 0 1 1"><desc></desc><g id="gnuplot_plot_3" ><title>gnuplot_plot_3</title>\
      <g onmousemove="gnuplot_svg.showHypertext(evt,'y 2 &lt;3')" onmouseout="gnuplot_svg.hideHypertext()"><title> </title>\
      <use xlink:href='#gpPt6'/></g></g></svg>
      """
    let document = ReportDocument(
      title: "t", subtitle: "s",
      sections: [.init(title: "a", figures: [.init(title: "b", caption: "c", plot: plot)])])
    let page = HTMLReport(document, plots: [drawn], attachment: "{}").text
    #expect(page.contains("<g ><title>y 2 &lt;3</title><use xlink:href='#f1-gpPt6'/></g>"))
    #expect(!page.contains("onmouse") && !page.contains("<title>f1-gnuplot"))
  }

  @Test("Thinning keeps the ends, the peaks and the lows", arguments: [4, 17, 60, 400], [1, 7777, 49_998])
  func tensOfThousandsOfPointsAreThinned(most: Int, peak: Int) {
    var points = (0..<50_000).map { Plot.Point(x: Double($0), y: Double($0 % 97)) }
    points[peak].y = 39_197
    points[50_000 - peak].y = -5
    let shown = Plot.thinned(points, to: most)
    #expect(shown.count <= most)
    #expect(shown.first == points.first && shown.last == points.last)
    #expect(shown.contains(points[peak]) && shown.contains(points[50_000 - peak]))
    #expect(shown == shown.sorted { $0.x < $1.x })
  }
}

@Suite("Axes")
struct AxisTests {
  private static func text(_ value: Double) -> String { "\(value)" }

  @Test(
    "Ticks are 1, 2 or 5 times a power of ten apart",
    arguments: [
      (0.0, 10.0, [0.0, 2, 4, 6, 8, 10]), (0, 1.7, [0, 0.5, 1, 1.5]), (0, 270, [0, 50, 100, 150, 200, 250]),
      (3, 4.1, [3, 3.2, 3.4, 3.6, 3.8, 4]),
    ])
  func linear(low: Double, high: Double, places: [Double]) {
    let ticks = Axis.linear(low...high, text: Self.text).ticks.map { ($0.place * 1e6).rounded() / 1e6 }
    #expect(ticks == places)
  }

  @Test(
    "A logarithmic axis has three ticks at least, and eight at most",
    arguments: [(0.09, 1.6), (0.1, 0.35), (1.0, 1e3), (1.0, 1e12), (2.1, 2.3)])
  func logarithmic(low: Double, high: Double) {
    let ticks = Axis.logarithmic(low...high, text: Self.text).ticks
    #expect((3...8).contains(ticks.count) && Set(ticks.map(\.label)).count == ticks.count)
  }

  /// Days since 1970-01-01; 20 454 is 2026-01-01.
  @Test(
    "Dates are whole days, months or years, and no label comes twice",
    arguments: [
      (3.0, ["2026-01-01", "2026-01-02", "2026-01-03"]),
      (100, ["2026-01", "2026-02", "2026-03", "2026-04"]),
      (800, ["2026-01", "2026-07", "2027-01", "2027-07", "2028-01"]),
      (2000, ["2026", "2028", "2030"]),
    ] as [(Double, [String])])
  func dates(days: Double, labels: [String]) {
    #expect(Axis.dates(20_453.9...(20_453.9 + days)).ticks.map(\.label) == labels)
  }

  @Test("Names at the right end do not lie on one another") func edges() {
    let series = [1.0, 1, 1.01, 9, 0].map { level in
      Plot.Series("at \(level)", .dashed, [Plot.Point(x: 0, y: level), Plot.Point(x: 1, y: level)])
    }
    let frame = PlotFrame(Plot(xLabel: "x", yLabel: "y", series: series))
    let places = frame.edgePlaces.sorted()
    #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= frame.line - 1e-9 })
    #expect(places.allSatisfy { (-0.01...1.01).contains($0) })
  }
}
