import AdvisorCore

/// How much work each task of a stage is: log-normal about the mean, and the same in every run and for every worker.
struct TaskUnits: Sendable {
  private let meanUnits: Double
  private let logVariance: Double
  private let wholeMean: Int

  /// - Parameter spread: the coefficient of variation of the task sizes; 0 when all are alike.
  init(meanUnits: Double, spread: Double = 0) {
    self.meanUnits = meanUnits
    logVariance = Stage.logVariance(spread: spread)
    wholeMean = Int(clamped: meanUnits)
  }

  subscript(task: Int) -> Int {
    guard logVariance > 0 else { return wholeMean }
    return Int(clamped: meanUnits * Stage.relativeSize(ofTask: task, logVariance: logVariance))
  }
}

extension Int {
  /// The nearest integer, at least 1 and at most 2^60: job sizes may be written far beyond what an integer holds.
  init(clamped value: Double) {
    self = value.isNaN ? 1 : Int(Swift.max(1, Swift.min(value.rounded(), 0x1p60)))
  }
}
