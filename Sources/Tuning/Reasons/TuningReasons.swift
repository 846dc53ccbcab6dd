internal import AdvisorCore
internal import Statistics

/// Why the best value is the best, as far as the times of the runs tell, and what keeps larger values from being tried.
struct TuningReasons {
  private let tuner: Tuner
  private let best: Point
  private let start: Point
  private let points: [Point]

  /// The medians of the runs of one number of workers.
  private struct Point {
    var workers: Int
    var seconds: Double
    var cpuSeconds: Double
    var runnable: [Double]

    var used: Double { cpuSeconds / seconds }
    /// Share of the time with no thread runnable.
    var idle: Double { runnable.first ?? 0 }
  }

  /// Nil where the values are no numbers of workers.
  init?(_ tuner: Tuner, _ outcome: TuningOutcome) {
    guard let best = outcome.best, let reference = outcome.reference else { return nil }
    let all = tuner.candidates.indices.map { Self.point(tuner, $0) }
    guard let bestPoint = all[best] else { return nil }
    (self.tuner, self.best, start) = (tuner, bestPoint, all[reference] ?? bestPoint)
    points = all.compactMap(\.self).sorted { $0.workers < $1.workers }
  }

  private static func point(_ tuner: Tuner, _ candidate: Int) -> Point? {
    let setting = tuner.candidates[candidate]
    let runs = tuner.runs.filter { $0.candidate == candidate && $0.failure == nil }
    guard !setting.counts.isEmpty, let seconds = runs.map(\.seconds).median(),
      let cpuSeconds = runs.compactMap(\.cpuSeconds).median()
    else { return nil }
    return Point(
      workers: setting.workers, seconds: seconds, cpuSeconds: cpuSeconds,
      runnable: runs.last { !$0.runnable.isEmpty }?.runnable ?? [])
  }

  var all: [TuningReason] { [binding, bound].compactMap(\.self) }

  private var binding: TuningReason? {
    let cpus = Double(tuner.settings.cpus)
    if let cost = workerCost { return .workerCost(cpuSeconds: cost) }
    if best.used >= 0.9 * cpus {
      return .cpus(used: best.used, cpus: tuner.settings.cpus, maxGain: max(0, 1 - best.used / cpus))
    }
    if start.idle > 0.2, best.workers > start.workers, best.seconds < 0.95 * start.seconds {
      return .waits(idleShare: start.idle, workers: best.workers)
    }
    guard let one = points.first, one.workers == 1, points.count > 1, let two = points.dropFirst().first,
      two.cpuSeconds > 1.1 * one.cpuSeconds, two.used < 0.9 * cpus
    else { return nil }
    return .contention(extraCPUShare: two.cpuSeconds / one.cpuSeconds - 1)
  }

  /// CPU time that each worker beyond the best costs, where that is what makes more of them slower.
  private var workerCost: Double? {
    guard let more = points.first(where: { $0.workers > best.workers }), more.cpuSeconds > 1.1 * best.cpuSeconds,
      more.cpuSeconds > best.cpuSeconds + 0.02 * best.seconds, more.seconds > best.seconds
    else { return nil }
    return (more.cpuSeconds - best.cpuSeconds) / Double(more.workers - best.workers)
  }

  /// What keeps larger numbers from being tried.
  private var bound: TuningReason? {
    if let failing = tuner.runs.filter({ $0.failure != nil }).map({ tuner.candidates[$0.candidate].workers })
      .min()
    {
      return .failsFrom(workers: failing)
    }
    guard let limit = tuner.settings.memoryLimit, let most = tuner.maxWorkersInMemory,
      most < Double(points.last?.workers ?? 0) * 2
    else { return nil }
    return .memory(limitBytes: limit, workers: Int(most))
  }
}
