private import AdvisorCore

/// Days of the Gregorian calendar as numbers, without time zones: what a history of loads needs and no more.
package enum CivilDate {
  /// Days since 1970-01-01 for `2026-03-05`, `2026/03/05`, `2026-03`, `2026-03-05 14:30` or `2026-03-05T14:30:00Z`, with an
  /// offset such as `+01`, `+0100`, `+01:00` or ` UTC`; nil for others.
  static func days(_ text: some StringProtocol) -> Double? {
    let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == " " }
    let separator: Character = parts[0].contains("/") ? "/" : "-"
    let fields = parts[0].split(separator: separator, omittingEmptySubsequences: false)
    guard fields.count == 2 || fields.count == 3, fields[0].utf8.count == 4 else { return nil }
    guard let year = whole(fields[0]), let month = whole(fields[1]), (1...12).contains(month) else { return nil }
    guard let day = fields.count == 3 ? whole(fields[2]) : 1, (1...length(ofMonth: month, year)).contains(day)
    else { return nil }
    guard parts.count == 2 else { return Double(days(year, month, day)) }
    return dayShare(parts[1]).map { Double(days(year, month, day)) + $0 }
  }

  /// `2026-03-05`, and ` 14:30` after it when the time is not midnight.
  package static func text(days: Double) -> String {
    let minutes = (days * 1440).rounded()
    let day = Int((minutes / 1440).rounded(.down))
    let (year, month, dayOfMonth) = date(day)
    let minute = Int(minutes) - day * 1440
    let time = minute == 0 ? "" : " \(padded(minute / 60)):\(padded(minute % 60))"
    return "\(year)-\(padded(month))-\(padded(dayOfMonth))\(time)"
  }

  /// 0 for Monday to 6 for Sunday; 1970-01-01 was a Thursday.
  static func weekday(days: Double) -> Int {
    let day = Int(days.rounded(.down)) + 3
    return (day % 7 + 7) % 7
  }

  /// Days since 1970-01-01 for digits alone: `20260305`, `202603051430`, `20260305143000` or `202603`, from 1900 to 2100;
  /// nil for others.
  static func days(digits text: some StringProtocol) -> Double? {
    let digits = Array(text)
    guard [6, 8, 12, 14].contains(digits.count), whole(text) != nil, (1900...2100).contains(whole(digits[..<4]) ?? 0)
    else { return nil }
    let pairs = stride(from: 4, to: digits.count, by: 2).map { String(digits[$0..<($0 + 2)]) }
    let date = "\(String(digits[..<4]))-\(pairs.prefix(2).joined(separator: "-"))"
    return days(pairs.count > 2 ? "\(date) \(pairs.dropFirst(2).joined(separator: ":"))" : date)
  }

  /// Which day of a month it is.
  package enum DayOfMonth: Hashable, Sendable { case last, number(Int) }

  /// The day of the month that all dates share, at the same time of day; nil where they share none.
  static func commonDayOfMonth(_ days: [Double]) -> DayOfMonth? {
    guard let first = days.first, days.allSatisfy({ $0 - $0.rounded(.down) == first - first.rounded(.down) }) else {
      return nil
    }
    let dates = days.map { date(Int($0.rounded(.down))) }
    if dates.allSatisfy({ $0.day == dates[0].day }) { return .number(dates[0].day) }
    return dates.allSatisfy { $0.day == length(ofMonth: $0.month, $0.year) } ? .last : nil
  }

  /// The same day and time a number of months later; the last day where the month is shorter.
  package static func days(_ days: Double, plusMonths months: Int, on day: DayOfMonth) -> Double {
    let (year, month, _) = date(Int(days.rounded(.down)))
    let count = year * 12 + month - 1 + months
    let length = length(ofMonth: count % 12 + 1, count / 12)
    let number =
      switch day {
      case .last: length;
      case .number(let number): min(number, length)
      }
    return Double(self.days(count / 12, count % 12 + 1, number)) + days - days.rounded(.down)
  }

  /// Whole months since January 1970.
  package static func months(_ days: Double) -> Double {
    let (year, month, _) = date(Int(days.rounded(.down)))
    return Double((year - 1970) * 12 + month - 1)
  }

  /// Days in the mean month of the Gregorian calendar.
  static let meanMonth = 365.2425 / 12

  /// Time of day as a share of the day, to the minute or finer; an offset from UTC is taken off.
  private static func dayShare(_ text: some StringProtocol) -> Double? {
    var clock = Substring(text)
    for zone in ["Z", "UTC", "GMT"] where clock.hasSuffix(zone) {
      clock = clock.dropLast(zone.count).trimmingASCIISpace
    }
    var offset = 0.0
    if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      guard let east = self.offset(clock[clock.index(after: sign)...]) else { return nil }
      offset = clock[sign] == "-" ? -east : east
      clock = clock[..<sign].trimmingASCIISpace
    }
    return seconds(clock).map { ($0 - offset) / 86_400 }
  }

  /// Seconds of `01`, `0100` or `01:00`.
  private static func offset(_ text: some StringProtocol) -> Double? {
    let digits = String(text).filter { $0 != ":" }
    guard digits.count == 2 || digits.count == 4 else { return nil }
    return seconds("\(digits.prefix(2)):\(digits.count == 4 ? String(digits.suffix(2)) : "00")")
  }

  private static func seconds(_ clock: some StringProtocol) -> Double? {
    let fields = clock.split(separator: ":", omittingEmptySubsequences: false)
    guard fields.count == 2 || fields.count == 3, let hour = whole(fields[0]), let minute = whole(fields[1]) else {
      return nil
    }
    guard hour < 24, minute < 60 else { return nil }
    guard let second = fields.count == 3 ? Double(String(fields[2])) : 0, (0..<61).contains(second) else { return nil }
    return Double(hour * 3600 + minute * 60) + second
  }

  private static func whole(_ digits: ArraySlice<Character>) -> Int? { whole(String(digits)) }

  private static func whole(_ text: some StringProtocol) -> Int? {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
  }

  private static func length(ofMonth month: Int, _ year: Int) -> Int {
    days(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) - days(year, month, 1)
  }

  /// The proleptic Gregorian calendar in eras of 400 years, years starting in March (E. M. Reingold and N. Dershowitz,
  /// *Calendrical Calculations*, chapter 2).
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
    return (year, month >= 10 ? month - 9 : month + 3, dayOfYear - (153 * month + 2) / 5 + 1)
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
