public import AdvisorCore
public import System

/// Carries out plans of one strategy.
public protocol Executor: Sendable {
  /// Runs the job to its end, or until it is cancelled; blocks the calling thread meanwhile, which must not be one of
  /// the pool that Swift tasks run on.
  ///
  /// A task that fails is counted and the others go on. Memory that the job needs is touched, and files are prepared, on
  /// the way in; nothing that was started is left behind, whether the run succeeds, throws or is cancelled.
  ///
  /// - Throws: `.usage` for a plan that cannot be obeyed, with the limit that it breaks, and where a worker process would start
  ///   others; `.temporary`, `.unavailable` or `.cannotWrite` where the machine refuses what the plan needs.
  func run(_ request: RunRequest, progress: Progress, cancellation: Cancellation) throws(AdvisorError) -> JobRun
}

/// An executor that works from a job made ready.
protocol StrategyExecutor: Executor {
  func run(_ assignment: Assignment, _ progress: Progress, _ cancellation: Cancellation) throws(AdvisorError)
    -> JobRun
}

extension StrategyExecutor {
  func run(_ request: RunRequest, progress: Progress, cancellation: Cancellation) throws(AdvisorError) -> JobRun {
    try run(try Assignment(request), progress, cancellation)
  }
}

/// The executor of a strategy.
public func executor(for strategy: Strategy) -> any Executor {
  switch strategy {
  case .sequential: SequentialExecutor()
  case .threads: ThreadsExecutor()
  case .tasks: TasksExecutor()
  case .processes: ProcessesExecutor()
  case .async: AsyncExecutor()
  case .pipeline: PipelineExecutor()
  }
}
