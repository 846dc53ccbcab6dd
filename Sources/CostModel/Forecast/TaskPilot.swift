public import AdvisorCore

/// What the first tasks of a run have cost.
public struct TaskPilot: Sendable {
  private let size: Int
  private let minSeconds: Double
  public private(set) var tasks = 0
  /// Workers when the pilot had ended.
  public private(set) var workers: Int?
  private var cpuSeconds = 0.0
  private var waitSeconds = 0.0
  private var queuedSeconds = 0.0
  /// The largest of any one task.
  public private(set) var memoryBytes = 0.0
  private var readBytes = 0.0
  private var writtenBytes = 0.0
  /// CPU time of the thread that hands the tasks out, for each.
  private var dispatchSeconds = 0.0
  /// Calls, and over them the sum of those that were under way when each ended.
  private var calls = (count: 0, running: 0)
  private var times = TaskTimes()
  /// More tasks than these are not needed, however short they are.
  private static let maxTasks = 512

  /// - Parameters:
  ///   - size: tasks that it needs.
  ///   - minSeconds: of tasks, together, that it needs.
  public init(size: Int, minSeconds: Double = 0) {
    self.size = size
    self.minSeconds = minSeconds
  }

  /// - Parameters:
  ///   - cpus: CPUs' worth of time, of which each does two tasks.
  ///   - total: tasks of the run, of which the first twentieth is looked at, for tasks differ; nil where that is unknown.
  ///   - minSeconds: of tasks, together, that it needs.
  public init(cpus: Double, total: Int?, minSeconds: Double) {
    self.init(size: max(4, min(max(2 * Int(cpus.rounded(.up)), (total ?? 0) / 20), 64)), minSeconds: minSeconds)
  }

  public var isOver: Bool {
    guard tasks >= size else { return false }
    guard minSeconds > 0, tasks < Self.maxTasks else { return true }
    // Of tasks that differ much, more are needed.
    return cpuSeconds + waitSeconds >= minSeconds && (times.relativeError < 0.1 || tasks >= 4 * size)
  }

  /// Takes in a call that has ended; once the pilot is over, it is left out.
  public mutating func add(_ usage: TaskUsage) {
    guard !isOver else { return }
    tasks += usage.weight
    calls = (calls.count + 1, calls.running + usage.running)
    cpuSeconds += usage.cpuSeconds
    // Time in the run queue is the other tasks' doing: beside fewer of them there is less of it.
    let alone = max(usage.cpuSeconds, usage.wallSeconds - usage.queuedSeconds)
    waitSeconds += alone - usage.cpuSeconds
    queuedSeconds += usage.wallSeconds - alone
    memoryBytes = max(memoryBytes, Double(usage.maxRSSBytes ?? 0))
    readBytes += usage.readBytes ?? 0
    writtenBytes += usage.writtenBytes ?? 0
    times.add(wallSeconds: alone, tasks: usage.weight)
  }

  /// Takes in how the run stands; what counts is the first time after the pilot.
  public mutating func note(workers: Int, dispatchSeconds: Double = 0) {
    guard isOver, self.workers == nil, workers > 0 else { return }
    self.workers = workers
    self.dispatchSeconds = dispatchSeconds
  }

  /// How its figures were found, for the cost model.
  public var conditions: PilotConditions {
    PilotConditions(running: calls.running, calls: calls.count, dispatchSeconds: dispatchSeconds)
  }
}

/// What its figures say of the whole run.
extension TaskPilot {
  /// Of a task in the mean, in seconds; the deviation is that of its time.
  public var means: (cpuSeconds: Double, waitSeconds: Double, deviation: Double) {
    (each(cpuSeconds), each(waitSeconds), times.deviation)
  }

  private func each(_ sum: Double) -> Double { sum / Double(max(1, tasks)) }

  /// For what a task waits by itself, in seconds: not for the thread that hands tasks out.
  private var waitOfTask: Double { max(0, each(waitSeconds) - dispatchSeconds) }

  /// For how long a task computes and waits in the mean, in seconds.
  var needs: (computing: Double, waiting: Double) { (each(cpuSeconds), waitOfTask) }

  /// A number of tasks as a stage of commands.
  public func commandStage(tasks: Int) -> Stage {
    Stage(
      kind: .command, count: tasks, size: .seconds(max(each(cpuSeconds), 1e-6)),
      memoryBytes: memoryBytes > 0 ? memoryBytes : nil, latencySeconds: waitOfTask,
      inputBytes: readBytes > 0 ? each(readBytes) : nil, outputBytes: writtenBytes > 0 ? each(writtenBytes) : nil)
  }

  /// A number of tasks as a stage that only waits.
  public func waitStage(tasks: Int) -> Stage {
    Stage(kind: .wait, count: tasks, size: .seconds(max(each(waitSeconds), 1e-6)))
  }

  /// The prediction without a profile: the tasks take as long as the CPUs need for the work of all and the last one's wait, or
  /// as the workers need for their shares, or as the thread that hands them out and the last one, whichever is longest.
  public func prediction(tasks: Int, workers: Int, cpus: Double) -> Prediction {
    prediction(tasks: tasks, computing: each(cpuSeconds), waiting: waitOfTask, workers: workers, cpus: cpus)
  }

  /// A prediction for tasks that each compute and wait for the given seconds.
  func prediction(tasks: Int, computing: Double, waiting wait: Double, workers: Int, cpus: Double) -> Prediction {
    let (cpu, count) = (computing + dispatchSeconds, Double(tasks))
    let used = max(1, min(workers, tasks))
    let rounds = Double((tasks + used - 1) / used)
    let dispatch = count * dispatchSeconds
    let middle = max(count * cpu / max(cpus, 0.01) + wait, rounds * (cpu + wait), dispatch + computing + wait)
    let sum = times.left(tasks, workers: workers) ?? .init(p5: middle, p50: middle, p95: middle)
    // Tasks that compute side by side take longer than their workers' shares say; the spread is that of the sum.
    let spread = (sum.p95 - sum.p5) / 2
    // Other load, which kept the pilot from the CPUs, may go on.
    let queued = rounds * (computing + wait + dispatchSeconds + each(queuedSeconds))
    return Prediction(
      seconds: .init(p5: max(0, middle - spread), p50: middle, p95: max(middle + spread, queued)),
      cpuSeconds: computing * count, memoryBytes: memoryBytes * Double(workers), fixedSeconds: 0,
      variableSeconds: middle, breakdown: [.init(name: "tasks", seconds: middle)])
  }
}
