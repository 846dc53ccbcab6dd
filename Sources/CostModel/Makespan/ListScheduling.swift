private import AdvisorCore
import Statistics

/// Workers that each take the next task when they are free: simulated where no formula holds (docs/model.md, 3.3).
enum ListScheduling {
  /// Task draws that one simulation may cost; about half a millisecond.
  private static let budget = 16_384

  /// Replications by the number of tasks: more for few tasks, whose makespan varies more from one to the next.
  static func replications(tasks: Int) -> Int { min(4096, max(32, budget / max(1, tasks))) }

  /// Makespans in mean task times, one a replication.
  ///
  /// The same seed draws the same tasks whatever the workers: candidates differ by what they do, not by luck.
  /// - Parameter capacity: how many workers can be at full speed at once; more of them share it equally.
  static func makespans(
    tasks: Int, workers: Int, capacity: Double, sizes: some TaskSizes, seed: UInt64 = 1
  ) -> [Double] {
    var random = Xoshiro(seed: seed)
    // When each worker becomes free.
    var free = Heap(repeating: 0.0, count: max(1, min(workers, tasks)))
    return (0..<replications(tasks: tasks)).map { _ in
      free.fill(with: 0)
      for _ in 0..<tasks { free.giveTask(of: sizes.quantile(random.unit())) }
      return ending(of: free.sorted(), capacity: capacity)
    }
  }

  /// The makespan of known sizes in that order (ties go to the lowest-numbered worker, which changes no makespan).
  static func makespan(of sizes: some Sequence<Double>, workers: Int, capacity: Double = .infinity) -> Double {
    var free = Heap(repeating: 0.0, count: max(1, workers))
    for size in sizes { free.giveTask(of: size) }
    return ending(of: free.sorted(), capacity: capacity)
  }

  /// Longest processing time first: at most 4/3 − 1/(3w) times the optimum (Graham 1969).
  static func longestFirst(_ sizes: some Sequence<Double>, workers: Int) -> Double {
    makespan(of: sizes.sorted(by: >), workers: workers)
  }

  /// Turns the moments at which workers run dry into real time.
  ///
  /// The schedule is laid out in the time of a worker that has its fair share while all are busy. As workers run dry the others
  /// speed up, until each has a core of its own.
  private static func ending(of dry: [Double], capacity: Double) -> Double {
    func slowdown(_ busy: Int) -> Double { max(1, Double(busy) / capacity) }
    var time = (dry.first ?? 0) * slowdown(dry.count)
    for i in dry.indices.dropFirst() { time += (dry[i] - dry[i - 1]) * slowdown(dry.count - i) }
    return time
  }
}

extension Heap<Double> {
  /// Has the worker that is free first work for so long.
  fileprivate mutating func giveTask(of size: Double) { replaceLeast(with: (least ?? 0) + size) }
}
