/// Why a value of a command's knob is the best, as the times of its runs show: codes with figures, of which Reports makes sentences.
/// What the samples of its runs show is told by the causes of `why`.
///
/// A share is 0...1.
public enum TuningReason: Codable, Sendable, Hashable {
  /// CPU time that each further worker costs.
  case workerCost(cpuSeconds: Double)
  /// CPUs in use of those that there are, and the share that any other value could gain at most.
  case cpus(used: Double, cpus: Int, maxGain: Double)
  /// Share of the time in which no thread could run, and the number of workers whose waits overlap.
  case waits(idleShare: Double, workers: Int)
  /// Workers hold each other up: share of CPU time that more workers burn for the same work.
  case contention(extraCPUShare: Double)
  /// The largest number of workers that the memory limit leaves room for.
  case memory(limitBytes: Double, workers: Int)
  /// The smallest number of workers with which the command failed.
  case failsFrom(workers: Int)
}

/// What must be known to trust what tuning has shown.
public enum TuningCaveat: Codable, Sendable, Hashable {
  /// Other processes never left the CPUs alone.
  case otherLoad
  /// Processes that runs have left, and that were killed.
  case leftBehind(processes: Int)
  /// CPU seconds of others in each run, though they use none before: a server that the command talks to.
  case servedByOthers(cpuSeconds: Double)
  /// Not even the longest run takes long enough for a program with work to do.
  case noWork(seconds: Double)
}
