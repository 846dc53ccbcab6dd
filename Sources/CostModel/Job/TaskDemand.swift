import AdvisorCore

/// What one task, or one item on its way through several stages, asks of an otherwise idle machine.
struct TaskDemand: Sendable {
  /// Computing on one quiet core, seconds.
  var computeSeconds = 0.0
  /// Kept waiting by a timer or a remote end, seconds.
  var waitSeconds = 0.0
  var memoryBytesStreamed = 0.0
  var diskBytes = 0.0
  /// Of one HTTP reply, where there is a request.
  var httpBytes: Double?
  /// Programs started.
  var programs = 0
  /// CPU time of the one thread that starts them and takes them in.
  var dispatchSeconds = 0.0
  /// Resident while the task is under way.
  var residentBytes = 0.0
  /// Carried to a worker process and back, beside the task's number.
  var pickledBytes = 0.0
  /// What each worker maps and touches before its first task.
  var workingSetBytes = 0.0
  /// Coefficient of variation of the sizes, and which seconds and bytes it applies to: those of the largest stage.
  var spread = 0.0
  var kernel = Kernel.word
  var computeError = ErrorSource.exact

  /// The three arrays that each worker of a memory stage streams through.
  static let streamWorkingSet = 3 * 32 * 0x1p20

  /// - Throws: `.badData` where the profile lacks a cost that this stage needs, or the size is not one of its kind.
  init(_ stage: Stage, _ costs: CostBook) throws(AdvisorError) {
    spread = stage.spread
    kernel = stage.kernel
    waitSeconds = stage.latencySeconds ?? 0
    residentBytes = stage.memoryBytes ?? 0
    switch (stage.kind, stage.size) {
    case (.cpu, .units(let units)):
      let unit = try costs.secondsPerUnit(of: stage.kernel)
      computeSeconds = units * unit.value
      computeError = unit.error
    case (.cpu, .seconds(let seconds)): computeSeconds = seconds
    case (.mem, .bytes(let bytes)):
      memoryBytesStreamed = bytes
      workingSetBytes = Self.streamWorkingSet
    case (.disk, .bytes(let bytes)):
      diskBytes = bytes
      if bytes >= Double(DiskReads.largeBlockBytes) { workingSetBytes = Double(DiskReads.hugePageBytes) }
    case (.wait, .seconds(let seconds)): waitSeconds += seconds + (costs.fixed(.timerLateness)?.value ?? 0)
    case (.io, .bytes(let bytes)): httpBytes = bytes
    case (.command, .seconds(let seconds)):
      computeSeconds = costs.quietSeconds(ofCommand: seconds)
      dispatchSeconds = costs.pilot.dispatchSeconds
      programs = 1
    default: throw Self.unfit(stage)
    }
    if let runtime = costs.profile.seenBy { try see(stage, by: runtime) }
    guard
      [computeSeconds, waitSeconds, memoryBytesStreamed, diskBytes, httpBytes ?? 0, residentBytes, spread]
        .allSatisfy({ $0.isFinite && $0 >= 0 }), stage.count >= 1
    else { throw Self.unfit(stage) }
  }

  /// All the stages' demands together: what a worker meets that carries an item from end to end.
  init(_ stages: [Stage], _ costs: CostBook) throws(AdvisorError) {
    guard let first = stages.first else {
      throw AdvisorError(.badData, "the job has no stages", advice: "write one such as cpu:8x1e6")
    }
    self = try TaskDemand(first, costs)
    for stage in stages.dropFirst() { add(try TaskDemand(stage, costs)) }
  }

  private mutating func add(_ other: TaskDemand) {
    if other.computeSeconds > computeSeconds {
      kernel = other.kernel
      computeError = other.computeError
    }
    spread = max(spread, other.spread)
    computeSeconds += other.computeSeconds
    waitSeconds += other.waitSeconds
    memoryBytesStreamed += other.memoryBytesStreamed
    diskBytes += other.diskBytes
    httpBytes = httpBytes.map { $0 + (other.httpBytes ?? 0) } ?? other.httpBytes
    programs += other.programs
    dispatchSeconds += other.dispatchSeconds
    pickledBytes += other.pickledBytes
    residentBytes = max(residentBytes, other.residentBytes)
    workingSetBytes += other.workingSetBytes
  }

  private static func unfit(_ stage: Stage) -> AdvisorError {
    AdvisorError(
      .badData, "“\(stage)” cannot be predicted: its size is not a finite one of its kind",
      advice: "write it like cpu:8x1e6, mem:16x512MiB, disk:64x4MiB, wait:200x50ms or io:100x64KiB")
  }
}
