private import func Glibc.floor
private import func Glibc.log10
private import func Glibc.pow

/// Quantities in words, three significant digits and the unit that keeps them short.
extension Quantity {
  /// `0.0123` → `12.3 ms`. Above two minutes `2 min 5 s`, above two hours `2 h 10 min`, above a million hours years.
  public static func text(seconds: Double) -> String {
    guard seconds.isFinite else { return "–" }
    switch abs(seconds) {
    case 3.6e9...: return "\(significant(seconds / 31_557_600)) years"
    case 7200...:
      let minutes = (seconds / 60).rounded()
      return "\(digits(minutes / 60, rounded: .towardZero)) h \(Int(minutes) % 60) min"
    case 120...: return "\(Int(seconds.rounded()) / 60) min \(Int(seconds.rounded()) % 60) s"
    default:
      return scaled(seconds, [(1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")])
    }
  }

  /// `0.127...0.304` → `127–304 ms`; with the unit of each where they differ.
  public static func text(secondsFrom range: ClosedRange<Double>) -> String {
    let (low, high) = (text(seconds: range.lowerBound), text(seconds: range.upperBound))
    let (first, last) = (low.split(separator: " "), high.split(separator: " "))
    guard low != high else { return low }
    return first.count == 2 && last.count == 2 && first[1] == last[1] ? "\(first[0])–\(high)" : "\(low)–\(high)"
  }

  /// `1_610_612_736` → `1.5 GiB`.
  public static func text(bytes: Double) -> String {
    scaled(bytes, [(0x1p40, "TiB"), (0x1p30, "GiB"), (0x1p20, "MiB"), (0x1p10, "KiB"), (1, "B")])
  }

  /// `1_500_000` → `1.5 M`; small whole numbers stay as they are.
  public static func text(count: Double) -> String {
    guard count.isFinite else { return "–" }
    guard abs(count) >= 10_000 else { return significant(count) }
    return scaled(count, [(1e9, "G"), (1e6, "M"), (1e3, "k")])
  }

  /// A number with three significant digits and no trailing zeros: `0.0123`, `12.3`, `1230`; `1.5e-20` where zeros would
  /// fill a line.
  public static func significant(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    guard value.isNormal else { return "0" }
    let magnitude = Int(floor(log10(abs(value))))
    guard magnitude > -13 else { return "\(decimal(value / pow(10, Double(magnitude)), places: 2))e\(magnitude)" }
    return decimal(value, places: max(0, 2 - magnitude))
  }

  /// A fixed number of decimal places, trailing zeros removed.
  public static func decimal(_ value: Double, places: Int) -> String {
    let scale = pow(10, Double(places))
    let rounded = (abs(value) * scale).rounded()
    guard rounded < 1e15 else { return "\(value)" }
    let whole = Int(rounded) / Int(scale)
    let sign = value < 0 && rounded > 0 ? "-" : ""
    var fraction = String(Int(rounded) % Int(scale) + Int(scale)).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return fraction.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
  }

  private static func scaled(_ value: Double, _ units: [(scale: Double, name: String)]) -> String {
    guard value.isFinite else { return "–" }
    // 0.9995 rounds up into the next unit: 999.6 ms reads better as 1 s.
    let unit = units.first { abs(value) >= $0.scale * 0.9995 } ?? units[units.count - 1]
    return "\(significant(value / unit.scale)) \(unit.name)"
  }

  private static func digits(_ value: Double, rounded rule: FloatingPointRoundingRule) -> String {
    "\(Int(value.rounded(rule)))"
  }
}
