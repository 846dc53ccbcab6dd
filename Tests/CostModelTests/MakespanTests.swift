import Statistics
import Testing

@testable import CostModel

/// The distributions of the reference tables, all of mean 1.
enum ReferenceSizes: TaskSizes {
  case lognormal(LognormalSizes), exponential, uniform(halfWidth: Double), pareto(alpha: Double)
  /// One task in ten takes ten times as long as each of the others.
  case bimodal

  init?(_ name: String, _ parameter: Double) {
    switch name {
    case "lognormal": self = .lognormal(LognormalSizes(scv: parameter))
    case "exponential": self = .exponential
    case "uniform10": self = .uniform(halfWidth: 0.1)
    case "uniform50": self = .uniform(halfWidth: 0.5)
    case "pareto": self = .pareto(alpha: parameter)
    case "bimodal_10pct_10x": self = .bimodal
    default: return nil
    }
  }

  var scv: Double {
    switch self {
    case .lognormal(let sizes): sizes.scv
    case .exponential: 1
    case .uniform(let half): half * half / 3
    case .pareto(let alpha): 1 / (alpha * (alpha - 2))
    case .bimodal: 2.019_390_581_717_451
    }
  }

  func survival(_ x: Double) -> Double {
    switch self {
    case .lognormal(let sizes): sizes.survival(x)
    case .exponential: 1 - exponentialShare(x)
    case .uniform(let half): min(1, max(0, (1 + half - x) / (2 * half)))
    case .pareto(let alpha): x < (alpha - 1) / alpha ? 1 : power((alpha - 1) / alpha / x, alpha)
    case .bimodal: x < 1 / 1.9 ? 1 : x < 10 / 1.9 ? 0.1 : 0
    }
  }

  func quantile(_ share: Double) -> Double {
    switch self {
    case .lognormal(let sizes): sizes.quantile(share)
    case .exponential: -logarithm(1 - share)
    case .uniform(let half): 1 - half + 2 * half * share
    case .pareto(let alpha): (alpha - 1) / alpha * power(1 - share, -1 / alpha)
    case .bimodal: share < 0.9 ? 1 / 1.9 : 10 / 1.9
    }
  }

  private func exponentialShare(_ x: Double) -> Double { 1 - power(2.718_281_828_459_045, -x) }
}

@Suite("Makespans")
struct MakespanTests {
  struct Case: Decodable, Sendable {
    var dist: String
    var param: Double
    var n, w: Int
    var dynamicMean, staticBlockMean, lptMean, dynamicHw95: Double
  }

  static func dynamic(_ dist: String, _ param: Double, _ n: Int, _ w: Int) throws -> Double {
    let sizes = try #require(ReferenceSizes(dist, param))
    return Makespan.dynamic(
      tasks: n, workers: w, capacity: Double(w), sizes: sizes, table: SizeTable(sizes)
    ).mean
  }

  @Test(
    "Cases of the reference table: few tasks, as many as workers, few waves, many waves, heavy tails",
    arguments: [
      ("bimodal_10pct_10x", 10, 4, 2, 2.609315789), ("exponential", 0, 4, 4, 25.0 / 12),
    ])
  func known(dist: String, param: Double, n: Int, w: Int, expected: Double) throws {
    #expect(agree(try Self.dynamic(dist, param, n, w), expected, within: 0.03))
  }

  @Test("Every case of the reference table: 3 % on average, 6 % at most", .enabled(if: ReferenceTable.isAvailable))
  func table() throws {
    let errors = try ReferenceTable.cases("makespan_iid", as: Case.self).map { reference in
      abs(try Self.dynamic(reference.dist, reference.param, reference.n, reference.w) / reference.dynamicMean - 1)
    }
    #expect(try #require(errors.mean()) <= 0.03)
    #expect(try #require(errors.max()) <= 0.06)
  }
}

@Suite("Tasks of known sizes")
struct KnownSizesTests {
  struct Case: Decodable, Sendable {
    var tasks: [Double]
    var w: Int
    var optimal, list, lpt, lowerBound: Double
  }
  @Test("x", .enabled(if: ReferenceTable.isAvailable))
  func x() throws {
    for c in try ReferenceTable.cases("makespan_iid", as: MakespanTests.Case.self) where ["13 4","800 4","640 16","16 4", "1280 32","32 4", "128 16"].contains("\(c.n) \(c.w)") { print(c.dist,c.param,c.n,c.w,c.dynamicMean) }
    for c in try ReferenceTable.cases("makespan_instances", as: Case.self).prefix(5) { print(c) }
  }
}
