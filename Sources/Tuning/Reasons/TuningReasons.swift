internal import AdvisorCore
internal import Statistics

/// Why the best value is the best: the first rule that what the runs used fits, and what keeps larger values from being tried.
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
    /// Shares of the time with no thread runnable, and with at most one.
    var idle: Double? { runnable.first }
    var narrow: Double? { runnable.isEmpty ? nil : runnable.prefix(2).reduce(0, +) }
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
    let runs = tuner.runs.filter { $0.candidate == candidate && $0.ending == .succeeded }
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
      return .cpuBound(used: best.used, cpus: tuner.settings.cpus, maxGain: max(0, 1 - best.used / cpus))
    }
    if let narrow = start.narrow, narrow > 0.8, isFlat { return .oneThread(share: narrow) }
    if let narrow = start.narrow, let idle = start.idle, narrow > 0.4, best.workers > start.workers,
      best.seconds < 0.95 * start.seconds
    {
      return .waits(idleShare: idle, singleShare: narrow)
    }
    if let narrow = start.narrow, narrow > 0.2, isFlat { return .serialPart(share: narrow) }
    guard let one = points.first, one.workers == 1, points.count > 1, let two = points.dropFirst().first,
      two.cpuSeconds > 1.1 * one.cpuSeconds, two.used < 0.9 * cpus
    else { return nil }
    return .contention(extraCPUShare: two.cpuSeconds / one.cpuSeconds - 1)
  }

  /// CPU time that each worker beyond the best costs, where that is what makes more of them slower.
  private var workerCost: Double? {
    guard let more = points.first(where: { $0.workers > best.workers }), more.cpuSeconds > 1.1 * best.cpuSeconds,
      more.seconds > best.seconds
    else { return nil }
    return (more.cpuSeconds - best.cpuSeconds) / Double(more.workers - best.workers)
  }

  /// Whether the number makes no difference of more than a twentieth.
  private var isFlat: Bool {
    let seconds = points.map(\.seconds)
    guard seconds.count > 1, let low = seconds.min(), let high = seconds.max() else { return false }
    return high < 1.05 * low
  }

  /// What keeps larger numbers from being tried.
  private var bound: TuningReason? {
    if let failing = tuner.runs.filter({ $0.ending != .succeeded }).map({ tuner.candidates[$0.candidate].workers })
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
