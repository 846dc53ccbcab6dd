/// Why a value of a command's knob is the best, as its runs show: codes with figures, of which Reports makes sentences.
///
/// A share is 0...1.
public enum TuningReason: Codable, Sendable, Hashable {
  /// CPU time that each further worker costs.
  case workerCost(cpuSeconds: Double)
  /// CPUs in use of those that there are, and the share that any other value could gain at most.
  case cpuBound(used: Double, cpus: Int, maxGain: Double)
  /// Share of the time in which at most one thread was runnable, though the time stays the same: the knob does nothing.
  case oneThread(share: Double)
  /// Share of the time in which no CPU, and in which at most one was used: more workers wait at once.
  case waits(idleShare: Double, singleShare: Double)
  /// Share of the time in which one thread worked and the others waited for it.
  case serialPart(share: Double)
  /// Workers hold each other up: share of CPU time that more workers burn for the same work.
  case contention(extraCPUShare: Double)
  /// The largest number of workers that the memory limit leaves room for.
  case memory(limitBytes: Double, workers: Int)
  /// The smallest number of workers with which the command failed.
  case failsFrom(workers: Int)
}
