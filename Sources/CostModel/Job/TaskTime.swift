import AdvisorCore
import Statistics

/// Where the time of one task goes, in seconds, by how many are under way.
struct TaskTime: Sendable, Hashable {
  var compute = 0.0
  var memory = 0.0
  var disk = 0.0
  var transfer = 0.0
  var wait = 0.0

  var total: Double { compute + memory + disk + transfer + wait }
}

/// How one task's time depends on how many are under way (docs/model.md, 2.1).
struct TaskPace: Sendable {
  /// What carries the tasks: a thread each, threads of which one at a time computes, or one loop that does the computing of all.
  enum Carrier: Sendable { case workers, takingTurns, loop }

  let demand: TaskDemand
  let carrier: Carrier
  /// CPU time that the strategy adds to each task.
  let overhead: Double
  private let capacity: Capacity
  let bandwidth: MemoryBandwidth?
  private let disk: DepthCurve?
  private let reads: DiskReads
  private let http: DepthCurve?
  /// CPU time of the task's request; nil without one, or where the profile does not tell.
  let request: RequestCost?
  private let others: OtherLoad

  init(_ demand: TaskDemand, _ carrier: Carrier, overhead: Double, _ costs: CostBook) throws(AdvisorError) {
    self.demand = demand
    self.carrier = carrier
    self.overhead = overhead
    others = costs.others
    capacity = carrier == .takingTurns ? costs.capacityOfTurns : costs.capacity(for: demand.kernel)
    bandwidth = demand.memoryBytesStreamed > 0 ? try costs.memoryBandwidth() : nil
    reads = DiskReads(bytes: demand.diskBytes)
    disk = demand.diskBytes > 0 ? try costs.diskCurve() : nil
    http = demand.httpBytes != nil ? try costs.httpCurve(onLoop: carrier == .loop) : nil
    request = demand.httpBytes.flatMap { costs.requests(onLoop: carrier == .loop)?.cost(bytes: $0) }
  }

  /// The time of each task, by how many are under way together.
  ///
  /// Tasks that never wait share the CPUs all the time; tasks that wait meet in the queue for them now and then, as in a closed
  /// system of `busy` users who think while they wait.
  func time(busy: Int) -> TaskTime {
    let count = max(1, busy)
    var time = TaskTime(
      disk: disk.map { Double(count) * reads.count * $0.interval(depth: Double(count), bytes: readBytes) } ?? 0,
      wait: demand.waitSeconds)
    let alone = demand.computeSeconds + demand.dispatchSeconds + overhead + requestBesideWork
    time.transfer = transfer(busy: count, away: time.total + alone)
    let away = time.total
    let crowding = crowding(busy: count, alone: alone + streaming(busy: 1), away: away)
    time.compute = alone * crowding
    time.memory = away > 0 ? streaming(busy: 1) * crowding : streamingBesideOthers(busy: count)
    return time
  }

  private var readBytes: Double { Double(reads.blockBytes) }

  func memoryError(busy: Int) -> ErrorSource { bandwidth?.error(threads: busy) ?? .exact }
  var diskError: ErrorSource { disk?.error(bytes: readBytes) ?? .exact }
  var transferError: ErrorSource { http?.error(bytes: demand.httpBytes ?? 0) ?? .exact }

  /// How many under way use up what limits the tasks' bytes; 0 where they move none.
  var deviceKnee: Double {
    max(
      Double(bandwidth?.saturation ?? 0), disk?.knee(bytes: readBytes) ?? 0,
      http?.knee(bytes: demand.httpBytes ?? 0) ?? 0)
  }

  /// How many tasks at once the CPUs carry at full speed.
  var carried: Double { speedup(cpus) }

  /// How many tasks' work the CPUs do at once, by how many want them.
  func speedup(_ wanting: Int) -> Double {
    carrier == .loop ? 1 : capacity.speedup(min(wanting, capacity.logicalCPUs))
  }

  /// Logical CPUs that the tasks may use at once.
  var cpus: Int { carrier == .loop ? 1 : capacity.logicalCPUs }

  /// How many times as long equal tasks take that many at a time because others slow some of these more.
  func unevenness(tasks: Int, busy: Int) -> Double {
    carrier == .workers ? capacity.unevenness(tasks: tasks, workers: busy) : 1
  }

  /// CPU time of one task, by how many are under way: computing and waiting for memory.
  func cpuSeconds(busy: Int) -> Double {
    // Those that wait for their turn use no CPU.
    let threads = carrier == .takingTurns ? 1 : min(max(1, busy), capacity.logicalCPUs)
    // Hardware threads of one core slow each other: the same work then takes more CPU time.
    return (demand.computeSeconds + overhead + (request?.client ?? 0)) * Double(threads)
      / capacity.quietSpeedup(threads)
      + streaming(busy: threads)
  }

  /// CPU time of the request that other work of the same tasks has to wait for: ours, and that of a server beside us.
  ///
  /// Requests alone have it in their measured rates.
  private var requestBesideWork: Double {
    guard let request, carrier == .workers, demand.computeSeconds + demand.memoryBytesStreamed > 0 else { return 0 }
    return request.client + request.server
  }

  private func crowding(busy: Int, alone: Double, away: Double) -> Double {
    guard alone > 0 else { return 1 }
    // Equal waits that begin together end together, and one loop turns to them one after the other.
    if carrier == .loop, away <= 0 || (demand.spread == 0 && http == nil) { return Double(busy) }
    guard away > 0 else { return max(1, 1 / capacity.share(busy)) }
    let system = ClosedMVA(users: busy, think: away, service: alone, capacity: carried, speedup: speedup)
    return max(1, (system?.response ?? alone) / alone)
  }

  private func streaming(busy: Int) -> Double {
    guard let bandwidth else { return 0 }
    return demand.memoryBytesStreamed * Double(busy) / bandwidth.total(threads: busy)
  }

  private func streamingBesideOthers(busy: Int) -> Double {
    guard let bandwidth else { return 0 }
    return demand.memoryBytesStreamed * Double(busy) / bandwidth.total(running: capacity.fairShare(busy))
  }

  private func transfer(busy: Int, away: Double) -> Double {
    guard let http, let bytes = demand.httpBytes else { return 0 }
    let interval = interval(of: http, depth: Double(busy), bytes: bytes)
    // As measured with that many: one alone waits for the server to wake, which the others' requests spare it.
    guard away > 0 else { return Double(busy) * interval }
    let alone = self.interval(of: http, depth: 1, bytes: bytes)
    let link = SharedLink(alone: max(0, alone - requestBesideWork), interval: interval)
    return demand.spread == 0 ? link.responseInStep(busy) : link.responseAtRandom(busy, away: away)
  }

  /// Seconds between replies beside what others do: a server on the same machine answers as late as both sides get their CPUs, of
  /// one elsewhere only our own work is late.
  private func interval(of http: DepthCurve, depth: Double, bytes: Double) -> Double {
    let quiet = http.interval(depth: depth, bytes: bytes)
    guard let request else { return quiet }
    let onCPUs = request.server > 0 ? quiet : min(quiet, request.client)
    return quiet + onCPUs * (others.slowdown - 1)
  }
}
