public import AdvisorCore

/// The throughput of a job with a number of workers.
public struct MeasuredRun: Hashable, Sendable {
  /// The job string.
  public var job: String
  public var strategy: Strategy
  public var workers: Int
  public var tasksPerSecond: Double

  public init(job: String, strategy: Strategy, workers: Int, tasksPerSecond: Double) {
    self.job = job
    self.strategy = strategy
    self.workers = workers
    self.tasksPerSecond = tasksPerSecond
  }
}

extension ScalingData {
  /// The runs of one job in one way: those with the most worker counts. One task after the other is one worker of any way.
  ///
  /// - Parameter job: nil for any.
  /// - Throws: `badData` where no job ran with at least three worker counts.
  public init(_ runs: [MeasuredRun], job: String? = nil) throws(AdvisorError) {
    let byJob = Dictionary(grouping: runs.filter { job == nil || $0.job == job }, by: \.job)
    guard !byJob.isEmpty else {
      throw AdvisorError(
        .badData, job.map { "no measured run of \($0) is known" } ?? "no measured run is known",
        advice: "run it with several worker counts, such as advisor run --job \(job ?? "cpu:8x1e6") --workers 1")
    }
    let ways = byJob.sorted { $0.key < $1.key }.flatMap { _, runs in
      Strategy.allCases.map { strategy in runs.filter { $0.strategy == strategy || $0.strategy == .sequential } }
    }
    let variety = { (runs: [MeasuredRun]) in Set(runs.map(\.workers)).count }
    let widest = ways.max { variety($0) < variety($1) } ?? []
    try self.init(widest.map { Point(workers: Double($0.workers), throughput: $0.tasksPerSecond) })
  }
}
