/// The fleet of one kind of machine.
struct FleetSizing {
  let option: MachineOption
  let goal: FleetGoal

  var fleet: FleetPlan.Fleet {
    guard let needed = needed() else {
      return FleetPlan.Fleet(option: option, problem: problem)
    }
    let machines = needed + goal.redundancy
    return FleetPlan.Fleet(
      option: option, machines: machines, pricePerHour: option.pricePerHour.map { $0 * Double(machines) },
      whole: state(machines), afterOneFailure: machines > 1 ? state(machines - 1) : nil,
      sensitivity: FleetPlan.Sensitivity(
        lessLoad: machinesIf(load: 0.8), moreLoad: machinesIf(load: 1.2), fasterService: machinesIf(service: 0.8),
        slowerService: machinesIf(service: 1.2)))
  }

  private func machinesIf(load: Double = 1, service: Double = 1) -> Int? {
    needed(load: load, service: service).map { $0 + goal.redundancy }
  }

  /// The fewest machines that meet the goal with none to spare; more machines never make it worse.
  private func needed(load: Double = 1, service: Double = 1) -> Int? {
    guard option.servers >= 1, option.serviceTime.isFinite, option.serviceTime > 0 else { return nil }
    let busy = goal.arrivalRate * load * option.serviceTime * service
    let least = (busy / Double(option.servers) / (1 - goal.headroom)).rounded(.up)
    guard least < Self.maxMachines else { return nil }
    let meets = { machines in state(machines, load: load, service: service).meetsGoal }
    var (low, high) = (max(0, Int(least) - 1), max(1, Int(least)))
    while !meets(high) {
      guard Double(high) < Self.maxMachines else { return nil }
      (low, high) = (high, high * 2)
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if meets(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// The highest arrival rate, in requests a second, at which a number of machines meets the goal; nil when none does.
  func maxArrivalRate(machines: Int) -> Double? {
    guard option.servers >= 1, option.serviceTime.isFinite, option.serviceTime > 0 else { return nil }
    let fast = ExponentialQueue.maxArrivalRate(
      serviceSeconds: option.serviceTime, servers: option.servers,
      goal: .response(share: 0.95, within: goal.p95Response))
    let busy = (1 - goal.headroom) * Double(option.servers) / option.serviceTime
    return fast.map { min($0, busy) * Double(machines) }
  }

  private func state(_ machines: Int, load: Double = 1, service: Double = 1) -> FleetPlan.State {
    let share = goal.arrivalRate * load / Double(machines)
    let seconds = option.serviceTime * service
    let utilisation = share * seconds / Double(option.servers)
    guard
      let queue = try? ExponentialQueue(
        QueueLoad(arrivalRate: share, serviceSeconds: seconds), servers: option.servers)
    else { return FleetPlan.State(machines: machines, utilisation: utilisation, p95Response: nil, meetsGoal: false) }
    let isFast = QueueGoal.response(share: 0.95, within: goal.p95Response).isMet(by: queue)
    return FleetPlan.State(
      machines: machines, utilisation: utilisation, p95Response: queue.responseQuantile(0.95),
      meetsGoal: isFast && utilisation <= 1 - goal.headroom)
  }

  private var problem: FleetPlan.Problem {
    let alone = ServiceDistribution.exponential.quantile(0.95) * option.serviceTime
    return alone < goal.p95Response
      ? .tooManyMachines(limit: Int(Self.maxMachines)) : .serviceTooLong(p95Seconds: alone)
  }

  private static let maxMachines = 1e6
}
