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

  private var lacks: String? { gaps == 0 ? nil : gaps == 1 ? "1 gap" : "\(Quantity.text(count: Double(gaps))) gaps" }

  private var extent: String {
    let plain = "\(rows) row\(rows == 1 ? "" : "s")"
    guard let step, let span, let stepUnit else { return plain }
    let count = Int((span / step).rounded()) + 1
    switch stepUnit {
    case .day, .week, .month, .quarter, .year: return "\(count) \(stepUnit.rawValue)s, 1 row a \(stepUnit.rawValue)"
    case .minute, .hour, .seconds:
      let days = (span + step).rounded()
      let length = days >= 2 ? "\(Int(days)) days" : Quantity.text(seconds: span * 86_400)
      return "\(length), a row every \(Quantity.text(seconds: step * 86_400))"
    case .days: return "\(plain), one every \(Quantity.significant(step)) days"
    case .step: return plain
    }
  }
}
