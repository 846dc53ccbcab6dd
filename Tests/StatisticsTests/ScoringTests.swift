import AdvisorTestSupport
import Testing

@testable import Statistics

@Suite("Scoring forecasts and advice")
struct ScoringTests {
  @Test("The first case of the reference table")
  func oneCase() throws {
    let forecasts = [
      Forecast(lower: 1.216475964, point: 1.37619459, upper: 1.556883659, observed: 1.449386342),
      Forecast(lower: 0.996009399, point: 1.126781611, upper: 1.274723713, observed: 1.150889864),
      Forecast(lower: 1.642747736, point: 1.85843421, upper: 2.10243949, observed: 1.798650953),
      Forecast(lower: 0.93075263, point: 1.052956878, upper: 1.191206076, observed: 1.088383521),
      Forecast(lower: 3.254053096, point: 3.68129778, upper: 4.164638053, observed: 3.919106227),
    ]
    let scores = try #require(ForecastScores(forecasts))
    #expect(scores.coverage == 1)
    #expect(agree(scores.coverageInterval.lowerBound, 0.5655175352168251, within: 1e-12))
    #expect(agree(scores.intervalScore, 0.4499704333147022, within: 1e-6))
    #expect(agree(scores.p90Error, 0.056606930064519, within: 1e-6))
  }

  struct ScoreCase: Decodable, Sendable {
    var level: Double
    var lower, upper, point, observed: [Double]
    var coverage: Double
    var coverageWilson95: [Double]
    var meanRelativeWidth, winklerIntervalScore, medianApe, p90Ape, meanLogRatio, rmsre: Double
    var pinballP05, pinballP95: Double
  }

  @Test("Every case of the reference table of forecasts")
  func scoreTable() throws {
    for reference in try ReferenceTable.cases("interval_scoring", as: ScoreCase.self) {
      let forecasts = reference.lower.indices.map {
        Forecast(
          lower: reference.lower[$0], point: reference.point[$0], upper: reference.upper[$0],
          observed: reference.observed[$0])
      }
      let scores = try #require(ForecastScores(forecasts, level: reference.level))
      #expect(agree(scores.coverage, reference.coverage, within: 1e-6))
      #expect(agree(scores.coverageInterval.lowerBound, reference.coverageWilson95[0], within: 1e-6))
      #expect(agree(scores.coverageInterval.upperBound, reference.coverageWilson95[1], within: 1e-6))
      #expect(agree(scores.meanRelativeWidth, reference.meanRelativeWidth, within: 1e-6))
      #expect(agree(scores.intervalScore, reference.winklerIntervalScore, within: 1e-6))
      #expect(agree(scores.medianError, reference.medianApe, within: 1e-6))
      #expect(agree(scores.p90Error, reference.p90Ape, within: 1e-6))
      #expect(agree(scores.meanLogRatio, reference.meanLogRatio, within: 1e-6))
      #expect(agree(scores.rootMeanSquareRelativeError, reference.rmsre, within: 1e-6))
      #expect(agree(scores.lowerPinballLoss, reference.pinballP05, within: 1e-6))
      #expect(agree(scores.upperPinballLoss, reference.pinballP95, within: 1e-6))
    }
  }

  @Test("No forecasts, no scores; no trials, any share")
  func nothing() {
    #expect(ForecastScores([]) == nil)
    #expect(wilsonInterval(share: 0, of: 0) == 0...1)
  }

  struct RegretCase: Decodable, Sendable {
    var runs: [[Double]]
    var recommended: Int
    var naiveRegret, splitHalfRegret: Double
  }

  @Test("Every case of the reference table of regret")
  func regretTable() throws {
    for reference in try ReferenceTable.cases("regret", as: RegretCase.self) {
      let naive = Regret.naive(runs: reference.runs, recommended: reference.recommended)
      let splitHalf = Regret.splitHalf(runs: reference.runs, recommended: reference.recommended)
      #expect(agree(naive, reference.naiveRegret, within: 1e-9))
      #expect(agree(splitHalf, reference.splitHalfRegret, within: 1e-9))
    }
  }

  @Test("Regret against one clear winner, by hand")
  func regret() {
    let runs: [[Double]] = [[2, 2.2, 2, 2.2], [1, 1.1, 1, 1.1]]
    #expect(agree(Regret.naive(runs: runs, recommended: 0), 1, within: 1e-12))
    #expect(agree(Regret.splitHalf(runs: runs, recommended: 0), 1, within: 1e-12))
    #expect(Regret.noiseFloor(runs: runs) == 0)
    #expect(Regret.splitHalf(runs: [[1], [2]], recommended: 0) == nil)
    #expect(Regret.naive(runs: runs, recommended: 2) == nil)
  }

  @Test("Where all candidates are the same, the naive regret is above zero and the split-half regret is not")
  func winnersCurse() throws {
    var random = Xoshiro(seed: 4)
    var naive: [Double] = []
    var splitHalf: [Double] = []
    for _ in 0..<300 {
      let runs = (0..<10).map { _ in (0..<6).map { _ in 1 + 0.05 * random.normal() } }
      naive.append(try #require(Regret.naive(runs: runs, recommended: 0)))
      splitHalf.append(try #require(Regret.splitHalf(runs: runs, recommended: 0)))
    }
    #expect(try #require(naive.mean()) > 0.02)
    #expect(abs(try #require(splitHalf.mean())) < 0.005)
  }

  @Test("What holds up whole rounds falls on no candidate, whichever rounds it holds up", arguments: [1.0, 3, 40])
  func regretByRounds(slowed: Double) throws {
    // The second takes a tenth longer than the first in every round; the first three rounds of seven are held up.
    let runs = [1.0, 1.1, 1.3].map { time in (0..<7).map { time * ($0 < 3 ? slowed : 1) } }
    let regret = try #require(Regret.splitHalf(runs: Regret.byRounds(runs), recommended: 1))
    #expect(agree(regret, 0.1, within: 1e-12))
    #expect(Regret.noiseFloor(runs: Regret.byRounds(runs)) == 0)
  }

  @Test("Where another program comes in the middle, regret is nearer to the truth by rounds")
  func spell() throws {
    var random = Xoshiro(seed: 7)
    var (apart, byRounds): ([Double], [Double]) = ([], [])
    for _ in 0..<300 {
      let came = random.index(below: 33)
      let runs = [1.05, 1.0, 1.02].enumerated().map { way, time in
        (0..<11).map { time * (3 * $0 + way < came ? 1 : 2) * (1 + 0.02 * random.normal()) }
      }
      apart.append(try #require(Regret.splitHalf(runs: runs, recommended: 0)))
      byRounds.append(try #require(Regret.splitHalf(runs: Regret.byRounds(runs), recommended: 0)))
    }
    func squaredError(_ regrets: [Double]) throws -> Double {
      try #require(regrets.map { ($0 - 0.05) * ($0 - 0.05) }.mean())
    }
    #expect(try squaredError(byRounds) < squaredError(apart) / 9)
  }

  @Test("Runs that are not of the same rounds stay as they are")
  func unequalRounds() { #expect(Regret.byRounds([[1, 2], [1]]) == [[1, 2], [1]]) }
}
