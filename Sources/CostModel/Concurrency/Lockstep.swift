/// Equal tasks that wait equally long and then compute: they come out of their waits together and meet at the CPUs.
///
/// Mean value analysis spreads such meetings over time and so misses them. Between a kernel that lets each task finish
/// (first come, first served) and one that gives all of them equal shares lies what schedulers do: with 16 tasks of 20 ms
/// of waiting and 3 ms of computing on two CPUs, 4, 8 and 16 threads took 101.6, 58.2 and 46.0 ms, where the middle of
/// the two says 99.5, 59.5 and 44.
struct Lockstep: Sendable, Hashable {
  /// Kept waiting, seconds a task.
  var wait: Double
  /// On a CPU of its own, seconds a task.
  var service: Double
  /// CPUs that serve at that speed.
  var servers: Int

  /// Seconds that a number of workers takes for a number of tasks; each of which takes one task at a time.
  func makespan(tasks: Int, workers: Int) -> Double {
    let used = min(workers, tasks)
    return (inTurn(tasks: tasks, workers: used) + inShares(tasks: tasks, workers: used)) / 2
  }

  /// Each task keeps its CPU until it has done: later waves come spread out, as the one before ended.
  ///
  /// From the second wave on each is like the one before, only later: of many, as few are followed as tell.
  private func inTurn(tasks: Int, workers: Int) -> Double {
    let waves = tasks / workers
    let skipped = max(0, waves - 3)
    let cycle = max(wait + service, Double(workers) * service / Double(servers))
    var ends: [Double] = []
    for task in 0..<(tasks - skipped * workers) {
      let isThere = wait + (task >= workers ? ends[task - workers] : 0)
      let hasCPU = task >= servers ? ends[task - servers] : 0
      ends.append(max(isThere, hasCPU) + service)
    }
    return (ends.last ?? 0) + Double(skipped) * cycle
  }

  /// All that are there share the CPUs, and so end together: wave after wave in step.
  private func inShares(tasks: Int, workers: Int) -> Double {
    Makespan.waves(tasks: tasks, workers: workers) { wait + service * max(1, Double($0) / Double(servers)) }
  }
}
