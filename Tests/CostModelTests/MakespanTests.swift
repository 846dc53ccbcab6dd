import AdvisorTestSupport
import Statistics
import Glibc
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
    case .pareto(let alpha): x < (alpha - 1) / alpha ? 1 : pow((alpha - 1) / alpha / x, alpha)
    case .bimodal: x < 1 / 1.9 ? 1 : x < 10 / 1.9 ? 0.1 : 0
    }
  }

  func quantile(_ share: Double) -> Double {
    switch self {
    case .lognormal(let sizes): sizes.quantile(share)
    case .exponential: -log(1 - share)
    case .uniform(let half): 1 - half + 2 * half * share
    case .pareto(let alpha): (alpha - 1) / alpha * pow(1 - share, -1 / alpha)
    case .bimodal: share < 0.9 ? 1 / 1.9 : 10 / 1.9
    }
  }

  private func exponentialShare(_ x: Double) -> Double { 1 - pow(2.718_281_828_459_045, -x) }
}

@Suite("Makespans of tasks handed out one by one")
struct MakespanTests {
  struct Case: Decodable, Sendable {
    var dist: String
    var param, scv: Double
    var n, w: Int
    var dynamicMean, staticBlockMean, lptMean: Double
  }

  static func dynamic(_ dist: String, _ param: Double, _ n: Int, _ w: Int) throws -> Double {
    let sizes = try #require(ReferenceSizes(dist, param))
    return Makespan.dynamic(
      tasks: n, workers: w, capacity: Double(w), sizes: sizes, table: SizeTable(sizes)
    ).mean
  }

  @Test(
    "Cases of the reference table makespan_iid: as many tasks as workers, few waves, many waves, heavy tails",
    arguments: [
      ("exponential", 0.0, 4, 4, 25.0 / 12), ("bimodal_10pct_10x", 10.0, 4, 2, 2.609315789),
      ("lognormal", 1.0, 13, 4, 4.398884467), ("lognormal", 1.0, 800, 4, 200.9176232),
      ("pareto", 2.5, 640, 16, 43.66485576), ("uniform10", 0.1, 128, 16, 8.285695575),
    ])
  func known(dist: String, param: Double, n: Int, w: Int, expected: Double) throws {
    #expect(agree(try Self.dynamic(dist, param, n, w), expected, within: 0.03))
  }

  @Test("Every case of the reference table: 3 % on average, 6 % at most")
  func table() throws {
    let errors = try ReferenceTable.cases("makespan_iid", as: Case.self).map { reference in
      abs(try Self.dynamic(reference.dist, reference.param, reference.n, reference.w) / reference.dynamicMean - 1)
    }
    #expect(errors.count > 100)
    #expect(try #require(errors.mean()) <= 0.03)
    #expect(try #require(errors.max()) <= 0.06)
  }

  @Test("Equal tasks run in waves, and a thousand million of them take no longer to predict than a thousand")
  func waves() {
    #expect(Makespan.waves(tasks: 9, workers: 4, capacity: 4) == 3)
    #expect(Makespan.waves(tasks: 1_000_000_000, workers: 4, capacity: 4) == 250_000_000)
    // Four workers share two cores; the ninth task has one for itself.
    #expect(Makespan.waves(tasks: 9, workers: 4, capacity: 2) == 5)
  }

  @Test("Workers that share cores finish no sooner than as many workers as cores", arguments: [0.25, 1.0, 4.0])
  func crowding(scv: Double) {
    let sizes = LognormalSizes(scv: scv)
    let table = SizeTable(sizes)
    let form = Makespan.closedForm(tasks: 400, workers: 8, capacity: 2, scv: scv, table: table).mean
    let simulated = ListScheduling.makespans(tasks: 400, workers: 8, capacity: 2, sizes: sizes).mean() ?? 0
    #expect(agree(form, simulated, within: 0.03))
    #expect(form >= 200)
  }
}

@Suite("Makespans of tasks dealt out beforehand, or of known sizes")
struct KnownSizesTests {
  struct Case: Decodable, Sendable {
    var tasks: [Double]
    var w: Int
    var optimal, list, lpt, lowerBound: Double
  }

  static let examples: [(tasks: [Double], workers: Int, list: Double, lpt: Double)] = [
    // Graham's worst case for four workers: 4/3 − 1/12 of the optimum, 12.
    ([7, 7, 6, 6, 5, 5, 4, 4, 4], 4, 15, 15),
    ([18, 16, 31, 32, 9, 22, 28, 58, 53], 3, 106, 96),
    ([13, 10], 2, 13, 13),
  ]

  @Test("List scheduling and longest first, by hand", arguments: examples)
  func byHand(tasks: [Double], workers: Int, list: Double, lpt: Double) {
    #expect(ListScheduling.makespan(of: tasks, workers: workers) == list)
    #expect(ListScheduling.longestFirst(tasks, workers: workers) == lpt)
  }

  @Test("Every instance of the reference table, exactly")
  func instances() throws {
    for reference in try ReferenceTable.cases("makespan_instances", as: Case.self) {
      #expect(ListScheduling.makespan(of: reference.tasks, workers: reference.w) == reference.list)
      #expect(ListScheduling.longestFirst(reference.tasks, workers: reference.w) == reference.lpt)
      let bound = StaticSplit.lowerBound(reference.tasks, workers: reference.w)
      #expect(agree(bound, reference.lowerBound, within: 1e-9))
      #expect(bound <= reference.optimal)
    }
  }

  @Test("Equal blocks of many tasks: the central limit theorem is within 3 %")
  func staticSplit() throws {
    let cases = try ReferenceTable.cases("makespan_iid", as: MakespanTests.Case.self)
    for reference in cases where reference.n >= 16 * reference.w && reference.scv <= 1 && reference.dist != "pareto" {
      let mean = StaticSplit.makespan(tasks: reference.n, workers: reference.w, scv: reference.scv)
      #expect(agree(mean, reference.staticBlockMean, within: 0.03))
    }
  }
}
