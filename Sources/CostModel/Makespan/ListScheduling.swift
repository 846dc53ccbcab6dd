import Statistics

/// Workers that each take the next task when they are free: simulated where no formula holds (docs/model.md, 3.3).
enum ListScheduling {
  /// Task draws that one simulation may cost; about half a millisecond.
  private static let budget = 16_384

  /// Replications for so many tasks: more for few tasks, whose makespan varies more from one to the next.
  static func replications(tasks: Int) -> Int { min(4096, max(32, budget / max(1, tasks))) }

  /// Makespans in mean task times, one a replication.
  ///
  /// The same seed draws the same tasks whatever the workers: candidates differ by what they do, not by luck.
  /// - Parameter capacity: how many workers can be at full speed at once; more of them share it equally.
  static func makespans(
    tasks: Int, workers: Int, capacity: Double, sizes: some TaskSizes, seed: UInt64 = 1
  ) -> [Double] {
    var random = Xoshiro(seed: seed)
    var heap = WorkerHeap(count: min(workers, tasks))
    return (0..<replications(tasks: tasks)).map { _ in
      heap.reset()
      for _ in 0..<tasks { heap.extendLeast(by: sizes.quantile(random.unit())) }
      return ending(of: heap.sorted(), capacity: capacity)
    }
  }

  /// The makespan of known sizes in that order (ties go to the lowest-numbered worker, which changes no makespan).
  static func makespan(of sizes: some Sequence<Double>, workers: Int, capacity: Double = .infinity) -> Double {
    var heap = WorkerHeap(count: workers)
    for size in sizes { heap.extendLeast(by: size) }
    return ending(of: heap.sorted(), capacity: capacity)
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

/// The times at which workers become free, the least on top: a binary heap in one array.
struct WorkerHeap {
  private var free: [Double]

  init(count: Int) { free = Array(repeating: 0, count: max(1, count)) }

  mutating func reset() {
    for i in free.indices { free[i] = 0 }
  }

  func sorted() -> [Double] { free.sorted() }

  /// Gives a task to the worker that is free first.
  mutating func extendLeast(by size: Double) {
    let time = free[0] + size
    var hole = 0
    var child = 1
    while child < free.count {
      if child + 1 < free.count, free[child + 1] < free[child] { child += 1 }
      guard free[child] < time else { break }
      free[hole] = free[child]
      hole = child
      child = 2 * hole + 1
    }
    free[hole] = time
  }
}
