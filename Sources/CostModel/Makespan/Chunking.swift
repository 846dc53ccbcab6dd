private import func Glibc.log
private import func Glibc.pow

/// How many tasks to hand out at a time, when handing out costs something.
enum Chunking {
  /// The chunk sizes worth trying.
  ///
  /// One; that of Kruskal and Weiss, (√2 · n · h / (σ · w · √ln w))^⅔; those near it and below that make the number of rounds
  /// whole; and the static split n/w, which is best where sizes hardly vary.
  /// Kruskal and Weiss, "Allocating independent subtasks on parallel processors", IEEE TSE 11(10), 1985.
  /// - Parameter overhead: of handing out one chunk, in mean task times.
  static func candidates(tasks: Int, workers: Int, scv: Double, overhead: Double) -> [Int] {
    guard workers > 1, tasks > workers, overhead > 0 else { return [1] }
    let whole = Double(tasks) / Double(workers)
    let split = max(1, Int(whole.rounded(.up)))
    let best = kruskalWeiss(tasks: tasks, workers: workers, scv: scv, overhead: overhead)
    let centre = min(Double(split), max(1, best))
    let rounds = (whole / centre).rounded(.up)
    let even = [rounds, rounds + 1, 2 * rounds, 2, 3, 4].map { max(1, Int((whole / $0).rounded(.up))) }
    return Array(Set([1, Int(centre), split] + even)).sorted()
  }

  /// Infinite for equal tasks, which leave no reason to hand out more than once.
  static func kruskalWeiss(tasks: Int, workers: Int, scv: Double, overhead: Double) -> Double {
    let spread = scv.squareRoot() * Double(workers) * log(Double(workers)).squareRoot()
    guard spread > 0 else { return .infinity }
    return pow(2.0.squareRoot() * Double(tasks) * overhead / spread, 2.0 / 3)
  }

  /// The expected makespan, in mean task times, of handing out such chunks: chunk sums vary by v/K, and the last may be short.
  static func makespan(tasks: Int, workers: Int, chunk: Int, scv: Double, overhead: Double) -> Double {
    let chunks = (tasks + chunk - 1) / chunk
    guard scv > 0 else {
      let rounds = (Double(chunks) / Double(workers)).rounded(.up)
      return Makespan.equalChunks(tasks: tasks, workers: workers, chunk: chunk, capacity: Double(workers))
        + rounds * overhead
    }
    let each = Double(tasks) / Double(chunks)
    let mean = each + overhead
    let sizes = LognormalSizes(scv: scv * each / (mean * mean))
    let ratio = Makespan.expected(
      tasks: chunks, workers: workers, capacity: Double(workers), scv: sizes.scv,
      table: SizeTable(sizes, resolution: 96))
    return ratio * mean
  }

  /// The chunk of the least expected makespan; the smaller of equals.
  static func best(tasks: Int, workers: Int, scv: Double, overhead: Double) -> Int {
    let candidates = candidates(tasks: tasks, workers: workers, scv: scv, overhead: overhead)
    let times = candidates.map {
      makespan(tasks: tasks, workers: workers, chunk: $0, scv: scv, overhead: overhead)
    }
    guard let least = times.min() else { return 1 }
    return zip(candidates, times).first { $1 <= least * 1.001 }?.0 ?? 1
  }
}
