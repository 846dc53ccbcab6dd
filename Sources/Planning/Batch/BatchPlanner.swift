public import AdvisorCore

/// Finds what meets a deadline, asking the given predictions.
public struct BatchPlanner {
  /// The machine's name, CPUs and price an hour.
  public struct Machine: Sendable {
    public var name: String
    public var cpus: Int
    public var pricePerHour: Double?

    public init(name: String, cpus: Int, pricePerHour: Double?) {
      self.name = name
      self.cpus = cpus
      self.pricePerHour = pricePerHour
    }
  }

  /// The best way to run the job on a machine with a number of CPUs, in words, and its time.
  public typealias Advice = (plan: String, seconds: BatchPlan.Estimate)

  let job: String
  let tasks: Int
  let deadline: Double
  let startSeconds: Double
  /// Prediction for the whole job on a machine.
  let advise: (Machine) throws -> Advice
  /// Prediction for some of its tasks on this machine.
  let adviseShare: (_ tasks: Int) throws -> Advice

  /// - Parameter tasks: of the job; they are what a cluster shares out.
  /// - Parameter deadline: seconds; 95 of 100 runs are to end within it.
  /// - Parameter startSeconds: to start a cluster.
  /// - Throws: `badData` for a deadline or a start that is no time.
  public init(
    job: String, tasks: Int, deadline: Double, startSeconds: Double, advise: @escaping (Machine) throws -> Advice,
    adviseShare: @escaping (Int) throws -> Advice
  ) throws(AdvisorError) {
    guard deadline.isFinite, deadline > 0, startSeconds.isFinite, startSeconds >= 0 else {
      throw AdvisorError(
        .badData, "a deadline of \(deadline) s with \(startSeconds) s to start is not possible",
        advice: "give a deadline above zero, such as 2h")
    }
    self.job = job
    self.tasks = max(1, tasks)
    self.deadline = deadline
    self.startSeconds = startSeconds
    self.advise = advise
    self.adviseShare = adviseShare
  }

  /// - Parameter others: machines to try where this one misses the deadline, and any that have a price.
  public func plan(here: Machine, others: [Machine], currency: String = "") throws -> BatchPlan {
    let single = try self.single(here)
    let tried = try others.filter { !single.meetsDeadline || $0.pricePerHour != nil }.map(self.single)
    let cluster = single.meetsDeadline ? nil : try self.cluster(here)
    let scaleUp = single.meetsDeadline ? nil : Self.cheapest(tried.filter(\.meetsDeadline))
    let breakEven = cluster.flatMap { cluster in
      startSeconds > 0
        ? BatchPlan.BreakEven(secondsBetweenRuns: cluster.seconds.p50, startSeconds: startSeconds) : nil
    }
    var plan = BatchPlan(
      job: job, deadline: deadline, here: single, others: tried.sorted(by: Self.isBetter), scaleUp: scaleUp,
      scaleOut: cluster, breakEven: breakEven, currency: currency, verdict: [])
    plan.markFront()
    plan.verdict = verdict(plan)
    return plan
  }

  private func single(_ machine: Machine) throws -> BatchPlan.Single {
    let (plan, seconds) = try advise(machine)
    return BatchPlan.Single(
      name: machine.name, cpus: machine.cpus, plan: plan, seconds: seconds, meetsDeadline: seconds.p95 <= deadline,
      cost: machine.pricePerHour.map { $0 * seconds.p50 / 3600 })
  }

  /// The fewest machines: no more than tasks, since a task is not shared out.
  private func cluster(_ machine: Machine) throws -> BatchPlan.Cluster? {
    func candidate(_ machines: Int) throws -> BatchPlan.Cluster {
      let seconds = try adviseShare((tasks + machines - 1) / machines).seconds
      let whole = BatchPlan.Estimate(p50: seconds.p50 + startSeconds, p95: seconds.p95 + startSeconds)
      let cost = machine.pricePerHour.map { $0 * Double(machines) * whole.p50 / 3600 }
      return BatchPlan.Cluster(machines: machines, seconds: whole, cost: cost)
    }
    guard tasks > 1, try candidate(tasks).seconds.p95 <= deadline else { return nil }
    var (low, high) = (1, tasks)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if try candidate(middle).seconds.p95 <= deadline { high = middle } else { low = middle }
    }
    return try candidate(high)
  }

  private static func isBetter(_ left: BatchPlan.Single, _ right: BatchPlan.Single) -> Bool {
    guard left.cost != nil || right.cost != nil else { return left.cpus < right.cpus }
    guard left.meetsDeadline == right.meetsDeadline else { return left.meetsDeadline }
    return left.meetsDeadline
      ? (left.cost ?? .infinity, left.cpus) < (right.cost ?? .infinity, right.cpus)
      : left.seconds.p95 < right.seconds.p95
  }

  /// The smallest where prices are not known.
  private static func cheapest(_ machines: [BatchPlan.Single]) -> BatchPlan.Single? {
    machines.min { ($0.cost ?? .infinity, $0.cpus) < ($1.cost ?? .infinity, $1.cpus) }
  }
}

extension BatchPlan {
  /// Marks the machines that no other beats in both time and cost.
  fileprivate mutating func markFront() {
    let all = [here] + others
    let isOnFront = { (machine: Single) in
      guard let cost = machine.cost else { return false }
      return !all.contains { other in
        guard let otherCost = other.cost, otherCost <= cost, other.seconds.p95 <= machine.seconds.p95 else {
          return false
        }
        return otherCost < cost || other.seconds.p95 < machine.seconds.p95
      }
    }
    here.isOnFront = isOnFront(here)
    for index in others.indices { others[index].isOnFront = isOnFront(others[index]) }
  }
}
