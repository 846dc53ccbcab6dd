/// Days of the Gregorian calendar as numbers, without time zones: what a history of loads needs and no more.
package enum CivilDate {
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
  package static func weekday(days: Double) -> Int {
    let day = Int(days.rounded(.down)) + 3
    return (day % 7 + 7) % 7
  }

  /// Which day of a month it is.
  package enum DayOfMonth: Hashable, Sendable { case last, number(Int) }

  /// The day of the month that all dates share, at the same time of day; nil where they share none.
  package static func commonDayOfMonth(_ days: [Double]) -> DayOfMonth? {
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

  /// Its first day.
  package static func startOfMonth(_ days: Double) -> Double {
    let (year, month, _) = date(Int(days.rounded(.down)))
    return Double(self.days(year, month, 1))
  }

  /// Days in the mean month of the Gregorian calendar.
  package static let meanMonth = 365.2425 / 12

  package static func length(ofMonth month: Int, _ year: Int) -> Int {
    days(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) - days(year, month, 1)
  }

  /// The proleptic Gregorian calendar in eras of 400 years, years starting in March (E. M. Reingold and N. Dershowitz,
  /// *Calendrical Calculations*, chapter 2).
  package static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  package static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
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
