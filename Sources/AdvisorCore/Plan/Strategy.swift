/// A way of running many tasks on one machine.
public enum Strategy: String, Codable, Sendable, CaseIterable {
  /// One after the other, in this thread.
  case sequential
  /// Pinned kernel threads of this process.
  case threads
  /// Swift tasks on the cooperative pool.
  case tasks
  /// Worker processes.
  case processes
  /// One event loop that keeps many operations under way.
  case async
  /// A group of workers a stage, with bounded hand-off between them.
  case pipeline

  /// Rank by what a reader must understand to run it; among equals the least is chosen.
  public var complexity: Int {
    switch self {
    case .sequential: 0
    case .threads: 1
    case .tasks: 2
    case .async: 3
    case .processes: 4
    case .pipeline: 5
    }
  }
}

/// One way of running a job, down to where each worker runs. Executors obey it to the letter.
public struct Plan: Codable, Sendable, Hashable {
  public var strategy: Strategy
  /// Workers, or operations under way for `async`; at least 1.
  public var workers: Int
  /// Tasks handed out at a time; at least 1.
  public var chunk: Int
  /// Workers of each stage, for `pipeline`.
  public var stageWorkers: [Int]?
  /// The CPU of worker i is `cpus[i % cpus.count]`; nil leaves placement to the kernel. Of a pipeline only the workers of
  /// stages that compute count and are placed.
  public var cpus: [Int]?
  /// Memory that the workers together may hold; nil when it is no concern.
  public var memoryCapBytes: Double?
  /// The engine outside this machine whose workers they are; nil for this machine's own.
  public var engine: String?

  public init(
    strategy: Strategy, workers: Int, chunk: Int = 1, stageWorkers: [Int]? = nil, cpus: [Int]? = nil,
    memoryCapBytes: Double? = nil, engine: String? = nil
  ) {
    self.strategy = strategy
    self.workers = workers
    self.chunk = chunk
    self.stageWorkers = stageWorkers
    self.cpus = cpus
    self.memoryCapBytes = memoryCapBytes
    self.engine = engine
  }

  /// Workers of each stage of a pipeline: as planned, or the workers shared out evenly with the rest to the last stages.
  public func stageWorkers(stages: Int) -> [Int] {
    stageWorkers
      ?? (0..<stages).map { max(1, workers / stages + ($0 >= stages - workers % stages ? 1 : 0)) }
  }
}
