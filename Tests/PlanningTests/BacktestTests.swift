import AdvisorTestSupport
import Statistics
import Testing
@testable import Planning

/// Intervals held against the history's own past.
@Suite("Backtests of forecasts")
struct BacktestTests {
  private static func backtest(_ loads: [Double]) throws -> Backtest {
    let points = loads.enumerated().map { LoadHistory.Point(time: Double($0), load: $1) }
    return Backtest(try LoadHistory(points, hasDates: false), form: nil)
  }

  /// Least squares give the right interval, so that nothing is to be widened but in one history of twenty.
  @Test("A line with independent noise keeps its interval")
  func line() throws {
    let widened = try (1...20).count { seed in
      var random = Xoshiro(seed: UInt64(seed))
      return try Self.backtest((0..<60).map { 100 + Double($0) + 3 * random.normal() }).widens
    }
    #expect(widened <= 3)
  }

  /// A slope that walks itself: no model here knows that, and each past forecast shows it.
  @Test("A load that turns at any time gets a wider interval, and a much wider one farther ahead")
  func turns() throws {
    let factors = try (1...10).map { seed in
      var random = Xoshiro(seed: UInt64(seed))
      var (slope, load) = (0.0, 1000.0)
      let backtest = try Self.backtest(
        (0..<120).map { _ in
          slope += random.normal()
          load += slope
          return load
        })
      return (near: backtest.factor(ahead: 1), far: backtest.factor(ahead: 20))
    }
    #expect(factors.count { $0.far > 1.5 } >= 8)
    #expect(factors.allSatisfy { $0.near >= 1 && $0.far >= 1 })
  }

  @Test("Forty-one loads are too few to be held against")
  func short() throws {
    let loads = (0..<41).map { (index: Int) -> Double in index.isMultiple(of: 2) ? Double(index) : 1000 / Double(index)
    }
    #expect(try !Self.backtest(loads).widens)
  }

  @Test("Loads that are met to the last digit leave the interval alone")
  func exact() throws { #expect(try !Self.backtest((0..<80).map { 5 + 2 * Double($0) }).widens) }
}
