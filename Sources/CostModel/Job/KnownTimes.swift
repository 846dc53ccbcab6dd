import AdvisorCore

/// The times of the tasks of built-in work, whose sizes are part of the job: the same in every run.
struct KnownTimes: Sendable {
  /// More tasks than this are as good as any draw of them: their sum varies by less than two parts in a hundred.
  private static let most = 4096

  /// Each task's time over that of a task of mean size, in the order in which they are handed out.
  private let relative: [Double]
  let mean: Double

  /// - Parameter share: of a task's time that grows with its size.
  /// - Returns: nil for a user's program, for equal tasks and for very many.
  init?(_ demand: TaskDemand, tasks: Int, share: Double) {
    guard demand.programs == 0, demand.spread > 0, tasks <= Self.most else { return nil }
    let logVariance = Stage.logVariance(spread: demand.spread)
    relative = (0..<tasks).map { 1 - share + share * Stage.relativeSize(ofTask: $0, logVariance: logVariance) }
    mean = relative.reduce(0, +) / Double(tasks)
  }

  /// The time of each chunk, by its number of tasks.
  func sums(of chunk: Int) -> [Double] {
    guard chunk > 1 else { return relative }
    return stride(from: 0, to: relative.count, by: chunk).map { start in
      relative[start..<min(start + chunk, relative.count)].reduce(0, +)
    }
  }
}
