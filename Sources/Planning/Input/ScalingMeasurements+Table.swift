public import AdvisorCore
public import Documents

/// Measurements of more workers, as a file has them.
public enum ScalingMeasurements: Sendable {
  /// Measurements of one kind of work.
  case throughput(ScalingData)
  /// Runs of different sizes, which only the Ernest form describes.
  case runs([ErnestScaling.Run])

  /// Reads columns of workers and throughput, or of workers and seconds, with the scale beside them where runs differed in
  /// size; under the names that benchmarks give them. A run that failed, as a column of exit statuses says, is a gap.
  ///
  /// - Parameter choice: `workers`, `throughput`, `seconds`, `scale`.
  /// - Throws: `badData`, naming the cells, for what is not such a file.
  public init(_ table: DataTable, columns choice: ColumnChoice = ColumnChoice()) throws(AdvisorError) {
    let columns = try ScalingColumns(table, choice)
    var faults = TableFaults(table)
    let workers = table.numbers(columns.workers, faults: &faults)
    let figures = table.numbers(columns.figures, faults: &faults)
    let scale = columns.scale.map { table.numbers($0, faults: &faults).values }
    let exits = columns.exits.map { table.numbers($0, faults: &faults).values }
    try faults.check(forms: table.numberForms)
    let rows = table.rows.indices.compactMap { row -> ErnestScaling.Run? in
      guard let count = workers.values[row], let figure = figures.values[row],
        let size = scale.map({ $0[row] }) ?? .some(1), exits.map({ $0[row] == 0 }) ?? true
      else { return nil }
      return .init(machines: count, scale: size, seconds: figure)
    }
    if columns.isSeconds, columns.scale != nil {
      self = .runs(rows)
      return
    }
    var data = try ScalingData(
      rows.map { .init(workers: $0.machines, throughput: columns.isSeconds ? 1 / $0.seconds : $0.seconds) })
    data.unit = columns.isSeconds ? nil : figures.unit
    data.input = TableInput(
      file: table.file, rows: rows.count, column: table.columns[columns.figures], series: [],
      gaps: table.rows.count - rows.count)
    self = .throughput(data)
  }

  /// - Parameter file: the path that the user typed.
  public init(csv bytes: [UInt8], file: String) throws(AdvisorError) { try self.init(DataTable(bytes, file: file)) }
}

/// Which column holds what.
private struct ScalingColumns {
  let workers: Int
  /// Throughput, or seconds.
  let figures: Int
  let isSeconds: Bool
  let scale: Int?
  /// The exit status of each run.
  let exits: Int?

  init(_ table: DataTable, _ choice: ColumnChoice) throws(AdvisorError) {
    var workers = try table.column("workers", choice, synonyms: Self.workerNames)
    var throughput = try table.column("throughput", choice, synonyms: Self.throughputNames)
    let seconds = try table.column("seconds", choice, synonyms: Self.secondsNames)
    if !table.hasHeader, choice.names.isEmpty, table.columns.count == 2 { (workers, throughput) = (0, 1) }
    if throughput == nil, table.hasHeader {
      throughput = table.columns.indices.first { $0 != workers && table.isRate($0) }
    }
    let chosen = choice.names["seconds"] == nil ? throughput ?? seconds : seconds
    guard let workers, let chosen, workers != chosen else {
      throw Self.missing(table, workers: workers == nil, figures: chosen == nil)
    }
    self.workers = workers
    figures = chosen
    isSeconds = chosen == seconds && chosen != throughput
    scale = try table.column("scale", choice, synonyms: ["scale", "size"])
    exits =
      table.hasHeader
      ? table.column(named: ["exit", "exit status", "exit code", "exitval"]).flatMap { table.hasNumbers($0) ? $0 : nil }
      : nil
  }

  private static let workerNames = [
    "workers", "worker", "machines", "nodes", "n", "threads", "thds", "processes", "procs", "cores", "cpus",
    "processors",
    "users", "vus", "clients", "connections", "concurrency", "parallelism", "jobs", "np", "ranks", "servers",
    "instances",
    "replicas", "number of clients", "number of threads", "virtual users", "parameter threads", "parameter workers",
    "parameter jobs", "parameter n", "num threads", "num workers", "thread count", "in flight", "p", "client", "c",
    "load",
  ]

  private static let throughputNames = [
    "throughput", "tput", "x", "tps", "qps", "rps", "ops", "xput", "rate", "speedup", "requests per second",
    "requests/sec", "requests/s", "req/s", "events per second", "goodput", "bandwidth", "iops", "x(n)",
  ]

  private static let secondsNames = [
    "seconds", "time", "duration", "elapsed", "elapsed time", "wall", "wall time", "runtime", "real", "secs", "mean",
    "median", "time s", "wall seconds", "walltime", "s",
  ]

  /// Both are told at once.
  private static func missing(_ table: DataTable, workers: Bool, figures: Bool) -> AdvisorError {
    let lacks = [workers ? "workers" : nil, figures ? "throughput or seconds" : nil].compactMap(\.self)
    let what =
      lacks.isEmpty
      ? "one column for both workers and throughput" : "no column of \(lacks.joined(separator: ", and none of "))"
    let example = ["workers", figures || lacks.isEmpty ? "throughput" : nil].compactMap(\.self).enumerated().map {
      index, part in
      "\(part)=\(table.columns[min(index, table.columns.count - 1)].excerpt)"
    }
    return AdvisorError(
      .badData, "\(table.file) has \(what); it has \(table.names(table.columns.indices))",
      advice: "name the columns workers (threads, clients, users, N, …) and throughput (tps, req/s, X, speedup, …) or "
        + "seconds; or say which they are: --columns \(example.joined(separator: ","))")
  }
}

extension DataTable {
  /// Whether a column's name says that it counts something a second.
  fileprivate func isRate(_ column: Int) -> Bool {
    let name = columns[column].lowercased()
    let endings = ["/s", "/sec", "/second", "/s)", "/sec)", "per second", "per sec", "per s", "_per_s"]
    return endings.contains { name.hasSuffix($0) } && hasNumbers(column)
  }
}
