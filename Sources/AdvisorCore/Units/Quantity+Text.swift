private import func Glibc.floor
private import func Glibc.log10
private import func Glibc.pow

/// Quantities in words, three significant digits and the unit that keeps them short.
extension Quantity {
  /// `0.0123` → `12.3 ms`. From two minutes on `2 min 5 s`, from two hours on `2 h 10 min`, from two days on days, from two
  /// years on years.
  public static func text(seconds: Double) -> String {
    switch abs(seconds) {
    case (2 * year)..<Double.infinity: "\(significant(seconds / year)) years"
    case 172_800..<(2 * year): "\(significant(seconds / 86_400)) days"
    case 7199.5..<172_800: parts((seconds / 60).rounded(), "h", "min")
    case 120..<7199.5: parts(seconds.rounded(), "min", "s")
    default: scaled(seconds, [(1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")])
    }
  }

  /// `0.127...0.304` → `127–304 ms`; with the unit of each where they differ.
  public static func text(secondsFrom range: ClosedRange<Double>) -> String {
    let (low, high) = (text(seconds: range.lowerBound), text(seconds: range.upperBound))
    let (first, last) = (low.split(separator: " "), high.split(separator: " "))
    guard low != high else { return low }
    return first.count == 2 && last.count == 2 && first[1] == last[1] ? "\(first[0])–\(high)" : "\(low)–\(high)"
  }

  /// `82 %`; what is not all or nothing is not said to be: `over 99.9 %`, `under 0.001 %`.
  ///
  /// - Parameter places: decimal places; nil for three significant digits.
  public static func text(share: Double, places: Int? = nil) -> String {
    if (0.9995..<1).contains(share) { return "over 99.9 %" }
    return text(share, least: places.map { pow(10, Double(-2 - $0)) } ?? 1e-5) { share in
      "\(places.map { decimal(share * 100, places: $0) } ?? significant(share * 100)) %"
    }
  }

  /// A figure, with no more digits than tell that it is next to nothing: `under 1 ns`.
  ///
  /// - Parameter least: the smallest figure above zero that is worth telling.
  public static func text(_ value: Double, least: Double, as text: (Double) -> String) -> String {
    value > 0 && value < least ? "under \(text(least))" : text(value)
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
    guard value.isNormal else { return "0 \(units.first { $0.scale == 1 }?.name ?? "")" }
    // 0.9995 rounds up into the next unit: 999.6 ms reads better as 1 s.
    let unit = units.first { abs(value) >= $0.scale * 0.9995 } ?? units[units.count - 1]
    return "\(significant(value / unit.scale)) \(unit.name)"
  }

  /// A whole number of the smaller unit, of which sixty are one of the larger: `2 min 5 s`, `2 min`.
  private static func parts(_ count: Double, _ large: String, _ small: String) -> String {
    let (whole, rest) = Int(count).quotientAndRemainder(dividingBy: 60)
    return "\(whole) \(large)" + (rest == 0 ? "" : " \(abs(rest)) \(small)")
  }
}
