/// How the costs of a command were found: by a run's own first tasks, some of which ran at once.
public struct PilotConditions: Sendable, Hashable {
  /// Tasks at once. The CPU time that the kernel has recorded of each holds what they lost to each other.
  public var concurrency: Int
  /// CPU time of the thread that starts the tasks and takes them in, for each; it is in no task's record.
  public var dispatchSeconds: Double

  public init(concurrency: Int = 1, dispatchSeconds: Double = 0) {
    self.concurrency = max(1, concurrency)
    self.dispatchSeconds = dispatchSeconds.isFinite ? max(0, dispatchSeconds) : 0
  }

  /// - Parameter running: the sum over the calls of the tasks that were under way when each ended.
  public init(running: Int, calls: Int, dispatchSeconds: Double = 0) {
    let mean = Double(running) / Double(max(1, calls))
    self.init(concurrency: Int(mean.rounded()), dispatchSeconds: dispatchSeconds)
  }
}

extension CostModel {
  /// The model for jobs whose commands were measured under such conditions; by default each ran alone.
  public func measured(in pilot: PilotConditions) -> CostModel {
    var model = self
    model.costs.pilot = pilot
    return model
  }
}
