import AdvisorCore
import Planning

extension TableInput {
  /// What was understood of a file: `load.csv: 62 days, 1 row a day, column “req/s”, 2 gaps`.
  var sentence: String {
    let found = [
      extent, "column \(column.quoted)", series.isEmpty ? nil : "of \(series.joined(separator: " and "))", lacks,
    ]
    return "\(file.printable): \(found.compactMap(\.self).joined(separator: ", "))"
  }

  private var lacks: String? { gaps == 0 ? nil : count(Double(gaps), "gap") }

  private var extent: String {
    let plain = count(rows, "row")
    guard let step, let span, let stepUnit else { return plain }
    let steps = Int((span / step).rounded()) + 1
    switch stepUnit {
    case .day, .week, .month, .quarter, .year: return "\(count(steps, stepUnit.rawValue)), 1 row a \(stepUnit.rawValue)"
    case .minute, .hour, .seconds:
      return "\(Quantity.text(seconds: (span + step) * 86_400)), a row every \(Quantity.text(seconds: step * 86_400))"
    case .days: return "\(plain), one every \(Quantity.text(seconds: step * 86_400))"
    case .step: return plain
    }
  }
}
