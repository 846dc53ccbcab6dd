public import AdvisorCore
private import func Glibc.log

/// What past runs of the same command say of this one, as far as they did work like this (docs/model.md, 8.6).
public struct RunPrior: Sendable {
  /// Past runs that are looked at, the newest first.
  private static let maxRuns = 5
  /// Beyond these factors, inputs are others: in the bytes of a task, and in the number of tasks.
  private static let (maxBytesFactor, maxTasksFactor) = (2.0, 20.0)
  /// Tasks that all past runs together stand for: the run's own are worth more as soon as there are as many.
  private static let tasks = 4.0
  /// Standard deviation of the logarithm of a run's time beside an equal one's, where only one is known, and at least.
  private static let (ofOne, least) = (0.25, 0.1)
  /// The same for each factor of e between the sizes of both, or their numbers of workers.
  private static let perFactor = 0.3
  /// How many times as long as the quickest a run may take that counts as quick.
  private static let asQuick = 1.1

  private let runs: [HistoryEntry]

  /// - Parameters:
  ///   - past: runs of the same command in the same place, the newest first.
  ///   - count: tasks of this run; nil where that is not known yet.
  ///   - bytes: of the files that they are given; nil for no files.
  public init(_ past: [HistoryEntry], tasks count: Int?, bytes: Double?) {
    let mean = bytes.flatMap { bytes in count.map { bytes / Double(max(1, $0)) } }
    runs = Array(
      past.lazy.filter { run in
        guard run.observed.failed == 0, run.observed.tasks > 1, run.observed.seconds > 0 else { return false }
        guard Self.areAlike(count.map(Double.init), Double(run.observed.tasks), Self.maxTasksFactor) else {
          return false
        }
        let others = run.observed.fileBytes.map { $0 / Double(run.observed.tasks) }
        return (mean == nil) == (others == nil) && Self.areAlike(mean, others, Self.maxBytesFactor)
      }.prefix(Self.maxRuns))
  }

  private static func areAlike(_ one: Double?, _ other: Double?, _ factor: Double) -> Bool {
    guard let one, let other, one > 0, other > 0 else { return true }
    return abs(log(one / other)) <= log(factor)
  }

  /// How many workers to begin with: those of the quickest, or fewer that were about as quick; nil where there are no runs.
  public var workers: Int? {
    let paces = runs.map { (workers: $0.plan.workers, seconds: $0.observed.seconds / Self.work(of: $0)) }
    guard let least = paces.map(\.seconds).min() else { return nil }
    return paces.filter { $0.seconds <= Self.asQuick * least }.map(\.workers).min()
  }

  private static func work(of run: HistoryEntry) -> Double {
    run.observed.fileBytes.map { max($0, 1) } ?? Double(run.observed.tasks)
  }

  /// A few tasks' worth of CPU time, to be fitted with the run's own.
  var calls: [WorkFit.Call] {
    runs.map { run in
      let (share, tasks) = (Self.tasks / Double(runs.count), Double(run.observed.tasks))
      return .init(
        tasks: share, bytes: share * (run.observed.fileBytes ?? 0) / tasks,
        seconds: share * run.observed.cpuSeconds / tasks)
    }
  }

  /// The time of a run of so much work, by theirs: median of the logarithm and its deviation; nil without any.
  func seconds(tasks: Double, bytes: Double, workers: Int) -> (log: Double, deviation: Double)? {
    guard let newest = runs.first else { return nil }
    let logs = runs.map { run in
      let work = (run.observed.fileBytes == nil ? tasks : bytes) / Self.work(of: run)
      return log(run.observed.seconds * work)
    }
    let centre = logs.reduce(0, +) / Double(logs.count)
    let squares = logs.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    let own = logs.count > 1 ? (squares / Double(logs.count - 1)).squareRoot() : Self.ofOne
    let size = abs(log(max(tasks, 1) / Double(newest.observed.tasks)))
    let crew = abs(log(Double(max(1, workers)) / Double(max(1, newest.plan.workers))))
    return (centre, max(Self.least, own) + Self.perFactor * (size + crew))
  }
}
