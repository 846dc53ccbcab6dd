import AdvisorCore

/// The calls of a run that have ended, in the order of their ends; of very many every other one, again and again.
struct EndedCalls: Sendable {
  struct Call: Sendable {
    var usage: TaskUsage
    /// Seconds since the run began; nil where that is not told.
    var at: Double?
    /// Tasks that had ended by then, this call's among them, and the bytes of their files.
    var tasks: Double
    var bytes: Double
  }

  private(set) var calls: [Call] = []
  private(set) var tasks = 0.0
  private(set) var bytes = 0.0
  private var count = 0
  private var step = 1
  private static let maxKept = 2048

  mutating func add(_ usage: TaskUsage, at seconds: Double?) {
    tasks += Double(usage.weight)
    bytes += usage.fileBytes ?? 0
    count += 1
    guard count % step == 0 else { return }
    calls.append(Call(usage: usage, at: seconds, tasks: tasks, bytes: bytes))
    guard calls.count == Self.maxKept else { return }
    calls = calls.indices.filter { $0 % 2 == 1 }.map { calls[$0] }
    step *= 2
  }

  /// Whether none was left out, so that they are the run from its begin.
  var isWhole: Bool { step == 1 }

  /// The first calls by which a share of all the work was done, by bytes where files have any.
  func first(share: Double) -> ArraySlice<Call> {
    let end = calls.firstIndex { bytes > 0 ? $0.bytes >= share * bytes : $0.tasks >= share * tasks }
    return calls.prefix((end ?? calls.endIndex - 1) + 1)
  }

  /// How long they took, by a measure of it.
  func times(_ seconds: (TaskUsage) -> Double) -> TaskTimes {
    var times = TaskTimes()
    for call in calls { times.add(wallSeconds: seconds(call.usage), tasks: call.usage.weight) }
    return times
  }

  /// The fit to what calls have cost, or to as many of them as tell enough.
  static func fit(
    _ calls: ArraySlice<Call>, with others: [WorkFit.Call] = [], atMost most: Int = 512,
    _ seconds: (TaskUsage) -> Double
  ) -> WorkFit? {
    let step = max(1, calls.count / most)
    let own = calls.enumerated().filter { $0.offset % step == 0 }.map { (_, call) -> WorkFit.Call in
      .init(tasks: Double(call.usage.weight), bytes: call.usage.fileBytes ?? 0, seconds: seconds(call.usage))
    }
    return WorkFit(own + others)
  }
}

extension ArraySlice<EndedCalls.Call> {
  /// Calls that were under way when one ended, itself among them; there is at least one.
  var meanRunning: Double { Double(reduce(0) { $0 + $1.usage.running }) / Double(count) }
}

extension TaskUsage {
  /// What it took but for other tasks' and programs' use of the CPUs.
  var aloneSeconds: Double { max(cpuSeconds, wallSeconds - queuedSeconds) }
  /// What it would have taken among at most this number of its run: those that ran took the CPUs from each other.
  ///
  /// Where it took longer than their fair shares say, others wanted the CPUs, too, and still do beside fewer.
  func wallSeconds(besideAtMost workers: Int, cpus: Double) -> Double {
    guard running > workers else { return wallSeconds }
    let (now, then) = (FairShares(cpus: cpus, own: Double(workers)), FairShares(cpus: cpus, own: Double(running)))
    let others = then.others(slowdown: wallSeconds / max(aloneSeconds, 1e-9))
    return max(aloneSeconds, wallSeconds * now.slowdown(beside: others) / then.slowdown(beside: others))
  }
  /// For what it waited by itself.
  var waitSeconds: Double { aloneSeconds - cpuSeconds }
}
