public import AdvisorCore
public import Tasks

/// What an engine tells.
public enum EngineEvent: Sendable, Hashable {
  /// It takes tasks now.
  case ready
  /// Its workers, all of them, whenever one has come or gone.
  case workers([EngineCosts.Worker])
  /// A task has ended, on its own or because it was stopped.
  case ended(EngineResult)
  /// A task's worker is gone, and the engine does not run the task again by itself; why, in words.
  case lost(Int, String)
  /// A task has not started, and never will.
  case withdrawn(Int)
  /// Something that the user should know, in words.
  case note(String)
}

/// How a task ended on its worker, and what it used there.
public struct EngineResult: Sendable, Hashable {
  public var id: Int
  public var ending: CommandOutcome.Ending
  /// By the worker's clock, seconds since 1970.
  public var startedAt: Double
  public var usage: TaskUsage
  public var output: [UInt8]
  public var error: [UInt8]
  /// The name of its worker.
  public var worker: String

  public init(
    id: Int, ending: CommandOutcome.Ending, startedAt: Double = 0, usage: TaskUsage = TaskUsage(),
    output: [UInt8] = [], error: [UInt8] = [], worker: String = ""
  ) {
    self.id = id
    self.ending = ending
    self.startedAt = startedAt
    self.usage = usage
    self.output = output
    self.error = error
    self.worker = worker
  }
}
