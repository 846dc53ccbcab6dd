import Console
private import Mustache

/// A report as one HTML page that needs nothing else: no network, no script.
public struct HTMLReport: Sendable {
  public let text: String

  /// - Parameter plots: gnuplot's SVG of each figure, in the order of the document; nil where it could not be drawn.
  /// - Parameter attachment: the raw numbers, as JSON.
  /// - Throws: only where the page's template is broken.
  public init(_ document: ReportDocument, plots: [String?], attachment: String) throws {
    let template = try MustacheTemplate(string: HTMLTemplate.page)
    var number = 0
    let sections = document.sections.enumerated().map { index, section in
      let figures = section.figures.map { figure in
        number += 1
        return Self.context(figure, svg: number <= plots.count ? plots[number - 1] : nil, number: number)
      }
      return Self.context(section, figures: figures, id: "section-\(index + 1)")
    }
    text = template.render(
      ["title": document.title, "subtitle": document.subtitle, "sections": sections, "attachment": attachment]
        as [String: Any])
  }

  private static func context(_ section: ReportDocument.Section, figures: [[String: Any]], id: String) -> [String: Any]
  {
    var context: [String: Any] = [
      "id": id, "title": section.title, "sentences": section.sentences, "missing": section.missing, "figures": figures,
      "drawing": section.drawing.map { ["title": $0.title, "inside": $0.inside] as [String: Any] },
      "exhibits": section.exhibits.map { exhibit in
        var context = Self.context(exhibit.table, caption: exhibit.caption, isMap: exhibit.isMap)
        if exhibit.caption != section.title { context["heading"] = exhibit.caption }
        return context
      },
    ]
    // An empty list would be read aloud as one.
    if !section.points.isEmpty { context["list"] = ["points": section.points] }
    return context
  }

  private static func context(_ figure: ReportDocument.Figure, svg: String?, number: Int) -> [String: Any] {
    var context: [String: Any] = [
      "title": figure.title, "caption": figure.caption,
      "values": Self.context(figure.plot.table, caption: "\(figure.title): values"),
    ]
    context["svg"] = svg.flatMap { InlineSVG($0, number: number, label: figure.caption)?.text }
    return context
  }

  private static func context(_ table: Table, caption: String, isMap: Bool = false) -> [String: Any] {
    let isNumber = table.columns.map { $0.alignment == .right }
    let rows = table.rows.map { row in
      [
        "cells": row.enumerated().map { index, text in
          let style =
            isMap && index > 0 ? "map-\(text.prefix(1))" : index < isNumber.count && isNumber[index] ? "number" : ""
          return ["text": text, "style": style] as [String: Any]
        }
      ]
    }
    return [
      "caption": caption, "rows": rows,
      "columns": table.columns.map { ["text": $0.title, "isNumber": $0.alignment == .right] as [String: Any] },
    ]
  }
}
