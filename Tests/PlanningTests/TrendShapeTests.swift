import AdvisorCore
import AdvisorTestSupport
import Glibc
import Planning
import Statistics
import Testing

/// Loads of which the formula is known: what is forecast is held against the formula's own future.
@Suite("Shapes of trends")
struct TrendShapeTests {
  /// A sum that grows by the same each month, times what the month of the year makes of it; the seasons grow with the level, the
  /// share by which the load grows falls.
  @Test(
    "A load that grows by the same is not taken to grow by a share, though its seasons grow with it",
    arguments: [(100.0, 5.0), (1000, 20), (900, -8)])
  func growingSeasons(start: Double, slope: Double) throws {
    let load = { (month: Int) in (start + slope * Double(month)) * (1 + 0.3 * sin(Double(month) * .pi / 6)) }
    var random = Xoshiro(seed: 11)
    let points = (0..<72).map { (month: Int) -> LoadHistory.Point in
      let noise: Double = 1 + 0.01 * (2 * random.unit() - 1)
      return LoadHistory.Point(time: CivilDateOfMonth.days(2020, month), load: load(month) * noise)
    }
    let forecast = try Self.forecast(LoadHistory(points, hasDates: true), horizon: 24)
    #expect(forecast.seasons == [.monthOfYear])
    for (index, point) in forecast.forecast.enumerated() {
      #expect(isClose(point.load, load(72 + index), relative: 0.05), "\(index + 1) months ahead")
    }
  }

  /// December is half as much again: what is left of it keeps the level moving, which must not make it grow by a share.
  @Test("A single month that stands out does not bend a line", arguments: [0.0, 0.01])
  func december(noise: Double) throws {
    let load = { (month: Int) in (100 + 2 * Double(month)) * (month % 12 == 11 ? 1.5 : 1) }
    var random = Xoshiro(seed: 7)
    let points = (0..<60).map { (month: Int) -> LoadHistory.Point in
      LoadHistory.Point(time: CivilDateOfMonth.days(2020, month), load: load(month) * (1 + noise * random.normal()))
    }
    let forecast = try Self.forecast(LoadHistory(points, hasDates: true), horizon: 24)
    for (index, point) in forecast.forecast.enumerated() {
      #expect(isClose(point.load, load(60 + index), relative: 0.05), "\(index + 1) months ahead")
    }
  }

  /// The level falls by 4 a month, the swing about it grows by 1.
  @Test("A load that falls while its seasons grow keeps falling")
  func fallingLevel() throws {
    let points = (0..<72).map { (month: Int) -> LoadHistory.Point in
      let (level, swing): (Double, Double) = (600 - 4 * Double(month), 20 + Double(month))
      return LoadHistory.Point(
        time: CivilDateOfMonth.days(2020, month), load: level + swing * sin(Double(month) * .pi / 6))
    }
    let forecast = try Self.forecast(LoadHistory(points, hasDates: true), horizon: 12)
    // Of a whole year the swings cancel out, but for their growth: 600 − 4·77.5, less 12·cot(π/12)/2/12.
    let mean = forecast.forecast.reduce(0) { $0 + $1.load } / 12
    #expect(isClose(mean, 290 - 1.87, relative: 0.05))
  }

  /// Ten more after every thousand: the next level begins where this one ends.
  @Test("A load that goes up or down in steps goes on in steps", arguments: [10.0, -10], [3, 5, 8])
  func staircase(height: Double, levels: Int) throws {
    let load = { (index: Int) in 500 + height * Double(index / 1000) }
    let history = try Self.history((0..<(levels * 1000)).map(load))
    let forecast = try Self.forecast(history, horizon: 1000)
    #expect(forecast.guess == .inSteps(times: levels - 1))
    #expect(!forecast.verdict.contains(.flat) && forecast.since == nil)
    #expect(isClose(forecast.growthPerStep, height / 1000, relative: 0.15))
    let last = try #require(forecast.forecast.last)
    #expect(abs(last.load - load(levels * 1000)) < abs(height) * 0.2)
    #expect((last.low...last.high).contains(load(levels * 1000)))
  }

  @Test("Steps are seen through noise", arguments: 1...10)
  func noisySteps(seed: UInt64) throws {
    var random = Xoshiro(seed: seed)
    let loads = (0..<100).map { 100 + 20 * Double($0 / 20) + random.normal() }
    let forecast = try Self.forecast(Self.history(loads), horizon: 20)
    #expect(!forecast.verdict.contains(.flat))
    #expect(isClose(forecast.growthPerStep, 1, relative: 0.15))
  }

  @Test("One step is a new level, and so are steps before a level that lasts", arguments: [[60], [20, 40, 60]])
  func steps(at days: [Int]) throws {
    let loads = (0..<160).map { day in 100 + 10 * Double(days.count { $0 <= day }) }
    let forecast = try Self.forecast(Self.history(loads), horizon: 30)
    #expect(forecast.verdict.contains(.flat))
    #expect(isClose(try #require(forecast.forecast.last).load, loads[159], relative: 1e-6))
  }

  /// 100 for 200 steps, then 2 more each.
  @Test("Growth after a long plateau goes on")
  func plateau() throws {
    let loads = (0..<240).map { 100 + 2 * max(0, Double($0 - 200)) }
    let forecast = try Self.forecast(Self.history(loads), horizon: 30)
    #expect(isClose(forecast.growthPerStep, 2, relative: 0.02))
    #expect(isClose(try #require(forecast.forecast.last).load, 100 + 2 * 69, relative: 0.02))
  }

  private static func history(_ loads: [Double]) throws -> LoadHistory {
    try LoadHistory(loads.enumerated().map { LoadHistory.Point(time: Double($0), load: $1) }, hasDates: false)
  }

  private static func forecast(_ history: LoadHistory, horizon: Int) throws -> LoadForecast {
    try LoadForecast(history, capacity: 1e9, headroom: 0, level: 0.9, horizon: horizon, model: nil)
  }
}
