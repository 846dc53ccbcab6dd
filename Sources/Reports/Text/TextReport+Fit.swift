import AdvisorCore
public import Console
public import Planning

extension TextReport {
  /// A scalability fit: the verdict first, then the laws and the points, and what was read.
  public static func fit(_ fit: ScalingFit, rows: Int = 24) -> String {
    let parts = [
      list("Verdict", fit.sentences, mark: "•"), "Laws fitted to \(fit.points) points\n\(indent(laws(fit).text))",
      "\(fit.measured.isEmpty ? "For work of size 1," : "Measured, and") fitted by \(fit.best.rawValue)\n\(indent(points(fit, rows: rows)))",
      fit.input.map(\.sentence),
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }

  static func laws(_ fit: ScalingFit) -> Table {
    Table(
      [
        .init("law"), .init("coefficients"), .init("peak", .right), .init("unseen", .right), .init("beyond", .right),
      ],
      rows: fit.models.flatMap { model in
        let coefficients = model.coefficients.sorted { $0.key < $1.key }.map { name, value in
          let error = (model.standardErrors[name] ?? nil).map { " ± \(Quantity.significant($0))" } ?? ""
          return "\(name) \(Quantity.significant(value))\(error)"
        }
        let peak = model.peak.map { Quantity.text(count: $0.workers.rounded()) } ?? "none"
        let errors = [model.leaveOneOutError, model.extrapolationError].map { $0.map(percent) ?? "–" }
        return coefficients.enumerated().map { index, text in
          index == 0 ? [model.model.rawValue, text, peak] + errors : ["", text]
        }
      })
  }

  private static func points(_ fit: ScalingFit, rows: Int) -> String {
    let predictions = fit.models.first { $0.model == fit.best }?.predictions ?? []
    let table = Table(
      [.init("workers", .right), .init("measured", .right), .init("fitted", .right)],
      rows: predictions.prefix(rows).map { prediction in
        let measured = fit.measured.first { $0.workers == prediction.workers }?.throughput
        return [
          Quantity.text(count: prediction.workers), measured.map { Quantity.text(count: $0) } ?? "–",
          Quantity.text(count: prediction.throughput),
        ]
      })
    let hidden = predictions.count - rows
    return table.text + (hidden > 0 ? "\n… and \(hidden) more (--json lists all)" : "")
  }
}
