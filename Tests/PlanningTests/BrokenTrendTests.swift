import AdvisorCore
import AdvisorTestSupport
import Glibc
import Planning
import Statistics
import Testing

@Suite("Forecasts of loads without one trend")
struct BrokenTrendTests {
  /// 60 days at +0.2 a day, then 30 at +3, the last at 198: 300 is 34 days on, 2026-05-04.
  @Test("The last regime counts", arguments: [0.0, 0.5, 2])
  func lastRegime(noise: Double) throws {
    let forecast = try forecast(days(noise: noise) { $0 < 60 ? 96.2 + 0.2 * $0 : 108 + 3 * ($0 - 59) }, capacity: 300)
    #expect((33...35).contains(try #require(forecast.pointCrossing).stepsAhead))
    #expect(["2026-02-28", "2026-03-01", "2026-03-02", "2026-03-03"].contains(forecast.since?.date ?? ""))
    #expect(forecast.guess == nil)
    #expect(forecast.verdict.contains { if case .regime(let since, _) = $0 { since == forecast.since } else { false } })
    #expect(try #require(forecast.forecast.first).load > 195)
  }

  @Test("A step is a new level")
  func aStepIsANewLevel() throws {
    let forecast = try forecast(days(noise: 2) { $0 < 60 ? 100 : 160 }, capacity: 300)
    #expect(forecast.since?.date == "2026-03-02")
    #expect((155...165).contains(try #require(forecast.forecast.first).load))
  }

  @Test("Days that have just left the trend make it a guess", arguments: [3, 4, 8])
  func recentStep(count: Int) throws {
    let forecast = try forecast(days(noise: 2) { $0 < Double(90 - count) ? 100 : 160 }, capacity: 300)
    #expect(forecast.guess != nil)
    let next = try #require(forecast.forecast.first)
    #expect((next.low...next.high).contains(160))
  }

  @Test("A load that rises and falls back is a guess from the whole history", arguments: [10.0, 30])
  func sawTooth(period: Double) throws {
    let loads = days(noise: 1) { 100 + 90 * $0.truncatingRemainder(dividingBy: period) / period }
    let forecast = try forecast(loads, capacity: 300)
    guard case .fallsBack = forecast.guess else {
      Issue.record("\(String(describing: forecast.guess))")
      return
    }
    #expect(forecast.since == nil)
    #expect(forecast.pointCrossing.map { $0.stepsAhead > 200 } ?? true)
  }

  /// A random walk has no trend to break: of 50, at least 40 are known as such, and none has a date that is more than a guess
  /// near at hand.
  @Test("A random walk is a guess")
  func aRandomWalkIsAGuess() throws {
    let walks = try (1...50).map { seed in try forecast(walk(UInt64(seed)), capacity: 1000) }
    #expect(walks.count { $0.guess == .randomWalk } >= 40)
    #expect(walks.count { $0.guess != nil } >= 48)
  }

  @Test("One load far off the rest moves no date", arguments: [0.0, 1000], [0, 50, 89])
  func outlier(load: Double, day: Int) throws {
    var loads = days(noise: 1) { 100 + $0 }
    let expected = try #require(forecast(loads, capacity: 300).pointCrossing)
    loads[day] = load
    let forecast = try forecast(loads, capacity: 300)
    #expect(forecast.outliers.map(\.load) == [load])
    #expect(abs(try #require(forecast.pointCrossing).stepsAhead - expected.stepsAhead) <= 2)
    #expect(forecast.verdict.contains(.outliers(outliers: forecast.outliers)))
  }

  @Test("Weekdays are no breaks and no outliers", arguments: [false, true])
  func season(multiplies: Bool) throws {
    let loads = days(noise: 1) { day in
      let isWeekend = Int(day) % 7 >= 5
      return multiplies ? 100 * pow(1.01, day) * (isWeekend ? 0.5 : 1) : 100 + day - (isWeekend ? 60 : 0)
    }
    let forecast = try forecast(loads, capacity: 300)
    #expect(forecast.breaks.isEmpty && forecast.outliers.isEmpty)
    #expect(forecast.seasons == [.dayOfWeek])
  }

  @Test("Loads that grow by a share have no break")
  func loadsThatGrowByAShareHaveNoBreak() throws {
    var random = Xoshiro(seed: 5)
    let loads = (0..<120).map { (day: Int) -> Double in
      let noise = Lognormal(mean: 1, coefficientOfVariation: 0.03).quantile(random.unit())
      return 100 * noise * pow(1.01, Double(day))
    }
    let forecast = try forecast(loads, capacity: 1000)
    #expect(forecast.model == .exponential && forecast.breaks.isEmpty && forecast.guess == nil)
  }

  @Test("Every past load is held against the capacity", arguments: [(0.0, 250.0), (0.2, 312.5)])
  func pastExcess(headroom: Double, capacity: Double) throws {
    let loads = (0..<90).map { (day: Int) -> Double in
      (40..<56).contains(day) ? 260 - Double(day % 2) : 100 + Double(day) / 2
    }
    let forecast = try forecast(loads, capacity: capacity, headroom: headroom)
    let excess = try #require(forecast.exceeded)
    #expect(excess.points == 16 && excess.last.date == "2026-02-25")
    #expect(excess.highest.load == 260 && excess.highest.date == "2026-02-10")
    #expect(forecast.usableCapacity == 250 && forecast.points == 90 && forecast.stepUnit == .day)
    #expect(forecast.verdict.first == .exceeded(points: 16, last: excess.last, highest: excess.highest))
    #expect(!forecast.verdict.contains { if case .holds = $0 { true } else { false } })
  }

  /// Whatever the history, the interval for the next day holds the level of the last three or the verdict says why not.
  @Test("No interval leaves out the last level without a word", arguments: 1...40)
  func lastLevel(seed: Int) throws {
    var random = Xoshiro(seed: UInt64(seed))
    let noise = 4 * random.unit()
    let (slope, jump, at) = (2 * random.unit() - 0.5, 80 * random.unit(), Double(20 + seed * 69 / 40))
    let broken = days(noise: noise) { day in
      let change = seed % 3 == 0 ? jump * (day - at) / 10 : jump
      return 100 + slope * day + (day >= at ? change : 0)
    }
    let loads = seed % 4 == 0 ? walk(UInt64(seed)) : broken
    let forecast = try forecast(loads, capacity: 1000)
    let next = try #require(forecast.forecast.first)
    let level = loads.suffix(3).sorted()[1]
    #expect(
      (next.low...next.high).contains(level)
        || forecast.verdict.contains {
          switch $0 {
          case .leavesLastLevel, .outliers: true
          default: false
          }
        })
  }

  /// Rounding leaves 1.3e-15 of a constant.
  @Test("A constant load does not grow", arguments: [123.456, 0.1, 1e-7, 1e9])
  func aConstantLoadDoesNotGrow(load: Double) throws {
    let forecast = try forecast(Array(repeating: load, count: 40), capacity: 2e9)
    #expect(forecast.verdict.contains(.flat))
    #expect(forecast.guess == nil && forecast.breaks.isEmpty)
  }

  /// 10 a month for 24 months from 100: 400 is 30 months after the first.
  @Test("Months follow the calendar", arguments: [("01", "2026-07-01"), ("15", "2026-07-15"), ("end", "2026-07-31")])
  func months(day: String, reached: String) throws {
    let ends = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    let rows = (0..<24).map { month in
      let number = month % 12 + 1
      return
        "\(2024 + month / 12)-\(number < 10 ? "0" : "")\(number)-\(day == "end" ? "\(ends[month])" : day),\(100 + 10 * month)"
    }
    let history = try LoadHistory(csv: Array(("date,load\n" + rows.joined(separator: "\n")).utf8), file: "load.csv")
    let forecast = try LoadForecast(history, capacity: 400, headroom: 0, level: 0.9, horizon: 1, model: .linear)
    #expect(forecast.pointCrossing?.date == reached)
    #expect(isClose(forecast.growthPerStep, 10, relative: 1e-9))
    #expect(forecast.breaks.isEmpty && forecast.guess == nil)
  }

  /// From 2026-01-01 on.
  private func forecast(_ loads: [Double], capacity: Double, headroom: Double = 0) throws -> LoadForecast {
    let rows = loads.enumerated().map { day, load in "\(1_767_225_600 + 86_400 * day),\(load)" }
    let history = try LoadHistory(csv: Array(("date,load\n" + rows.joined(separator: "\n")).utf8), file: "load.csv")
    return try LoadForecast(history, capacity: capacity, headroom: headroom, level: 0.9, horizon: 3, model: nil)
  }

  /// Ninety days with normal noise of this standard deviation.
  private func days(noise: Double, _ load: (Double) -> Double) -> [Double] {
    var random = Xoshiro(seed: 3)
    return (0..<90).map { load(Double($0)) + (noise > 0 ? noise * random.normal() : 0) }
  }

  private func walk(_ seed: UInt64) -> [Double] {
    var random = Xoshiro(seed: seed)
    var load = 300.0
    return (0..<90).map { _ in
      load += 0.2 + 3 * random.normal()
      return load
    }
  }
}
