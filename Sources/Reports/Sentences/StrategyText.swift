public import AdvisorCore

/// What ways of running a job are called, in sentences and in tables: in this program's words, or in those of Python.
public struct StrategyText: Sendable {
  private let isPython: Bool

  public init(isPython: Bool = false) { self.isPython = isPython }

  /// `2 threads`, `one event loop with 64 in flight`, `dask with 8 slots`; in Python `multiprocessing.Pool(2)`.
  public func name(of plan: Plan) -> String {
    if let engine = plan.engine { return "\(engine) with \(count(plan.workers, "slot"))" }
    return isPython ? pythonName(of: plan) : ownName(of: plan)
  }

  public func name(of candidate: Candidate) -> String {
    name(
      of: Plan(
        strategy: candidate.strategy, workers: candidate.workers, chunk: candidate.chunk,
        stageWorkers: candidate.stageWorkers, engine: candidate.engine))
  }

  private func ownName(of plan: Plan) -> String {
    switch plan.strategy {
    case .sequential: "sequential execution"
    case .threads: count(plan.workers, "thread")
    case .tasks: "Swift tasks on \(count(plan.workers, "thread"))"
    case .processes: count(plan.workers, "worker process", "worker processes")
    case .async: "one event loop with \(plan.workers) in flight"
    case .pipeline:
      "a pipeline of \((plan.stageWorkers ?? [plan.workers]).map(String.init).joined(separator: " + ")) workers"
    }
  }

  private func pythonName(of plan: Plan) -> String {
    switch plan.strategy {
    case .sequential: "a plain loop"
    case .threads, .tasks, .pipeline: "ThreadPoolExecutor(\(plan.workers))"
    case .processes: "multiprocessing.Pool(\(plan.workers))"
    case .async: "asyncio with \(plan.workers) in flight"
    }
  }

  /// A strategy whatever its workers, as the subject of a sentence, with the ending of its verb: `threads`, `async` … `s`.
  func subject(_ strategy: Strategy) -> (name: String, verbEnding: String) {
    switch strategy {
    case .sequential: (isPython ? "a plain loop" : "sequential execution", "s")
    case .threads: ("threads", "")
    case .tasks: ("Swift tasks", "")
    case .processes: ("processes", "")
    case .async: (isPython ? "asyncio" : "an event loop", "s")
    case .pipeline: ("a pipeline", "s")
    }
  }

  /// One word, for a table: `processes`; in Python `Pool`.
  public func word(_ strategy: Strategy) -> String {
    guard isPython else { return strategy.rawValue }
    return switch strategy {
    case .sequential: "loop"
    case .threads, .tasks, .pipeline: "threads"
    case .processes: "Pool"
    case .async: "asyncio"
    }
  }

  /// A column of a table that has no other for the workers: `threads 2`, `pipeline 10+2`.
  func label(_ strategy: Strategy, workers: Int, ofStages stageWorkers: [Int]? = nil) -> String {
    "\(word(strategy)) \(Self.workers(workers, ofStages: stageWorkers))"
  }

  /// `2`; of the stages of a pipeline `10+2`.
  static func workers(_ workers: Int, ofStages stageWorkers: [Int]?) -> String {
    stageWorkers.map { $0.map(String.init).joined(separator: "+") } ?? "\(workers)"
  }
}

extension String {
  var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
