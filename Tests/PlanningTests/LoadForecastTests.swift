import AdvisorCore
import AdvisorTestSupport
import FoundationEssentials
import Planning
import Testing

@Suite("Load forecasts")
struct LoadForecastTests {
  struct Case: Decodable {
    var id, model: String
    var t, y, newT, fit, lwr90, upr90, lwr95, upr95: [Double]
    var sigma, b0, b1, capacity: Double
    var firstTPointCrosses, firstTUpper90Crosses: Double
  }

  @Test("Forecasts agree with R's lm")
  func referenceTable() throws {
    for row in try ReferenceTable.cases("forecast", as: Case.self) {
      let history = try LoadHistory(
        zip(row.t, row.y).map { LoadHistory.Point(time: $0, load: $1) }.shuffled(), hasDates: false)
      for (level, low, high) in [(0.9, row.lwr90, row.upr90), (0.95, row.lwr95, row.upr95)] {
        let forecast = try LoadForecast(
          history, capacity: row.capacity, headroom: 0, level: level, horizon: 60, model: nil)
        #expect(forecast.model == (row.model == "linear" ? .linear : .exponential), "\(row.id)")
        #expect(isClose(forecast.coefficients.intercept, row.b0, relative: 1e-7))
        #expect(isClose(forecast.coefficients.slope, row.b1, relative: 1e-7))
        #expect(isClose(forecast.standardDeviation, row.sigma, relative: 1e-7))
        for index in row.newT.indices {
          let point = try #require(forecast.forecast.first { $0.t == row.newT[index] })
          #expect(isClose(point.load, row.fit[index], relative: 1e-7), "\(row.id)")
          #expect(isClose(point.low, low[index], relative: 1e-7), "\(row.id)")
          #expect(isClose(point.high, high[index], relative: 1e-7), "\(row.id)")
        }
        guard level == 0.9 else { continue }
        #expect(forecast.pointCrossing?.t == row.firstTPointCrosses, "\(row.id)")
        #expect(forecast.upperCrossing?.t == row.firstTUpper90Crosses, "\(row.id)")
      }
    }
  }

  /// 10 + 2t reaches 30·(1 − 0.2) = 24 at t = 7.
  @Test("Headroom is kept")
  func headroomIsKept() throws {
    let history = try history((0...4).map { 10 + 2 * Double($0) })
    let forecast = try LoadForecast(history, capacity: 30, headroom: 0.2, level: 0.9, horizon: 5, model: .linear)
    #expect(forecast.pointCrossing?.t == 7)
    #expect(forecast.pointCrossing?.stepsAhead == 3)
  }

  @Test("A load that does not grow never crosses", arguments: [[5.0, 5, 5, 5, 5], [9, 8, 7, 6, 5]])
  func noGrowth(loads: [Double]) throws {
    let forecast = try LoadForecast(
      history(loads), capacity: 100, headroom: 0, level: 0.9, horizon: 3, model: .linear)
    #expect(forecast.pointCrossing == nil)
    #expect(forecast.forecast.allSatisfy { $0.load.isFinite && $0.low.isFinite && $0.high.isFinite })
  }

  /// JSON has no NaN and no infinity: what can be encoded has neither.
  @Test(
    "Flat, empty, wild and tiny histories give finite answers",
    arguments: [
      [5.0, 5, 5, 5], [0, 0, 0], [1, 2, 3], [1e-300, 1e-300, 1e-299], [1e300, 2e300, 3e300], [-5, -4, -3, 0],
      [1, 1e12, 1],
    ])
  func oddHistories(loads: [Double]) throws {
    for reversed in [false, true] {
      let points = loads.enumerated().map { LoadHistory.Point(time: Double($0), load: $1) }
      let history = try LoadHistory(reversed ? points.reversed() : points, hasDates: false)
      let forecast = try LoadForecast(history, capacity: 100, headroom: 0, level: 0.9, horizon: 5, model: nil)
      #expect(throws: Never.self) { try JSONEncoder().encode(forecast) }
    }
  }

  @Test("A hundred thousand loads are forecast")
  func manyLoads() throws {
    let rows = (0..<100_000).map { "\($0),\(1000 + Double($0) / 100)\n" }
    let history = try LoadHistory(csv: Array(("t,load\n" + rows.joined()).utf8), file: "load.csv")
    let forecast = try LoadForecast(history, capacity: 2100, headroom: 0, level: 0.9, horizon: 1, model: .linear)
    #expect(forecast.points == 100_000)
    // 1000 + t/100 reaches 2100 at 110,000.
    #expect(abs(try #require(forecast.pointCrossing).t - 110_000) < 10)
  }

  /// Monday, 2026-01-05, and nine weeks on: 100 on weekdays, 40 on Saturdays and Sundays, with a slow trend.
  @Test("A weekly season is found")
  func aWeeklySeasonIsFound() throws {
    var rows = "date,load\n"
    for day in 0..<63 {
      let jitter = [0.3, -0.2, 0.1, -0.4, 0.2][day % 5]
      rows += "\(Self.date(day)),\((day % 7 < 5 ? 100 : 40) + 0.5 * Double(day) + jitter)\n"
    }
    let history = try LoadHistory(csv: Array(rows.utf8), file: "load.csv")
    let forecast = try LoadForecast(history, capacity: 150, headroom: 0, level: 0.9, horizon: 7, model: .linear)
    #expect(forecast.seasons == [.dayOfWeek])
    #expect(forecast.forecast.map(\.date).prefix(2) == ["2026-03-09", "2026-03-10"])
    let week = forecast.forecast.map { ($0.load / 10).rounded() * 10 }
    #expect(week == [130, 130, 130, 130, 130, 70, 70])
    // 100 + 0.5·d reaches 150 on day 100, Wednesday 2026-04-15; the line misses by less than the jitter.
    let crossing = try #require(forecast.pointCrossing)
    #expect((99...101).contains(crossing.stepsAhead + 62))
  }

  @Test("No season is seen in noise")
  func noSeasonIsSeenInNoise() throws {
    let rows = (0..<60).map { "\(Self.date($0)),\(100 + [3.0, -1, 2, -2, 0.5, 1, -3, 0.2, -1.5, 2.5, -0.7][$0 % 11])" }
    let history = try LoadHistory(csv: Array(("date,load\n" + rows.joined(separator: "\n")).utf8), file: "load.csv")
    let forecast = try LoadForecast(history, capacity: 150, headroom: 0, level: 0.9, horizon: 7, model: .linear)
    #expect(forecast.seasons.isEmpty)
  }

  @Test(
    "A capacity, headroom or level that cannot be is refused",
    arguments: [
      (0.0, 0.0, 0.9), (-1, 0, 0.9), (.nan, 0, 0.9), (10, 1, 0.9), (10, -0.1, 0.9), (10, 0, 0), (10, 0, 1),
    ])
  func badGoal(capacity: Double, headroom: Double, level: Double) throws {
    let history = try history([1, 2, 3, 4])
    let error = #expect(throws: AdvisorError.self) {
      try LoadForecast(history, capacity: capacity, headroom: headroom, level: level, horizon: 3, model: nil)
    }
    #expect(error?.code == .badData)
  }

  @Test("An exponential trend needs positive loads")
  func anExponentialTrendNeedsPositiveLoads() throws {
    let history = try history([1, 2, 0, 4])
    #expect(throws: AdvisorError.self) {
      try LoadForecast(history, capacity: 9, headroom: 0, level: 0.9, horizon: 3, model: .exponential)
    }
  }

  private func history(_ loads: [Double]) throws -> LoadHistory {
    try LoadHistory(
      loads.enumerated().map { LoadHistory.Point(time: Double($0), load: $1) }, hasDates: false)
  }

  /// Days from Monday, 2026-01-05, within the first quarter.
  private static func date(_ day: Int) -> String {
    let dayOfYear = day + 5
    let (month, first) = dayOfYear <= 31 ? (1, 0) : dayOfYear <= 59 ? (2, 31) : (3, 59)
    return "2026-0\(month)-\(dayOfYear - first < 10 ? "0" : "")\(dayOfYear - first)"
  }
}
