import AdvisorCore

extension Plot {
  /// The same numbers for those who read rather than look.
  var table: Table {
    Table(
      [
        .init("series"), .init(xLabel, .right), .init(yLabel, .right), .init("interval", .right),
      ],
      rows: series.flatMap { series in
        series.points.map { point in
          let interval = point.low.flatMap { low in
            point.high.map { "\(Quantity.significant(low)) – \(Quantity.significant($0))" }
          }
          return [series.title, Quantity.significant(point.x), Quantity.significant(point.y), interval ?? ""]
        }
      })
  }
}
