import AdvisorCore
import CostModel
import Tasks

/// What the first tasks of a run have cost, and what the whole run takes by that.
struct CommandPilot {
  private let least: Int
  private let minSeconds: Double
  private let cpus: Double
  private(set) var tasks = 0
  /// Workers when the pilot had ended.
  private(set) var workers: Int?
  private var cpuSeconds = 0.0
  private var waitSeconds = 0.0
  private var queuedSeconds = 0.0
  private(set) var memoryBytes = 0.0
  private var readBytes = 0.0
  private var writtenBytes = 0.0
  /// CPU time of the thread that hands the tasks out, for each.
  private var dispatchSeconds = 0.0
  /// Calls, and over them the sum of those that were under way when each ended.
  private var calls = (count: 0, running: 0)
  private var remaining = RemainingTime()
  /// More tasks than these are not needed, however short they are.
  private static let most = 512

  /// - Parameters:
  ///   - total: tasks of the run, of which the first tenth is looked at, for files that come in the order of their names
  ///     differ; nil where that is unknown.
  ///   - minSeconds: of tasks, together, that it needs.
  init(cpus: Double, total: Int? = nil, minSeconds: Double = 0) {
    self.cpus = max(cpus, 0.01)
    self.minSeconds = minSeconds
    least = max(4, min(max(2 * Int(cpus.rounded(.up)), (total ?? 0) / 10), 64))
  }

  var isOver: Bool {
    guard tasks >= least else { return false }
    guard minSeconds > 0, tasks < Self.most else { return true }
    // Of tasks that differ much, more are needed.
    return cpuSeconds + waitSeconds >= minSeconds && (remaining.relativeError < 0.1 || tasks >= 4 * least)
  }

  /// Of a task, in seconds; the deviation is that of its time.
  var means: (cpuSeconds: Double, waitSeconds: Double, deviation: Double) {
    let each = 1 / Double(max(1, tasks))
    return (cpuSeconds * each, waitSeconds * each, remaining.deviation)
  }

  mutating func add(_ outcome: CommandOutcome) {
    guard !isOver else { return }
    tasks += outcome.weight
    calls = (calls.count + 1, calls.running + outcome.running)
    cpuSeconds += outcome.cpuSeconds
    // Time in the run queue is the other tasks' doing: beside fewer of them there is less of it.
    let alone = max(outcome.cpuSeconds, outcome.wallSeconds - outcome.queuedSeconds)
    waitSeconds += alone - outcome.cpuSeconds
    queuedSeconds += outcome.wallSeconds - alone
    memoryBytes = max(memoryBytes, Double(outcome.maxRSSBytes ?? 0))
    readBytes += outcome.readBytes ?? 0
    writtenBytes += outcome.writtenBytes ?? 0
    remaining.add(wallSeconds: alone, tasks: outcome.weight)
  }

  mutating func note(_ progress: CommandProgress) {
    guard isOver, workers == nil, progress.workers > 0 else { return }
    workers = progress.workers
    dispatchSeconds = progress.dispatchSeconds
  }

  /// How its figures were found, for the cost model.
  var conditions: PilotConditions {
    PilotConditions(running: calls.running, calls: calls.count, dispatchSeconds: dispatchSeconds)
  }

  /// For what a task waits by itself, in seconds: not for the thread that hands tasks out.
  private var waitOfTask: Double { max(0, waitSeconds / Double(max(1, tasks)) - dispatchSeconds) }

  /// The run as a job of the cost model.
  func job(_ text: String, tasks: Int) -> Job {
    let count = Double(max(1, self.tasks))
    let stage = Stage(
      kind: .command, count: tasks, size: .seconds(max(cpuSeconds / count, 1e-6)),
      memoryBytes: memoryBytes > 0 ? memoryBytes : nil, latencySeconds: waitOfTask,
      inputBytes: readBytes > 0 ? readBytes / count : nil, outputBytes: writtenBytes > 0 ? writtenBytes / count : nil)
    return Job(text: text, stages: [stage])
  }

  /// What so many tasks take with so many workers: as long as the CPUs need for the work of all and the last one's wait, or
  /// as the workers need for their shares, whichever is longer.
  private func seconds(tasks: Int, workers: Int) -> Double {
    let (cpu, wait) = (cpuSeconds / Double(max(1, self.tasks)) + dispatchSeconds, waitOfTask)
    return max(
      Double(tasks) * cpu / cpus + wait, rounds(tasks, workers) * (cpu + wait), Double(tasks) * dispatchSeconds)
  }

  private func rounds(_ tasks: Int, _ workers: Int) -> Double {
    let workers = max(1, min(workers, tasks))
    return Double((tasks + workers - 1) / workers)
  }

  /// The prediction for a machine without a profile.
  func prediction(tasks: Int, workers: Int) -> Prediction {
    let middle = seconds(tasks: tasks, workers: workers)
    let range = remaining.range(left: tasks, workers: workers) ?? middle...middle
    // Tasks that compute side by side take longer than their workers' shares say; the spread is that of the sum.
    let spread = (range.upperBound - range.lowerBound) / 2
    let each = 1 / Double(max(1, self.tasks))
    // Whoever kept the pilot from the CPUs may go on doing so.
    let queued = rounds(tasks, workers) * (cpuSeconds + waitSeconds + queuedSeconds) * each
    return Prediction(
      seconds: .init(p5: max(0, middle - spread), p50: middle, p95: max(middle + spread, queued)),
      cpuSeconds: cpuSeconds * Double(tasks) * each,
      memoryBytes: memoryBytes * Double(workers), fixedSeconds: 0, variableSeconds: middle,
      breakdown: [.init(name: "tasks", seconds: middle)])
  }
}
