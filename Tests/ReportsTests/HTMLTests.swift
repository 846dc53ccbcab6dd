import Console
@testable import Reports
import Testing

/// Texts that a page may have to show, and how they are written in it (HTML Standard, 13.1.2 and 13.1.4: character references).
private let hostile: [(text: String, markup: String)] = [
  ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
  ("</style></pre></title>", "&lt;/style&gt;&lt;/pre&gt;&lt;/title&gt;"),
  ("<!-- ]]>", "&lt;!-- ]]&gt;"),
  ("\" onload=\"x", "&quot; onload=&quot;x"),
  ("' onload='x", "&#39; onload=&#39;x"),
  ("&amp; &lt; &#x3c;", "&amp;amp; &amp;lt; &amp;#x3c;"),
  ("`x` {{x}} {{{x}}} \\(x)", "`x` {{x}} {{{x}}} \\(x)"),
  ("a\u{2028}b\u{2029}c", "a\u{2028}b\u{2029}c"),
  // Marks before and after a code point make one character with it.
  ("\"\u{301} <\u{338} \u{600}\"", "&quot;\u{301} &lt;\u{338} \u{600}&quot;"),
  (String(decoding: [0x3C, 0xFF, 0x62, 0xC3] as [UInt8], as: UTF8.self), "&lt;\u{FFFD}b\u{FFFD}"),
]

/// Canonically equivalent texts are equal to Swift, and not to a browser.
private func hasSameBytes(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }

@Suite("HTML")
struct HTMLTests {
  @Test("A text shows as it stands, in an element and in an attribute", arguments: hostile)
  func textIsEscaped(text: String, markup: String) {
    let element: HTML = "<p title=\"\(text)\" lang='\(text)'>\(text)</p>"
    #expect(hasSameBytes(element.text, "<p title=\"\(markup)\" lang='\(markup)'>\(markup)</p>"))
  }

  @Test("Literals are markup") func literals() {
    let literal: HTML = "<b title=\"&amp;\">'</b>"
    #expect(literal.text == "<b title=\"&amp;\">'</b>")
  }

  @Test("Markup within markup stays markup") func nesting() {
    let (inner, text) = ("<b>\("<")</b>" as HTML, "<i>")
    #expect(("<p>\(inner)\(text)</p>" as HTML).text == "<p><b>&lt;</b>&lt;i&gt;</p>")
  }

  @Test(
    "Several parts follow each other",
    arguments: [([], ""), (["a"], "<li>a"), (["a", "<", "b"], "<li>a<li>&lt;<li>b")])
  func lists(items: [String], markup: String) {
    let parts = items.map { "<li>\($0)" as HTML }
    #expect(("<ul>\(parts)</ul>" as HTML).text == "<ul>\(markup)</ul>")
  }

  @Test("A part of a text is escaped too") func substrings() {
    #expect(("\("<<<".prefix(1))" as HTML).text == "&lt;")
  }

  @Test("Only what is called raw is taken as it is") func raw() {
    let drawing = String("<svg/>")
    #expect(("\(drawing)\(HTML(raw: drawing))" as HTML).text == "&lt;svg/&gt;<svg/>")
  }
}

@Suite("Hostile texts in a report")
struct HostileReportTests {
  /// Where a report shows a text that may come from a file.
  enum Field: String, CaseIterable, CustomTestStringConvertible {
    case title, subtitle, heading, sentence, point, box, boxItem, exhibit, column, cell, figure, caption, xLabel, yLabel
    case series, place, missing, attachment, command, headline, question, answer, keyValue, keyLabel, appendix

    var testDescription: String { rawValue }
  }

  /// gnuplot's drawing as far as it matters here.
  private static let drawing = "<?xml?><svg width=\"1\"><desc></desc><g></g></svg>"

  private static func page(_ text: String, in field: Field, plots: [String?] = [drawing]) -> String {
    func at(_ here: Field) -> String { here == field ? text : "some" }
    let table = Table([.init(at(.column)), .init("number", .right)], rows: [[at(.cell), "1"]])
    let plot = Plot(
      xLabel: at(.xLabel), yLabel: at(.yLabel),
      series: [.init(at(.series), .bars, [.init(x: 0, y: 1, name: at(.place))])])
    let section = ReportDocument.Section(
      title: at(.heading), sentences: [at(.sentence)], points: [at(.point)],
      drawing: [.init(title: at(.box), inside: [at(.boxItem)])],
      exhibits: [.init(caption: at(.exhibit), table: table)],
      figures: [.init(title: at(.figure), caption: at(.caption), plot: plot)], missing: [at(.missing)])
    let document = ReportDocument(
      title: at(.title), subtitle: at(.subtitle), command: at(.command),
      answer: .init(
        headline: at(.headline), standing: .amber, rows: [.init(question: at(.question), sentences: [at(.answer)])]),
      keyFigures: [.init(value: at(.keyValue), label: at(.keyLabel))], sections: [section],
      appendix: [.init(title: at(.appendix))])
    return HTMLReport(document, plots: plots, attachment: at(.attachment)).text
  }

  /// With and without a drawing, whose label is the caption.
  @Test("The page differs from a harmless one by the text alone", arguments: Field.allCases, [drawing, nil])
  func nothingButText(field: Field, drawing: String?) {
    let harmless = Self.page("PLACE", in: field, plots: [drawing])
    #expect(harmless.contains("PLACE"))
    for (text, markup) in hostile {
      let isSame = hasSameBytes(
        Self.page(text, in: field, plots: [drawing]), harmless.replacing("PLACE", with: markup))
      #expect(isSame, "\(text)")
    }
  }

  @Test("The letter that colours a map's cell is a text") func mapCell() {
    let table = Table([.init("size"), .init("1")], rows: [["1", "\"x"]])
    let document = ReportDocument(
      title: "t", subtitle: "s",
      sections: [.init(title: "a", exhibits: [.init(caption: "a", table: table, isMap: true)])])
    let page = HTMLReport(document, plots: [], attachment: "{}").text
    #expect(page.contains("<td>1</td><td class=\"map-&quot;\">&quot;x</td>"))
  }

  /// An empty list would be read aloud as one.
  @Test("What a section lacks leaves nothing behind") func emptySection() {
    let document = ReportDocument(title: "t", subtitle: "s", sections: [.init(title: "a")])
    let page = HTMLReport(document, plots: [], attachment: "{}").text
    #expect(
      page.contains(
        """
        <section id="section-1" aria-labelledby="section-1-title">
        <h2 id="section-1-title">a</h2>
        </section>
        """))
  }

  @Test("Figures keep their numbers over the sections") func figureNumbers() {
    let plot = Plot(xLabel: "x", yLabel: "y", series: [])
    let section = { (count: Int) in
      ReportDocument.Section(
        title: "\(count) figures", figures: (0..<count).map { .init(title: "f\($0)", caption: "c", plot: plot) })
    }
    let document = ReportDocument(title: "t", subtitle: "s", sections: [section(2), section(0), section(1)])
    let drawings = (1...3).map { "<svg><desc></desc><g id='gnuplot_\($0)'/></svg>" }
    let page = HTMLReport(document, plots: drawings, attachment: "{}").text
    let order = [
      "2 figures</h2>", "f1-gnuplot_1'", "f2-gnuplot_2'", "0 figures</h2>", "1 figures</h2>", "f3-gnuplot_3'",
    ]
    let places = order.compactMap { page.firstRange(of: $0)?.lowerBound }
    #expect(places.count == order.count && places == places.sorted())
  }
}
