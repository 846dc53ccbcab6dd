import AdvisorCore
import CostModel
import Execution

/// What the first tasks of a run have cost, and what the whole run takes by that.
struct CommandPilot {
  private let most: Int
  private let cpus: Double
  private(set) var tasks = 0
  /// Workers when the pilot had ended.
  private(set) var workers: Int?
  private var cpuSeconds = 0.0
  private var waitSeconds = 0.0
  private var memoryBytes = 0.0
  private var remaining = RemainingTime()

  init(cpus: Double) {
    self.cpus = max(cpus, 0.01)
    most = max(4, 2 * Int(cpus.rounded(.up)))
  }

  var isOver: Bool { tasks >= most }

  mutating func add(_ outcome: CommandOutcome) {
    guard !isOver else { return }
    tasks += outcome.weight
    cpuSeconds += outcome.cpuSeconds
    waitSeconds += max(0, outcome.wallSeconds - outcome.cpuSeconds)
    memoryBytes = max(memoryBytes, Double(outcome.maxRSSBytes ?? 0))
    remaining.add(wallSeconds: outcome.wallSeconds, tasks: outcome.weight)
  }

  mutating func note(workers: Int) {
    if isOver, self.workers == nil, workers > 0 { self.workers = workers }
  }

  /// The run as a job of the cost model.
  func job(_ text: String, tasks: Int) -> Job {
    let count = Double(max(1, self.tasks))
    let stage = Stage(
      kind: .command, count: tasks, size: .seconds(max(cpuSeconds / count, 1e-6)),
      memoryBytes: memoryBytes > 0 ? memoryBytes : nil, latencySeconds: waitSeconds / count)
    return Job(text: text, stages: [stage])
  }

  /// What so many tasks take with so many workers: as long as the CPUs need for the work of all, or as the workers need
  /// for their shares, whichever is longer.
  func seconds(tasks: Int, workers: Int) -> Double {
    let each = Double(tasks) / Double(max(1, self.tasks))
    return each * max(cpuSeconds / cpus, (cpuSeconds + waitSeconds) / Double(max(1, workers)))
  }

  /// The prediction for a machine without a profile.
  func prediction(tasks: Int, workers: Int) -> Prediction {
    let middle = seconds(tasks: tasks, workers: workers)
    let range = remaining.range(left: tasks, workers: workers) ?? middle...middle
    // Tasks that compute side by side take longer than their workers' shares say; the spread is that of the sum.
    let spread = (range.upperBound - range.lowerBound) / 2
    let cpu = cpuSeconds * Double(tasks) / Double(max(1, self.tasks))
    return Prediction(
      seconds: .init(p5: max(0, middle - spread), p50: middle, p95: middle + spread), cpuSeconds: cpu,
      memoryBytes: memoryBytes * Double(workers), fixedSeconds: 0, variableSeconds: middle,
      breakdown: [.init(name: "tasks", seconds: middle)])
  }
}
