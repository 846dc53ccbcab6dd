public import AdvisorCore
import Workloads
import System

extension Job {
  /// The job of applying a function to every element, its cost taken from the first few: for `CostModel.mapPlan(for:)`.
  ///
  /// The function is called in the calling thread and what it returns is dropped: it must do no harm when it is called again.
  /// CPU time becomes a `cpu` stage and the rest of the wall time a `wait` stage, each where it is a tenth of the whole or
  /// more.
  ///
  /// - Parameters:
  ///   - elements: what is to be mapped.
  ///   - samples: elements that are timed, at least 1; the first call warms up and does not count where there are others.
  ///   - transform: the function.
  /// - Throws: `.usage` for an empty collection, which needs no advice; what the function throws.
  public init<Elements: Collection, Value>(
    mapping elements: Elements, samples: Int = 5, _ transform: (Elements.Element) throws -> Value
  ) throws {
    guard !elements.isEmpty else {
      throw AdvisorError(.usage, "there are no elements to map", advice: "ask only where there is something to do")
    }
    var times: [CallTime] = []
    for element in elements.prefix(max(1, samples)) { times.append(try CallTime { _ = try transform(element) }) }
    if times.count > 1 { times.removeFirst() }
    self.init(count: elements.count, times)
  }

  init(count: Int, _ times: [CallTime]) {
    let cpu = times.map(\.cpu).reduce(0, +) / Double(times.count)
    let wall = max(times.map(\.wall).reduce(0, +) / Double(times.count), cpu, 1e-9)
    let spread = CallTime.spread(of: times.map { max($0.wall, $0.cpu) })
    var stages: [Stage] = []
    if cpu >= wall / 10 { stages.append(Stage(kind: .cpu, count: count, size: .seconds(cpu), spread: spread)) }
    if wall - cpu >= wall / 10 {
      stages.append(Stage(kind: .wait, count: count, size: .seconds(wall - cpu), spread: spread))
    }
    self.init(text: stages.map { "\($0)" }.joined(separator: "+"), stages: stages)
  }
}

/// What one call took, in seconds.
struct CallTime {
  var wall: Double
  var cpu: Double

  init(wall: Double, cpu: Double) {
    self.wall = wall
    self.cpu = cpu
  }

  init(_ call: () throws -> Void) rethrows {
    let wallStart = MonotonicClock.now
    let cpuStart = CPUClock.thread
    try call()
    cpu = Double(CPUClock.thread - cpuStart) / 1e9
    wall = Double(MonotonicClock.now - wallStart) / 1e9
  }

  /// The coefficient of variation; 0 for fewer than three values, which say nothing of it.
  static func spread(of values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    guard values.count >= 3, mean > 0 else { return 0 }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot() / mean
  }
}
