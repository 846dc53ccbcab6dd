import Console

/// A report as one HTML page that needs nothing else: no network, no script.
public struct HTMLReport: Sendable {
  public let text: String

  /// - Parameter plots: gnuplot's SVG of each figure, in the order of the document; nil where it could not be drawn.
  /// - Parameter attachment: the raw numbers, as JSON.
  public init(_ document: ReportDocument, plots: [String?], attachment: String) {
    var figures = document.figures.enumerated().map { index, figure in
      Self.figure(figure, svg: index < plots.count ? plots[index] : nil, number: index + 1)
    }[...]
    let sections = (document.sections + document.appendix).enumerated().map { index, section in
      defer { figures = figures.dropFirst(section.figures.count) }
      return Self.section(section, figures: figures.prefix(section.figures.count), id: Self.id(index))
    }
    text =
      Self.page(
        document, main: Array(sections.prefix(document.sections.count)),
        appendix: Array(sections.dropFirst(document.sections.count)), attachment: attachment
      ).text
  }

  private static func id(_ index: Int) -> String { "section-\(index + 1)" }

  private static func page(
    _ document: ReportDocument, main: [HTML], appendix: [HTML], attachment: String
  ) -> HTML {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(document.title) – \(document.subtitle)</title>
    <style>
    \(HTML.stylesheet)
    </style>
    </head>
    <body>
    <header><h1>\(document.title)</h1><p>\(document.subtitle)</p>\(command(document.command))</header>
    <main>
    \(answer(document.answer))\(keyFigures(document.keyFigures))\(contents(document))\(main)
    <section id="appendix" aria-labelledby="appendix-title">
    <h2 id="appendix-title" class="part">Appendix</h2>
    \(appendix)<section id="raw" aria-labelledby="raw-title">
    <h2 id="raw-title">Raw numbers</h2>
    <p class="print">Too many for paper: the same report as .json or .html has them, and the values of each plot.</p>
    <details><summary>All figures as JSON</summary><pre tabindex="0">\(attachment)</pre></details>
    </section>
    </section>
    </main>
    </body>
    </html>

    """
  }

  private static func command(_ command: String?) -> HTML {
    guard let command else { return "" }
    return "<p class=\"command\"><code>\(command)</code></p>"
  }

  private static func answer(_ answer: ReportDocument.Answer?) -> HTML {
    guard let answer else { return "" }
    let rows = answer.rows.map { row -> HTML in
      "<div><dt>\(row.question)</dt><dd>\(row.sentences.map { "<p>\($0)</p>" as HTML })</dd></div>\n"
    }
    return """
      <section id="answer" class="answer \(answer.standing?.rawValue ?? "plain")" aria-labelledby="answer-title">
      <h2 id="answer-title">\(answer.headline)</h2>
      <dl>\(rows)</dl>
      </section>

      """
  }

  private static func keyFigures(_ figures: [ReportDocument.KeyFigure]) -> HTML {
    guard !figures.isEmpty else { return "" }
    let items = figures.map { "<li><strong>\($0.value)</strong> \($0.label)</li>\n" as HTML }
    return "<ul class=\"key\" aria-label=\"The figures behind it\">\(items)</ul>\n"
  }

  private static func contents(_ document: ReportDocument) -> HTML {
    let links = (document.sections + document.appendix).enumerated().map { index, section -> HTML in
      ##"<li><a href="#\##(id(index))">\##(section.title)</a></li>"##
    }
    return "<nav aria-label=\"Contents\"><ul>\(links)</ul></nav>\n"
  }

  private static func section(_ section: ReportDocument.Section, figures: ArraySlice<HTML>, id: String) -> HTML {
    let exhibits = section.exhibits.map { exhibit -> HTML in
      let heading: HTML = exhibit.caption == section.title ? "" : "<h3>\(exhibit.caption)</h3>\n"
      return "<div>\(heading)\(table(exhibit.table, caption: exhibit.caption, isMap: exhibit.isMap))</div>\n"
    }
    let boxes = section.drawing.map { box -> HTML in
      "<div class=\"box\"><h3>\(box.title)</h3><ul>\(box.inside.map { "<li>\($0)</li>" })</ul></div>\n"
    }
    // What is empty would leave a gap, and an empty list would be read aloud as one.
    let parts: [HTML] =
      section.sentences.map { "<p>\($0)</p>\n" }
      + (section.points.isEmpty ? [] : ["<ul>\(section.points.map { "<li>\($0)</li>\n" })</ul>\n"])
      + group("drawing", boxes) + group("exhibits", group("figures", Array(figures)) + exhibits)
      + section.missing.map { "<p class=\"missing\">\($0)</p>\n" }
    return """
      <section id="\(id)" aria-labelledby="\(id)-title">
      <h2 id="\(id)-title">\(section.title)</h2>
      \(parts)</section>

      """
  }

  private static func group(_ name: String, _ parts: [HTML]) -> [HTML] {
    parts.isEmpty ? [] : ["<div class=\"\(name)\">\n\(parts)</div>\n"]
  }

  private static func figure(_ figure: ReportDocument.Figure, svg: String?, number: Int) -> HTML {
    let drawn = svg.flatMap { InlineSVG($0, number: number, label: "\(figure.title): plot")?.markup }
    let plot: HTML =
      drawn.map { "<div class=\"plot\">\($0)</div>" }
      ?? "<p class=\"missing\">Not drawn: install gnuplot and make the report again.</p>"
    return """
      <figure>
      <figcaption><strong>\(figure.title).</strong> \(figure.caption)</figcaption>
      \(plot)
      <details><summary>Values of “\(figure.title)”</summary>\
      \(table(figure.plot.table, caption: "\(figure.title): values"))</details>
      </figure>

      """
  }

  private static func table(_ table: Table, caption: String, isMap: Bool = false) -> HTML {
    let number = table.columns.map { $0.alignment == .right ? "number" : nil }
    let heads = zip(table.columns, number).map { column, name -> HTML in
      "<th scope=\"col\"\(classes(name))>\(column.title)</th>"
    }
    let rows = table.rows.map { row -> HTML in
      let cells = row.enumerated().map { index, text -> HTML in
        let name = isMap && index > 0 ? "map-\(text.prefix(1))" : index < number.count ? number[index] : nil
        return "<td\(classes(name))>\(text)</td>"
      }
      return "<tr>\(cells)</tr>\n"
    }
    return """
      <div class="table" role="region" tabindex="0" aria-label="Table: \(caption)"><table>
      <thead><tr>\(heads)</tr></thead>
      <tbody>\(rows)</tbody></table></div>
      """
  }

  private static func classes(_ name: String?) -> HTML {
    guard let name else { return "" }
    return " class=\"\(name)\""
  }
}
