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
    let sections = document.sections.enumerated().map { index, section in
      defer { figures = figures.dropFirst(section.figures.count) }
      return Self.section(section, figures: figures.prefix(section.figures.count), id: Self.id(index))
    }
    text = Self.page(document, sections: sections, attachment: attachment).text
  }

  private static func id(_ index: Int) -> String { "section-\(index + 1)" }

  private static func page(_ document: ReportDocument, sections: [HTML], attachment: String) -> HTML {
    let contents = document.sections.enumerated().map { index, section -> HTML in
      ##"<li><a href="#\##(id(index))">\##(section.title)</a></li>"##
    }
    return """
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
      <header><h1>\(document.title)</h1><p>\(document.subtitle)</p></header>
      <nav aria-label="Contents"><ul>\(contents)</ul></nav>
      <main>
      \(sections)<section id="raw" aria-labelledby="raw-title">
      <h2 id="raw-title">Raw numbers</h2>
      <p class="print">Too many for paper: the same report as .json or .html has them.</p>
      <details><summary>All figures as JSON</summary><pre tabindex="0">\(attachment)</pre></details>
      </section>
      </main>
      </body>
      </html>

      """
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
      + group("drawing", boxes) + group("exhibits", exhibits) + group("figures", Array(figures))
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
    let drawn = svg.flatMap { InlineSVG($0, number: number, label: figure.caption)?.markup }
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
