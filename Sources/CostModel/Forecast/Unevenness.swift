import AdvisorCore

/// How much longer the tasks of a run take than equal ones with the same sum would, for the last of them run alone.
struct Unevenness: Sendable {
  let factor: Double
  /// Standard deviation of the logarithm of the run's time by what is not known of the sizes.
  let deviation: Double

  static let none = Unevenness(factor: 1, deviation: 0)

  init(factor: Double, deviation: Double) { (self.factor, self.deviation) = (factor, deviation) }

  /// Of tasks of known sizes in the order in which they ended, by list scheduling; nil where sizes are not known.
  init?(of run: EndedCalls, _ fit: WorkFit?, workers: Int) {
    guard run.bytes > 0 else { return nil }
    deviation = 0
    guard run.isWhole, let fit, workers > 1 else {
      factor = 1
      return
    }
    let sizes = run.calls.map {
      fit.seconds(tasks: Double($0.usage.weight), bytes: $0.usage.fileBytes ?? 0)
    }
    let rounds = (sizes.count + workers - 1) / workers
    let equal = sizes.reduce(0, +) / Double(sizes.count) * Double(rounds)
    factor = equal > 0 ? ListScheduling.makespan(of: sizes, workers: workers) / equal : 1
  }

  /// Of tasks of random size.
  ///
  /// - Parameter capacity: how many workers can be at full speed at once.
  init(tasks: Int, of sizes: some TaskSizes, workers: Int, capacity: Double) {
    let workers = max(1, min(workers, tasks))
    let equal = Makespan.waves(tasks: tasks, workers: workers, capacity: capacity)
    let makespan = Makespan.dynamic(
      tasks: tasks, workers: workers, capacity: capacity, sizes: sizes, table: SizeTable(sizes, resolution: 256))
    self.init(factor: max(1, makespan.mean / equal), deviation: makespan.logDeviation)
  }
}
