public import AdvisorCore

/// The best strategy of a machine over task count and task size (`advisor.strategy-map/1`).
public struct StrategyMap: Codable, Sendable, Hashable {
  /// What is best for one task count and size.
  public struct Cell: Codable, Sendable, Hashable {
    public var strategy: Strategy
    public var workers: Int
    public var chunk: Int
    /// Expected wall time.
    public var seconds: Double
    /// Against one task after the other.
    public var speedup: Double
  }

  public static let schema = "advisor.strategy-map/1"

  public var schema = Self.schema
  public var kind: Stage.Kind
  /// Task counts, ascending: the columns.
  public var counts: [Int]
  /// Task sizes, ascending: the rows; seconds for `cpu`, `wait` and `command`, bytes for the others.
  public var sizes: [Double]
  /// `cells[i][j]` is for `sizes[i]` and `counts[j]`.
  public var cells: [[Cell]]
}

extension CostModel {
  /// The best strategy for every task count and size; first guesses, without the draws that a recommendation rests on.
  ///
  /// - Parameters:
  ///   - template: the stage whose count and size are varied; its other properties stay.
  ///   - counts: at least 1 each; by default decades from 1 to a million.
  ///   - sizes: above zero; by default decades that suit the kind.
  ///   - goal: what is to be least, and what must not be exceeded.
  /// - Throws: `.badData` where the profile lacks a cost of that kind; `.usage` for counts or sizes outside these ranges.
  public func strategyMap(
    of template: Stage, counts: [Int] = [1, 2, 4, 8, 16, 64, 256, 1000, 10_000, 100_000, 1_000_000],
    sizes: [Double]? = nil, goal: Goal = Goal()
  ) throws(AdvisorError) -> StrategyMap {
    try goal.validate()
    let sizes = sizes ?? template.kind.mapSizes
    guard counts.allSatisfy({ $0 >= 1 }), sizes.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw AdvisorError(
        .usage, "a strategy map needs task counts from 1 and sizes above zero",
        advice: "leave them out for the defaults")
    }
    var cells: [[StrategyMap.Cell]] = []
    for size in sizes {
      var row: [StrategyMap.Cell] = []
      for count in counts { row.append(try cell(template, count, size, goal)) }
      cells.append(row)
    }
    return StrategyMap(kind: template.kind, counts: counts, sizes: sizes, cells: cells)
  }

  private func cell(
    _ template: Stage, _ count: Int, _ size: Double, _ goal: Goal
  ) throws(AdvisorError) -> StrategyMap.Cell {
    var stage = template
    stage.count = count
    stage.size = template.kind.isMeasuredInBytes ? .bytes(size) : .seconds(size)
    let job = Job(text: stage.description, stages: [stage])
    let outcomes = try Shortlist(job, goal, costs, simulating: false).outcomes
    guard let fastest = outcomes.first else { throw Shortlist.nothingFits(job) }
    let equals = outcomes.filter { $0.seconds <= fastest.seconds * (1 + Decision.tolerance) }
    let best = equals.min { Decision.simplicity($0) < Decision.simplicity($1) } ?? fastest
    let alone = outcomes.filter { $0.workers == 1 }.min { $0.strategy.complexity < $1.strategy.complexity } ?? best
    return StrategyMap.Cell(
      strategy: best.strategy, workers: best.workers, chunk: best.chunk, seconds: best.seconds,
      speedup: alone.seconds / max(best.seconds, 1e-12))
  }
}

extension Stage.Kind {
  /// Whether a task's size is its bytes; otherwise it is its time.
  var isMeasuredInBytes: Bool { self == .mem || self == .disk || self == .io }

  /// The sizes that a map shows when nothing else is asked for.
  fileprivate var mapSizes: [Double] {
    isMeasuredInBytes
      ? [0x1p10, 0x1p13, 0x1p16, 0x1p20, 0x1p23, 0x1p26, 0x1p30]
      : [1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10]
  }
}
