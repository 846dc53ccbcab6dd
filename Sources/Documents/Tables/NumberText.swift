package import AdvisorCore

/// How a column writes numbers: `1,234.5`, `1.234,5`, `1 234,5`; with a unit behind, or a currency before them.
package struct NumberText {
  package enum Mark: Sendable { case point, comma }

  let decimal: Mark

  package init(_ decimal: Mark) { self.decimal = decimal }

  /// What the cells of a table speak for; `fallback` where each could be both.
  init(_ cells: some Sequence<Substring>, fallback: Mark) {
    var votes = (point: 0, comma: 0)
    for cell in cells where cell.utf8.contains(UInt8(ascii: ",")) || cell.utf8.contains(UInt8(ascii: ".")) {
      switch Self.mark(cell) {
      case .point: votes.point += 1
      case .comma: votes.comma += 1
      case nil: break
      }
    }
    decimal = votes.comma > votes.point ? .comma : votes.point > 0 ? .point : fallback
  }

  /// A number with what stands behind it.
  package struct Reading {
    package var value: Double
    /// Nil for a plain number.
    package var unit: QuantityUnit?
  }

  /// Nil for what is no number.
  package func read(_ cell: Substring) -> Reading? {
    if decimal == .point, let number = Double(cell), number.isFinite { return Reading(value: number, unit: nil) }
    var text = Self.plainSpaces(cell)
    let isNegative = text.hasPrefix("(") && text.hasSuffix(")")
    if isNegative { text = text.dropFirst().dropLast() }
    let currency = text.first.flatMap { Self.currencies.contains($0) ? QuantityUnit(String($0)) : nil }
    if currency != nil { text = text.dropFirst().trimmingASCIISpace }
    let (digits, rest) = Self.split(text)
    guard let number = number(digits), number.isFinite else { return nil }
    let value = isNegative ? -number : number
    guard !rest.isEmpty else { return Reading(value: value, unit: currency) }
    guard currency == nil, let unit = UnitText.unit(rest) else { return nil }
    return Reading(value: value * unit.factor, unit: unit.unit)
  }

  private static let currencies: Set<Character> = ["$", "€", "£"]

  private func number(_ digits: Substring) -> Double? {
    let (mark, group): (Character, Character) = decimal == .point ? (".", ",") : (",", ".")
    let halves = digits.split(separator: mark, omittingEmptySubsequences: false)
    guard halves.count <= 2, let whole = halves.first else { return nil }
    let groups = whole.split(omittingEmptySubsequences: false) { $0 == group || $0 == " " || $0 == "'" || $0 == "_" }
    guard groups.count == 1 || groups.dropFirst().allSatisfy({ $0.count == 3 }) && groups[0].count <= 4 else {
      return nil
    }
    return Double(groups.joined() + (halves.count == 2 ? "." + halves[1] : ""))
  }

  /// Digits with their marks and exponent, and what follows.
  private static func split(_ text: Substring) -> (digits: Substring, rest: Substring) {
    var end = text.startIndex
    var last = end
    while end < text.endIndex {
      let character = text[end]
      let next = text.index(after: end)
      if character.isASCII, character.isNumber {
        last = next
      } else if character == "e" || character == "E", last == end, next < text.endIndex,
        text[next] == "-" || text[next] == "+" || text[next].isNumber
      {
        last = next
      } else if !"+-.,' _".contains(character) {
        break
      }
      end = next
    }
    // 5. is a number.
    while last < end, text[last] == "." || text[last] == "," { last = text.index(after: last) }
    return (text[..<last], text[last...].trimmingASCIISpace)
  }

  /// The decimal mark that a cell cannot do without; nil where it may be both, or neither.
  private static func mark(_ cell: Substring) -> Mark? {
    let (digits, _) = split(plainSpaces(cell).drop { !$0.isNumber && $0 != "-" && $0 != "," && $0 != "." })
    guard digits.allSatisfy({ $0.isNumber || "+-.,' _eE".contains($0) }) else { return nil }
    let marks = digits.filter { $0 == "," || $0 == "." }
    guard let first = marks.first, let last = marks.last else { return nil }
    if first != last { return last == "." ? .point : .comma }
    let (own, other): (Mark, Mark) = last == "." ? (.point, .comma) : (.comma, .point)
    if marks.count > 1 { return other }
    let halves = digits.split(separator: last, omittingEmptySubsequences: false)
    let isGroup = halves[1].count == 3 && (1...3).contains(halves[0].count) && halves[0] != "0"
    return isGroup ? nil : own
  }

  private static func plainSpaces(_ cell: Substring) -> Substring {
    guard !cell.utf8.allSatisfy({ $0 < 0x80 }) else { return cell }
    return Substring(
      cell.map { $0 == "\u{A0}" || $0 == "\u{202F}" || $0 == "\u{2009}" ? " " : $0 == "−" ? "-" : $0 == "’" ? "'" : $0 }
    )
  }
}

/// What stands behind a figure.
enum UnitText {
  /// The unit of a figure, and what one of it is in the unit that we count in; nil for a word that is none.
  static func unit(_ text: some StringProtocol) -> (unit: QuantityUnit?, factor: Double)? {
    let text = String(text)
    if let factor = bytes[text] { return (.bytes, factor) }
    if let factor = seconds[text.lowercased()] { return (.seconds, factor) }
    if let factor = counts[text] { return (nil, factor) }
    if text == "%" || text.lowercased() == "percent" { return (.percent, 1) }
    if currencies.contains(text) { return (QuantityUnit(text), 1) }
    if rates.contains(text.lowercased()) { return (QuantityUnit(text), 1) }
    if let factor = bits[text.lowercased()] { return (QuantityUnit("bit/s"), factor) }
    guard let slash = text.lastIndex(of: "/"), periods[text[text.index(after: slash)...].lowercased()] != nil else {
      return nil
    }
    let counted = text[..<slash].trimmingASCIISpace
    if let factor = bytes[String(counted)] { return (QuantityUnit("B" + text[slash...]), factor) }
    if let factor = counts[String(counted)] { return (QuantityUnit(String(text[slash...])), factor) }
    guard counted.allSatisfy({ $0.isLetter || $0 == " " }) else { return nil }
    return (QuantityUnit(text), 1)
  }

  /// What one of a unit is in another: 1/60 for `req/min` in `req/s`; nil where they count other things.
  static func factor(from unit: QuantityUnit?, to other: QuantityUnit?) -> Double? {
    if unit == other { return 1 }
    guard let from = unit.flatMap(rate), let to = other.flatMap(rate), from.counted == to.counted else { return nil }
    return to.seconds / from.seconds
  }

  /// What a rate counts, and in how many seconds.
  private static func rate(_ unit: QuantityUnit) -> (counted: String, seconds: Double)? {
    let name = unit.name.lowercased()
    guard let slash = name.lastIndex(of: "/") else { return nil }
    return periods[String(name[name.index(after: slash)...])].map { (String(name[..<slash]), $0) }
  }

  private static let periods: [String: Double] = [
    "s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "day": 86_400,
  ]

  /// The unit that a name of a column ends with: `disk (GiB)`, `used_bytes`, `cpu %`, `req/s`.
  static func unit(ofColumn name: String) -> (unit: QuantityUnit?, factor: Double)? {
    let text = name.trimmingASCIISpace
    if let open = text.lastIndex(where: { $0 == "(" || $0 == "[" }), let last = text.last, last == ")" || last == "]" {
      return unit(text[text.index(after: open)...].dropLast().trimmingASCIISpace)
    }
    if text.contains("%") { return (.percent, 1) }
    if text.contains("/"), let found = unit(text) { return found }
    if rates.contains(text.lowercased()) { return (QuantityUnit(String(text)), 1) }
    let words = text.split { $0 == "_" || $0 == " " }
    guard words.count > 1, let last = words.last else { return nil }
    if words.count > 2, words[words.count - 2].lowercased() == "per" {
      return unit("\(words[words.count - 3])/\(last)")
    }
    return switch last.lowercased() {
    case "bytes": (.bytes, 1)
    case "percent", "pct": (.percent, 1)
    case "kib", "mib", "gib", "tib": bytes[last.prefix(1).uppercased() + "iB"].map { (.bytes, $0) }
    case "kb", "mb", "gb", "tb": bytes[last.uppercased()].map { (.bytes, $0) }
    case "ms", "us", "ns", "seconds", "s": seconds[last.lowercased()].map { (.seconds, $0) }
    default: nil
    }
  }

  private static let bytes: [String: Double] = [
    "B": 1, "bytes": 1, "Bytes": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "PB": 1e15,
    "KiB": 0x1p10, "kiB": 0x1p10, "MiB": 0x1p20, "GiB": 0x1p30, "TiB": 0x1p40, "PiB": 0x1p50,
    "Ki": 0x1p10, "Mi": 0x1p20, "Gi": 0x1p30, "Ti": 0x1p40,
  ]
  private static let seconds: [String: Double] = [
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "sec": 1, "secs": 1, "seconds": 1, "min": 60,
    "minutes": 60, "mins": 60, "h": 3600, "hour": 3600, "hours": 3600, "d": 86_400, "day": 86_400, "days": 86_400,
  ]
  private static let bits: [String: Double] = [
    "bit/s": 1, "kbps": 1e3, "kbit/s": 1e3, "mbps": 1e6, "mbit/s": 1e6, "gbps": 1e9, "gbit/s": 1e9,
  ]
  private static let counts: [String: Double] = [
    "k": 1e3, "K": 1e3, "M": 1e6, "Mil": 1e6, "mil": 1e6, "G": 1e9, "T": 1e12, "bil": 1e9, "x": 1, "×": 1,
  ]
  private static let rates: Set = [
    "rps", "tps", "qps", "ops", "iops", "rpm", "qpm", "hz", "bps", "c/s", "reqps", "requests", "reqs", "ops/s",
  ]
  private static let currencies: Set = ["$", "€", "£", "USD", "EUR", "GBP", "CHF"]
}
