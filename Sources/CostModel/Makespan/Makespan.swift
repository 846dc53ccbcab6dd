import Statistics
private import func Glibc.log
private import func Glibc.pow

/// How long n tasks take w workers, in mean task times (docs/model.md, 3).
struct Makespan: Sendable {
  /// The expected makespan.
  var mean: Double
  /// Its standard deviation, from the draw of task sizes alone.
  var deviation: Double
  /// Equally likely makespans, where they were drawn.
  var drawn: [Double] = []
  /// Whether the closed form holds where this came from one; if not, it is a first guess.
  var isReliable = true

  /// More tasks than this are not simulated: the law of large numbers makes it needless.
  private static let maxSimulated = 20_000

  /// Tasks of random size handed out one after the other: by closed form where one holds, or else simulated.
  ///
  /// - Parameters:
  ///   - capacity: how many workers can be at full speed at once; up to `workers`.
  ///   - table: of the same sizes.
  static func dynamic(
    tasks: Int, workers: Int, capacity: Double, sizes: some TaskSizes, table: SizeTable
  ) -> Makespan {
    let form = closedForm(tasks: tasks, workers: workers, capacity: capacity, scv: sizes.scv, table: table)
    guard !form.isReliable else { return form }
    let drawn = ListScheduling.makespans(tasks: tasks, workers: workers, capacity: capacity, sizes: sizes)
    let mean = drawn.mean() ?? form.mean
    let variance = drawn.map { ($0 - mean) * ($0 - mean) }.mean() ?? 0
    return Makespan(mean: mean, deviation: variance.squareRoot(), drawn: drawn)
  }

  /// Equal tasks run in waves; the longest of few tasks ends last; of many, the workers' residual lives decide
  /// (a renewal argument: n/w + E[max of w residual lives] − E[residual life]).
  static func closedForm(
    tasks: Int, workers: Int, capacity: Double, scv: Double, table: SizeTable
  ) -> Makespan {
    let mean = expected(tasks: tasks, workers: workers, capacity: capacity, scv: scv, table: table)
    let used = min(workers, tasks)
    let bulkDeviation = (Double(tasks) * scv).squareRoot() / min(Double(used), capacity)
    guard scv > 0, used > 1 else { return Makespan(mean: mean, deviation: bulkDeviation) }
    guard tasks > workers else { return longest(of: tasks, mean: mean, capacity: capacity, table: table) }
    let endingDeviation = table.endingDeviation(workers: used)
    return Makespan(
      mean: mean, deviation: (bulkDeviation * bulkDeviation + endingDeviation * endingDeviation).squareRoot(),
      isReliable: holds(
        tasks: tasks, workers: used, scv: scv, mean: mean,
        ending: table.expectedEnding(workers: used, capacity: capacity)))
  }

  /// The mean of ``closedForm(tasks:workers:capacity:scv:table:)`` alone.
  static func expected(tasks: Int, workers: Int, capacity: Double, scv: Double, table: SizeTable) -> Double {
    let count = Double(tasks)
    let used = min(workers, tasks)
    guard scv > 0 else { return waves(tasks: tasks, workers: used, capacity: capacity) }
    guard used > 1 else { return count }
    guard tasks > workers else { return max(table.expectedLongest(of: count), count / min(count, capacity)) }
    let crowding = max(1, Double(used) / capacity)
    let bulk = max(0, count / Double(used) - table.meanResidual) * crowding
    return bulk + table.expectedEnding(workers: used, capacity: capacity)
  }

  /// With many waves, or some of moderate spread, the error was found to be 0.7 % on average; unless tails are so heavy
  /// that the last tasks take as long as a good part of all the others.
  private static func holds(tasks: Int, workers: Int, scv: Double, mean: Double, ending: Double) -> Bool {
    let waves = Double(tasks) / Double(workers)
    guard tasks <= maxSimulated else { return true }
    return (waves >= 20 || (waves >= 4 && scv <= 1)) && ending <= 0.4 * (mean - ending)
  }

  /// All tasks at once: the longest ends last, or the CPUs are the limit.
  private static func longest(of tasks: Int, mean: Double, capacity: Double, table: SizeTable) -> Makespan {
    let count = Double(tasks)
    let least = count / min(count, capacity)
    // Dealt out in a scattered order, so that neighbouring worlds are not alike.
    let drawn = (0..<draws).map { world in
      max(least, table.quantile(pow((Double(world * 89 % draws) + 0.5) / Double(draws), 1 / count)))
    }
    return Makespan(mean: mean, deviation: 0, drawn: drawn)
  }

  /// Equally likely draws that stand for a known distribution; prime to the stride that scatters them.
  private static let draws = 200

  /// Equal tasks: whole waves, then the remainder, which may run faster for being fewer.
  static func waves(tasks: Int, workers: Int, capacity: Double) -> Double {
    waves(tasks: tasks, workers: max(1, workers)) { max(1, Double($0) / capacity) }
  }

  /// The same where a wave takes a time by how many are in it.
  static func waves(tasks: Int, workers: Int, time: (_ busy: Int) -> Double) -> Double {
    let (whole, rest) = tasks.quotientAndRemainder(dividingBy: workers)
    return Double(whole) * time(workers) + (rest > 0 ? time(rest) : 0)
  }

  /// Equal tasks in chunks, of which the last may be short, in mean task times: the longest of the last wave ends last.
  static func equalChunks(tasks: Int, workers: Int, chunk: Int, capacity: Double) -> Double {
    let (full, short) = tasks.quotientAndRemainder(dividingBy: max(1, chunk))
    let (whole, rest) = full.quotientAndRemainder(dividingBy: max(1, workers))
    func time(_ tasks: Int, busy: Int) -> Double { busy == 0 ? 0 : Double(tasks) * max(1, Double(busy) / capacity) }
    let last =
      rest == 0
      ? time(short, busy: 1) : time(short, busy: rest + 1) + time(chunk - short, busy: rest)
    return Double(whole) * time(chunk, busy: workers) + last
  }

  func scaled(by factor: Double) -> Makespan {
    Makespan(
      mean: mean * factor, deviation: deviation * factor, drawn: drawn.map { $0 * factor }, isReliable: isReliable)
  }

  /// The standard deviation of its logarithm, from the draw of the sizes alone.
  var logDeviation: Double {
    guard mean > 0, !drawn.isEmpty else { return mean > 0 ? deviation / mean : 0 }
    let squares = drawn.map { log($0 / mean) * log($0 / mean) }
    return (squares.mean() ?? 0).squareRoot()
  }

  /// How far a draw of the sizes may lie from the mean.
  var makespanSpread: MakespanSpread {
    guard mean > 0 else { return .normal(deviation: 0) }
    return drawn.isEmpty ? .normal(deviation: deviation / mean) : .drawn(drawn.map { $0 / mean })
  }
}
