public import AdvisorCore
private import System

/// Puts the inputs that will take longest first, so that no long task is left to run alone at the end.
///
/// The makespan of that rule is at most 4/3 of the best one (R. L. Graham, Bounds on multiprocessing timing anomalies, 1969).
public enum LongestFirst {
  /// The same inputs in another order; all of them are read for that.
  ///
  /// How long a task takes is what a log of an earlier run says of the same command. One that it does not know comes before
  /// all others, for it may be the longest. Without a log the size of the file that an input names stands for its time.
  ///
  /// - Parameter jobLog: the path of a log in GNU parallel's columns; nil or one that is empty or missing for none.
  /// - Throws: `AdvisorError`: badData when inputs or the log cannot be read.
  public static func sorted(
    _ inputs: TaskInputs, _ template: CommandTemplate, jobLog: String?
  ) throws(AdvisorError) -> TaskInputs {
    let log = try jobLog.map { path throws(AdvisorError) in
      try JobLogRecords(path: path, hasGaps: template.hasGaps)
    }
    var rows: [(inputs: [[UInt8]], weight: Double)] = []
    while let row = try inputs.wait() {
      let weight: Double
      if let log, !log.isEmpty {
        weight = log.seconds(of: template.form(for: row, sequence: rows.count + 1)) ?? .infinity
      } else {
        weight = InputFiles.bytes(of: row) ?? 0
      }
      rows.append((row, weight))
    }
    // Stable: equals keep their order.
    let order = rows.indices.sorted { (rows[$0].weight, $1) > (rows[$1].weight, $0) }
    return try TaskInputs(lists: [InputList(rows: order.map { rows[$0].inputs }, columns: inputs.columns)])
  }
}

extension TaskInputs {
  /// The next row, waited for where it is still to come; nil at the end.
  func wait() throws(AdvisorError) -> [[UInt8]]? {
    while true {
      switch try next() {
      case .inputs(let row): return row
      case .end: return nil
      case .waiting:
        Poll.waitToRead(descriptor ?? -1)
      }
    }
  }

  /// The same inputs, all of them read, so that their number is known.
  ///
  /// - Parameter shuffles: whether they come in another order each time.
  /// - Throws: `AdvisorError` (badData) when they cannot be read.
  public func stored(shuffles: Bool = false) throws(AdvisorError) -> TaskInputs {
    guard shuffles || count == nil else { return self }
    var rows: [[[UInt8]]] = []
    while let row = try wait() { rows.append(row) }
    return try TaskInputs(stream: StoredRows(shuffles ? rows.shuffled() : rows, columns: columns))
  }
}
