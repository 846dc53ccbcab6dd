private import func Glibc.ceil
private import func Glibc.log
private import func Glibc.pow

/// One plausible way in which a command's wall and CPU time depend on its number of workers.
///
/// The unit is the CPU time of the parallel work of one worker. The terms are Amdahl's serial part, Gunther's contention and
/// coherency (USL, "Guerrilla Capacity Planning", 2007), a knee of memory bandwidth, start-up, waiting, steps of few big tasks, and
/// a penalty of more workers than pay.
struct Curve: Sendable {
  /// Work that one worker does while the others have none.
  var serial = 0.0
  /// Seconds that a task waits off the CPU, for each second that it computes.
  var waiting = 0.0
  /// CPU time to start a worker, which the CPUs share, and the part of it that no two workers do at once.
  var startUp = 0.0
  var serialStartUp = 0.0
  var contention = 0.0
  var coherency = 0.0
  /// Whether contention burns CPU time, as a spinning lock does, rather than waits.
  var contentionBurns = false
  /// CPUs beyond which memory bandwidth is used up.
  var bandwidthKnee = Double.infinity
  /// Share of the time that is added when there are twice as many workers as can be busy, and whether it is CPU time.
  var excess = 0.0
  var excessBurns = false
  /// CPU time that the work takes more as soon as there are two workers, as a share.
  var parallelOverhead = 0.0
  /// Workers beyond which more change nothing.
  var maxUseful = Double.infinity
  /// Tasks of equal size, and how far their number shows as steps: 0 not at all, 1 wholly.
  var tasks = Double.infinity
  var steps = 0.0
  /// CPU seconds per wall second of a command whose time the number does not change; nil for all others.
  var flatUse: Double?

  /// Logarithms of wall and CPU time.
  func logTimes(workers: Int, cpus: Int) -> (wall: Double, cpu: Double) {
    if let flatUse { return (0, log(flatUse)) }
    let (n, cpus) = (Double(workers), Double(cpus))
    let useful = min(n, maxUseful, tasks)
    let usl = 1 + contention * (useful - 1) + coherency * useful * (useful - 1)
    let bandwidth = pow(1 + pow(min(useful, cpus) / bandwidthKnee, 6), 1.0 / 6)
    let overhead = n > 1 ? 1 + parallelOverhead : 1
    let inflation = bandwidth * (contentionBurns ? usl : 1)
    let parallel = parallelTime(useful, cpus, waitingFactor: contentionBurns ? 1 : usl, inflation)
    let penalty = 1 + excess * max(0, useful / (cpus * (1 + waiting)) - 1)
    let wall =
      (serial + parallel * overhead) * penalty + startUp * max(1, n / cpus) + serialStartUp * n
    let cpu = (serial + inflation * overhead) * (excessBurns ? penalty : 1) + (startUp + serialStartUp) * n
    return (log(wall), log(min(cpu, cpus * wall)))
  }

  /// The time of the parallel part: what its workers need with a CPU each, and what the CPUs need with all workers busy. Where tasks
  /// wait, the two go over into each other, as in a closed queueing network.
  private func parallelTime(_ useful: Double, _ cpus: Double, waitingFactor: Double, _ inflation: Double) -> Double {
    let step = tasks.isFinite ? 1 + (ceil(tasks / useful - 1e-9) * useful / tasks - 1) * steps : 1
    let isBusy = waiting < 0.05
    let workers = (1 + waiting) / useful * step * waitingFactor
    let capacity = inflation * (isBusy ? step : 1) / min(useful, cpus)
    return isBusy ? max(workers, capacity) : pow(pow(workers, 4) + pow(capacity, 4), 0.25)
  }
}
