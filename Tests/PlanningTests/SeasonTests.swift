import AdvisorCore
import AdvisorTestSupport
import Documents
import Glibc
import Planning
import Statistics
import Testing

@Suite("Seasons, floors and peaks of loads")
struct SeasonTests {
  /// 2026-01-05, a Monday, in days since 1970.
  private static let monday = 20_458.0

  /// Without pattern, in −1 … 1.
  private static func jitter(_ index: Int) -> Double {
    var random = Xoshiro(seed: UInt64(index))
    return 2 * random.unit() - 1
  }

  private static func forecast(
    _ points: [LoadHistory.Point], capacity: Double = 1e9, isFloor: Bool = false, horizon: Int = 24
  ) throws -> LoadForecast {
    try LoadForecast(
      LoadHistory(points, hasDates: true), capacity: capacity, isFloor: isFloor, headroom: 0, level: 0.9,
      horizon: horizon, model: nil)
  }

  @Test("A day's rhythm is found in a week of hours")
  func hours() throws {
    let points = (0..<240).map { (hour: Int) -> LoadHistory.Point in
      let level: Double = hour % 24 < 8 ? 100 : 300
      return LoadHistory.Point(time: Self.monday + Double(hour) / 24, load: level + 5 * Self.jitter(hour))
    }
    let forecast = try Self.forecast(points)
    #expect(forecast.seasons == [.hourOfDay])
    for (index, point) in forecast.forecast.enumerated() {
      #expect(abs(point.load - (index < 8 ? 100 : 300)) < 15, "\(index)")
    }
  }

  @Test("A year's rhythm is found in years of months, in factors where it grows with the load")
  func months() throws {
    let points = (0..<60).map { (month: Int) -> LoadHistory.Point in
      let (level, factor) = (100 * pow(1.02, Double(month)), month % 12 == 11 ? 1.6 : 1.0)
      let noise: Double = 1 + 0.01 * Self.jitter(month)
      return LoadHistory.Point(time: CivilDateOfMonth.days(2021, month), load: level * factor * noise)
    }
    let forecast = try Self.forecast(points, horizon: 12)
    #expect(forecast.seasons == [.monthOfYear])
    #expect(forecast.forecast.last?.date == "2026-12-01")
    // 100·1.02^71, times 1.6.
    #expect(isClose(try #require(forecast.forecast.last).load, 652.7, relative: 0.1))
    #expect(forecast.forecast[10].load < 450)
  }

  @Test("Without a rhythm there is no season", arguments: [1.0 / 24, 1, 30.436875])
  func noise(step: Double) throws {
    let points = (0..<120).map { (index: Int) -> LoadHistory.Point in
      LoadHistory.Point(time: Self.monday + Double(index) * step, load: 100 + Self.jitter(index))
    }
    #expect(try Self.forecast(points).seasons.isEmpty)
  }

  /// 100 − 2 a day reaches 20 on day 40.
  @Test("Free space reaches its floor")
  func floor() throws {
    let points = (0..<20).map { (day: Int) -> LoadHistory.Point in
      LoadHistory.Point(time: Self.monday + Double(day), load: 100 - 2 * Double(day))
    }
    let forecast = try Self.forecast(points, capacity: 20, isFloor: true)
    #expect(forecast.pointCrossing?.stepsAhead == 21)
    #expect(try #require(forecast.upperCrossing).stepsAhead <= 21)
    #expect(forecast.exceeded == nil)
    let emptied = try Self.forecast(points, capacity: 70, isFloor: true)
    #expect(emptied.exceeded?.points == 5 && emptied.exceeded?.highest.load == 62)
  }

  private static func hourly(_ count: Int) throws -> LoadHistory {
    let points = (0..<count).map { hour in LoadHistory.Point(time: monday + Double(hour) / 24, load: Double(hour)) }
    return try LoadHistory(points, hasDates: true)
  }

  @Test("Peaks of a day are its highest loads, of whole days only")
  func peaks() throws {
    // Two and a half days: the last is not over, and two days are too few.
    #expect(throws: AdvisorError.self) { try Self.hourly(60).peaks(per: LoadHistory.Period.day) }
    let highest = try Self.hourly(96).peaks(per: LoadHistory.Period.day).points.map(\.load)
    let lowest = try Self.hourly(100).peaks(per: LoadHistory.Period.day, lowest: true).points.map(\.load)
    #expect(highest == [23.0, 47, 71, 95])
    #expect(lowest == [0.0, 24, 48, 72])
    let plain = try LoadHistory(Self.hourly(96).points, hasDates: false)
    #expect(throws: AdvisorError.self) { try plain.peaks(per: LoadHistory.Period.day) }
  }

  /// A level that walks about a slope of 1 a day: what is next is near the last load, not near the line.
  @Test("A level that moves is followed")
  func movingLevel() throws {
    var level = 0.0
    let points = (0..<80).map { (day: Int) -> LoadHistory.Point in
      level = 0.85 * level + 10 * Self.jitter(day)
      return LoadHistory.Point(time: Self.monday + Double(day), load: 500 + Double(day) + level)
    }
    let next = try #require(try Self.forecast(points, horizon: 1).forecast.first)
    let last = try #require(points.last).load
    #expect(abs(next.load - last) < 10)
  }

  @Test(
    "Quarters and years are steps of the calendar",
    arguments: [
      ("quarter,load\n2024-Q1,1\n2024-Q2,2\n2024-Q3,3\n2024-Q4,4\n", ["2025-01-01", "2025-04-01"], "quarter"),
      ("year,load\n2020,1\n2021,2\n2022,3\n2023,4\n", ["2024-01-01", "2025-01-01"], "year"),
      ("month,load\n2024-01,1\n2024-02,2\n2024-03,3\n", ["2024-04-01", "2024-05-01"], "month"),
    ])
  func calendar(text: String, dates: [String], unit: String) throws {
    let history = try LoadHistory(csv: Array(text.utf8), file: "load.csv")
    let forecast = try LoadForecast(history, capacity: 100, headroom: 0, level: 0.9, horizon: 2, model: .linear)
    #expect(forecast.forecast.map(\.date) == dates)
    #expect(forecast.stepUnit.rawValue == unit)
  }
}

/// Days since 1970 of the first of a month, by the reader of dates.
enum CivilDateOfMonth {
  static func days(_ year: Int, _ month: Int) -> Double {
    let (year, month) = (year + month / 12, month % 12 + 1)
    let text = "t,y\n\(year)-\(month < 10 ? "0" : "")\(month),1\n2000-01,1\n2001-01,1\n"
    return (try? LoadHistory(csv: Array(text.utf8), file: "t").points.last?.time) ?? 0
  }
}
