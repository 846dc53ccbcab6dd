/// Days of the Gregorian calendar as numbers, without time zones: what a history of loads needs and no more.
enum CivilDate {
  /// Days since 1970-01-01 for `2026-03-05`, `2026-03`, `2026-03-05 14:30` or `2026-03-05T14:30:00Z`; nil for others.
  static func days(_ text: some StringProtocol) -> Double? {
    let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == " " }
    let fields = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard fields.count == 2 || fields.count == 3, fields[0].utf8.count == 4 else { return nil }
    guard let year = whole(fields[0]), let month = whole(fields[1]), (1...12).contains(month) else { return nil }
    guard let day = fields.count == 3 ? whole(fields[2]) : 1, (1...length(ofMonth: month, year)).contains(day)
    else { return nil }
    guard parts.count == 2 else { return Double(days(year, month, day)) }
    return dayShare(parts[1]).map { Double(days(year, month, day)) + $0 }
  }

  /// `2026-03-05`, and ` 14:30` after it when the time is not midnight.
  static func text(days: Double) -> String {
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

  /// Time of day as a share of the day, to the minute or finer; an offset from UTC is taken off.
  private static func dayShare(_ text: some StringProtocol) -> Double? {
    var clock = Substring(text)
    var offset = 0.0
    if clock.hasSuffix("Z") {
      clock.removeLast()
    } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      guard let minutes = seconds(clock[clock.index(after: sign)...]) else { return nil }
      offset = clock[sign] == "-" ? -minutes : minutes
      clock = clock[..<sign]
    }
    return seconds(clock).map { ($0 - offset) / 86_400 }
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
