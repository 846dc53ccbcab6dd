import AdvisorCore

/// Which of two numbers before a year is the day.
public enum DateOrder: String, CaseIterable, Sendable {
  case dayFirst = "d/m/y"
  case monthFirst = "m/d/y"
}

/// Reads dates and times as people and programs write them: days since 1970-01-01, as a number.
package enum DateText {
  /// Reads `2026-03-05`, `2026/03/05`, `05.03.2026`, `3/5/2026`, `5 Mar 2026`, `2026-03`, `2026-W10`, `2026-Q1`; after them a
  /// time such as `14:30`, `2:30 PM` or `T14:30:05.2Z`, with an offset such as `+01`, `+0100`, `+01:00` or ` UTC`.
  package static func days(_ text: some StringProtocol, order: DateOrder) -> Double? {
    let bytes = Array(text.utf8)
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
      return date(withoutZone(bytes[...]), order) ?? hourOfHalfDay(bytes[...], order)
    }
    // The log format of web servers: 05/Mar/2026:14:30:05 +0000.
    let isLog = bytes[..<colon].suffix(4).allSatisfy(\.isDigit) && colon > 4
    let start = isLog ? colon + 1 : colon - bytes[..<colon].reversed().prefix(2).prefix { $0.isDigit }.count
    guard start > 0, start < bytes.count, let day = date(bytes[..<(start - 1)], order) else { return nil }
    return dayShare(bytes[start...]).map { day + $0 }
  }

  /// Reads digits alone: `20260305`, `202603051430`, `20260305143000` or `202603`, from 1900 to 2100.
  package static func days(digits text: some StringProtocol) -> Double? {
    let digits = Array(text.utf8)
    guard [6, 8, 12, 14].contains(digits.count), digits.allSatisfy(\.isDigit) else { return nil }
    let fields = [digits[..<4]] + stride(from: 4, to: digits.count, by: 2).map { digits[$0..<($0 + 2)] }
    let numbers = fields.compactMap { number($0) }
    guard (1900...2100).contains(numbers[0]) else { return nil }
    guard let day = day(numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : 1) else { return nil }
    guard numbers.count > 3 else { return day }
    return seconds(numbers[3], numbers[4], numbers.count > 5 ? Double(numbers[5]) : 0).map { day + $0 / 86_400 }
  }

  /// Reads a time of day alone, as a share of the day: `14:30:05`, `02:30:05 PM`.
  package static func clock(_ text: some StringProtocol) -> Double? {
    let bytes = Array(text.utf8)
    guard bytes.contains(UInt8(ascii: ":")) else { return nil }
    return dayShare(bytes[...])
  }
}

extension DateText {
  private static func date(_ text: ArraySlice<UInt8>, _ order: DateOrder) -> Double? {
    let words = text.split { !$0.isDigit && !$0.isLetter }.flatMap(parts).filter { !isWeekday($0) }
    let numbers = words.compactMap(number)
    if let hour = hour(after: text, words) { return date(text[..<hour.start], order).map { $0 + hour.share } }
    guard numbers.count == words.count else { return named(words, numbers) }
    switch (words.count, words.first?.count ?? 0, words.last?.count ?? 0) {
    // Dots and digits may be a number.
    case (2, 4, _) where !text.contains(UInt8(ascii: ".")): return day(numbers[0], numbers[1], 1)
    case (2, _, 4) where !text.contains(UInt8(ascii: ".")): return day(numbers[1], numbers[0], 1)
    case (3, 4, _): return day(numbers[0], numbers[1], numbers[2])
    case (3, 1...2, 4), (3, 1...2, 2):
      let year = numbers[2] < 100 ? 2000 + numbers[2] : numbers[2]
      let isDayFirst = order == .dayFirst || text.contains(UInt8(ascii: "."))
      return isDayFirst ? day(year, numbers[1], numbers[0]) : day(year, numbers[0], numbers[1])
    default: return nil
    }
  }

  /// `2026-03-05 UTC`
  private static func withoutZone(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let zone = String(decoding: text.suffix(4), as: UTF8.self)
    return zone == " UTC" || zone == " GMT" ? text.dropLast(4) : text
  }

  /// `3/5/2026 2PM`, `3/5/2026 2 PM`: an hour without minutes.
  private static func hourOfHalfDay(_ text: ArraySlice<UInt8>, _ order: DateOrder) -> Double? {
    let half = text.suffix(2)
    let rest = text.dropLast(half.count)
    let before = rest.last == UInt8(ascii: " ") ? rest.dropLast() : rest
    let hour = before.suffix(before.reversed().prefix { $0.isDigit }.count)
    let date = before.dropLast(hour.count)
    guard (1...2).contains(hour.count), date.last == UInt8(ascii: " "), let day = self.date(date.dropLast(), order),
      ["AM", "PM"].contains(String(decoding: half, as: UTF8.self).uppercased())
    else { return nil }
    return dayShare((Array(hour) + ":00".utf8 + half)[...]).map { day + $0 }
  }

  /// `2026-03-05T14`: an hour without minutes.
  private static func hour(
    after text: ArraySlice<UInt8>, _ words: [ArraySlice<UInt8>]
  ) -> (start: Int, share: Double)? {
    guard words.count >= 4, words[0].count == 4, let last = words.last, last.count == 2, last.endIndex == text.endIndex,
      let hour = number(last), hour < 24, [UInt8(ascii: "T"), UInt8(ascii: " ")].contains(text[last.startIndex - 1])
    else { return nil }
    return (last.startIndex - 1, Double(hour) / 24)
  }

  /// A date with the name of a month, or a week or a quarter.
  private static func named(_ words: [ArraySlice<UInt8>], _ numbers: [Int]) -> Double? {
    let letters = words.filter { $0.first?.isLetter == true }.map { String(decoding: $0, as: UTF8.self).lowercased() }
    guard letters.count == 1, let name = letters.first, let year = numbers.first(where: { $0 > 31 }) ?? numbers.last
    else { return nil }
    var others = numbers
    if let place = others.firstIndex(of: year) { others.remove(at: place) }
    if name == "q", let quarter = others.first, (1...4).contains(quarter) { return day(year, quarter * 3 - 2, 1) }
    if name == "w", let week = others.first, (1...53).contains(week) {
      // Week 1 is the one with January 4th (ISO 8601).
      guard let fourth = day(year, 1, 4) else { return nil }
      let weekday = others.count > 1 && (1...7).contains(others[1]) ? others[1] - 1 : 0
      return fourth - Double(CivilDate.weekday(days: fourth)) + Double(7 * (week - 1) + weekday)
    }
    guard name.utf8.count >= 3, let month = months.firstIndex(where: { $0.hasPrefix(name) || name.hasPrefix($0) })
    else { return nil }
    return day(year < 100 ? 2000 + year : year, month + 1, others.first ?? 1)
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ].map { String($0.prefix(3)) }

  private static let weekdays: Set = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  private static func isWeekday(_ word: ArraySlice<UInt8>) -> Bool {
    weekdays.contains(String(decoding: word, as: UTF8.self).lowercased().prefix(3).description)
  }

  /// `2026W10` is three parts: digits and letters.
  private static func parts(_ word: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var rest = word
    while let first = rest.first {
      let part = rest.prefix { $0.isDigit == first.isDigit }
      // The letter before a time.
      if !(part.elementsEqual("T".utf8) || part.elementsEqual("t".utf8)) { parts.append(part) }
      rest = rest[part.endIndex...]
    }
    return parts
  }

  private static func day(_ year: Int, _ month: Int, _ day: Int) -> Double? {
    guard (1000...9999).contains(year), (1...12).contains(month),
      (1...CivilDate.length(ofMonth: month, year)).contains(day)
    else { return nil }
    return Double(CivilDate.days(year, month, day))
  }

  /// Time of day as a share of the day; an offset from UTC is taken off.
  private static func dayShare(_ text: ArraySlice<UInt8>) -> Double? {
    var clock = String(decoding: text, as: UTF8.self).trimmingASCIISpace
    for zone in ["Z", "UTC", "GMT"] where clock.uppercased().hasSuffix(zone) {
      clock = clock.dropLast(zone.count).trimmingASCIISpace
    }
    var offset = 0.0
    if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      guard let east = self.offset(clock[clock.index(after: sign)...]) else { return nil }
      offset = clock[sign] == "-" ? -east : east
      clock = clock[..<sign].trimmingASCIISpace
    }
    let half = clock.suffix(2).uppercased()
    guard half == "AM" || half == "PM" else { return seconds(clock).map { ($0 - offset) / 86_400 } }
    guard let time = seconds(clock.dropLast(2).trimmingASCIISpace), (3600..<46_800).contains(time) else { return nil }
    let sinceHalf = time >= 43_200 ? time - 43_200 : time
    return (sinceHalf + (half == "PM" ? 43_200 : 0) - offset) / 86_400
  }

  /// Seconds of `01`, `0100` or `01:00`.
  private static func offset(_ text: some StringProtocol) -> Double? {
    let digits = Array(text.utf8.filter { $0 != UInt8(ascii: ":") })
    guard digits.count == 2 || digits.count == 4, let hours = number(digits[..<2]) else { return nil }
    let minutes = digits.count == 4 ? number(digits[2...]) : 0
    return minutes.flatMap { seconds(hours, $0, 0) }
  }

  private static func seconds(_ clock: some StringProtocol) -> Double? {
    let fields = clock.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard fields.count == 2 || fields.count == 3, let hour = number(Array(fields[0])[...]),
      let minute = number(Array(fields[1])[...])
    else { return nil }
    guard fields.count == 3 else { return seconds(hour, minute, 0) }
    let text = String(decoding: fields[2], as: UTF8.self).map { $0 == "," ? "." : $0 }
    return Double(String(text)).flatMap { seconds(hour, minute, $0) }
  }

  private static func seconds(_ hour: Int, _ minute: Int, _ second: Double) -> Double? {
    guard hour < 24, minute < 60, (0..<61).contains(second) else { return nil }
    return Double(hour * 3600 + minute * 60) + second
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count < 10, digits.allSatisfy(\.isDigit) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
  }
}

extension UInt8 {
  var isDigit: Bool { (48...57).contains(self) }
  var isLetter: Bool { (65...90).contains(self) || (97...122).contains(self) }
}
