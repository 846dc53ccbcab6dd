/// A way to run the command: a value for each knob.
public struct KnobSetting: Sendable, Hashable {
  /// What is put into the command, one text a knob.
  public var values: [String]
  /// Workers or threads, where that is what the value means; nil for one of a list. Of two knobs, one for each.
  public var counts: [Int]

  public init(values: [String], counts: [Int] = []) {
    self.values = values
    self.counts = counts
  }

  /// A number of workers.
  public init(workers: Int) { self.init(values: ["\(workers)"], counts: [workers]) }

  /// Workers in all.
  var workers: Int { counts.reduce(1, *) }
}

/// The numbers of workers that are worth trying.
public enum WorkerGrid {
  /// Powers of two and those between them, and steps about the number of CPUs where its multiples are likely to be best.
  ///
  /// - Parameters:
  ///   - cpus: CPUs that the command may use.
  ///   - range: what is allowed; by default up to eight times the CPUs, and at least 16.
  ///   - start: a value that is tried in any case.
  public static func counts(cpus: Int, in range: ClosedRange<Int>? = nil, start: Int? = nil) -> [Int] {
    let range = range ?? 1...max(16, 8 * cpus)
    var counts: Set = [range.lowerBound, range.upperBound, cpus, start ?? cpus]
    var power = 1
    while power <= range.upperBound {
      counts.formUnion([power, power + power / 2])
      power *= 2
    }
    let factors = [0.25, 0.375, 0.5, 0.625, 0.75, 1.25, 1.5, 2, 2.5, 3, 4]
    if cpus >= 4 { counts.formUnion(factors.map { Int((Double(cpus) * $0).rounded()) }) }
    if cpus <= 4 { counts.formUnion([cpus - 1, cpus + 1]) }
    return counts.filter(range.contains).sorted()
  }
}
