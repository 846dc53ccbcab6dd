import AdvisorCore
public import Console
public import Planning

extension TextReport {
  /// A load forecast: the verdict first, then the steps ahead, and what was read.
  public static func forecast(_ forecast: LoadForecast, rows: Int = 12) -> String {
    let share = percent(forecast.level)
    let table = Table(
      [
        .init(forecast.forecast.first?.date == nil ? "t" : "date"), .init("load", .right),
        .init("\(share) interval", .right),
      ],
      rows: forecast.forecast.prefix(rows).map { point in
        [
          point.date ?? Quantity.text(count: point.t), QuantityUnit.text(point.load, in: forecast.unit),
          "\(QuantityUnit.text(point.low, in: forecast.unit)) – \(QuantityUnit.text(point.high, in: forecast.unit))",
        ]
      })
    let hidden = forecast.forecast.count - rows
    let rest = hidden > 0 ? "\n  … and \(hidden) more (--json lists all)" : ""
    let parts = [
      list("Verdict", forecast.sentences, mark: "•"),
      forecast.forecast.isEmpty
        ? nil : "\(forecast.model.rawValue) trend through \(forecast.points) points\n\(indent(table.text))\(rest)",
      forecast.input.map(\.sentence),
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }
}
