public import AdvisorCore

/// Finds what meets a deadline, asking the given predictions.
public struct BatchPlanner {
  /// The machine's name, CPUs and price an hour.
  public struct Machine: Sendable {
    public var name: String
    public var cpus: Int
    public var pricePerHour: Double?
    /// How often its CPUs are twice or half those of the measured machine that it is scaled from; 0 for a measured one.
    public var doublings: Double

    public init(name: String, cpus: Int, pricePerHour: Double?, doublings: Double = 0) {
      self.name = name
      self.cpus = cpus
      self.pricePerHour = pricePerHour
      self.doublings = doublings
    }
  }

  /// The best way to run tasks of the job on a machine, in words, and its time.
  public typealias Advice = (plan: String, seconds: BatchPlan.Estimate)

  let job: String
  let tasks: Int
  let deadline: Double
  let startSeconds: Double
  /// Prediction for a number of the job's tasks on a machine.
  private let advise: (_ tasks: Int, Machine) throws -> Advice

  /// - Parameter tasks: of the job; they are what a cluster shares out.
  /// - Parameter deadline: seconds; 95 of 100 runs are to end within it.
  /// - Parameter startSeconds: to start a cluster.
  /// - Throws: `badData` for a deadline or a start that is no time.
  public init(
    job: String, tasks: Int, deadline: Double, startSeconds: Double,
    advise: @escaping (_ tasks: Int, Machine) throws -> Advice
  ) throws(AdvisorError) {
    guard deadline.isFinite, deadline > 0, startSeconds.isFinite, startSeconds >= 0 else {
      throw AdvisorError(
        .badData,
        "a deadline of \(Quantity.text(seconds: deadline)) with \(Quantity.text(seconds: startSeconds)) to start is not possible",
        advice: "give a deadline above zero, such as 2h")
    }
    self.job = job
    self.tasks = max(1, tasks)
    self.deadline = deadline
    self.startSeconds = startSeconds
    self.advise = advise
  }

  /// - Parameter others: machines to try where this one misses the deadline, and any that have a price.
  public func plan(here: Machine, others: [Machine], currency: String = "") throws -> BatchPlan {
    let single = try self.single(here)
    let others = others.filter { !single.meetsDeadline || $0.pricePerHour != nil }
    let tried = try others.map(self.single)
    let scaleOut = single.meetsDeadline ? nil : try fewest(here)
    let breakEven = scaleOut.flatMap { cluster in
      startSeconds > 0
        ? BatchPlan.BreakEven(secondsBetweenRuns: cluster.seconds.p50, startSeconds: startSeconds) : nil
    }
    var plan = BatchPlan(
      job: job, deadline: deadline, here: single, others: tried.sorted(by: Self.isBetter),
      scaleUp: single.meetsDeadline ? nil : Self.cheapest(tried.filter(\.meetsDeadline)), scaleOut: scaleOut,
      clusters: try ([here] + others).filter { $0.pricePerHour != nil }.flatMap(clusters), breakEven: breakEven,
      currency: currency, verdict: [])
    plan.keepFront()
    plan.verdict = verdict(plan)
    return plan
  }

  private func single(_ machine: Machine) throws -> BatchPlan.Single {
    let (plan, seconds) = try prediction(tasks, machine)
    return BatchPlan.Single(
      name: machine.name, cpus: machine.cpus, plan: plan, seconds: seconds, meetsDeadline: seconds.p95 <= deadline,
      cost: machine.pricePerHour.map { $0 * seconds.p50 / 3600 }, doublings: machine.doublings)
  }

  private func prediction(_ tasks: Int, _ machine: Machine) throws -> Advice {
    let (plan, seconds) = try advise(tasks, machine)
    return (plan, seconds.scaled(doublings: machine.doublings))
  }

  private func cluster(_ machines: Int, _ machine: Machine) throws -> BatchPlan.Cluster {
    let (plan, seconds) = try prediction((tasks + machines - 1) / machines, machine)
    let whole = BatchPlan.Estimate(p50: seconds.p50 + startSeconds, p95: seconds.p95 + startSeconds)
    return BatchPlan.Cluster(
      name: machine.name, cpus: machine.cpus, machines: machines, plan: plan, seconds: whole,
      meetsDeadline: whole.p95 <= deadline,
      cost: machine.pricePerHour.map { $0 * Double(machines) * whole.p50 / 3600 })
  }

  /// 2, 4, 8, … machines, and the fewest that meet the deadline.
  private func clusters(_ machine: Machine) throws -> [BatchPlan.Cluster] {
    let counts = sequence(first: 2) { $0 * 2 }.prefix { $0 <= min(tasks, Self.maxMachines) }
    return try counts.map { try cluster($0, machine) } + [fewest(machine)].compactMap(\.self)
  }

  private static let maxMachines = 64

  /// The fewest machines that meet the deadline: no more than tasks, since a task is not shared out.
  private func fewest(_ machine: Machine) throws -> BatchPlan.Cluster? {
    guard tasks > 1, try cluster(tasks, machine).meetsDeadline else { return nil }
    var (low, high) = (1, tasks)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if try cluster(middle, machine).meetsDeadline { high = middle } else { low = middle }
    }
    return try cluster(high, machine)
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
  /// Marks the machines that nothing beats in both time and cost, and keeps such clusters.
  fileprivate mutating func keepFront() {
    let front = ParetoFront(
      ([here] + others).map { ($0.cost, $0.seconds.p95) } + clusters.map { ($0.cost, $0.seconds.p95) })
    here.isOnFront = front.contains(cost: here.cost, seconds: here.seconds.p95)
    for index in others.indices {
      others[index].isOnFront = front.contains(cost: others[index].cost, seconds: others[index].seconds.p95)
    }
    clusters = Set(clusters.filter { front.contains(cost: $0.cost, seconds: $0.seconds.p95) })
      .sorted { ($0.cost ?? 0, $0.machines) < ($1.cost ?? 0, $1.machines) }
  }
}
