import AdvisorCore

/// The figures of a profile as the model uses them: looked up once, damaged ones left out.
struct CostBook: Sendable {
  let profile: MachineProfile
  /// How the costs of a job's commands were found.
  var pilot = PilotConditions()
  /// What other processes take of the CPUs during the run.
  let others: OtherLoad
  let quota: Quota?
  private let capacities: [Kernel: Capacity]
  /// Of threads of which one at a time computes, under a global interpreter lock.
  let capacityOfTurns: Capacity
  private let bandwidth: MemoryBandwidth?
  let firstTouch: FirstTouch
  private let disk: DepthCurve?
  private let http: (loop: DepthCurve?, threads: DepthCurve?)
  private let requests: (loop: RequestCosts?, threads: RequestCosts?)

  /// What a disk's rate moves by between two slices of a calibration, which its slices do not show: half the 90 % interval, by
  /// calibrations a minute apart, between which it moved by up to 27 %.
  private static let diskDrift = 0.1
  /// Standard deviation of how much faster two and four reads of 1 MiB at a time were than one, whose slices take turns: 2.3 and
  /// 2.8 % in 54 calibrations of a day.
  private static let diskOverlap = 0.03

  /// - Parameter seconds: how long the run lasts, as far as others come and go meanwhile.
  /// - Throws: `.badData` where the machine has no CPU to run anything on.
  init(_ profile: MachineProfile, ofRunOf seconds: Double = 0) throws(AdvisorError) {
    self.profile = profile
    let others = OtherLoad(profile, during: seconds)
    self.others = others
    let machine = profile.machine
    let measured = profile.withoutQuotaInFigures.variableCosts
    capacities = Dictionary(
      uniqueKeysWithValues: Kernel.allCases.map { kernel in
        let own = measured.speedups.filter { $0.kernel == kernel }
        return (
          kernel,
          Capacity(
            machine: machine, speedups: own.isEmpty ? measured.speedups : own,
            others: others)
        )
      })
    guard capacities.values.allSatisfy({ $0.logicalCPUs >= 1 }) else {
      throw AdvisorError(
        .badData, "the profile's machine has no CPU that may be used",
        advice: "calibrate with `advisor calibrate`, or give the machine at least one CPU: --what-if cpus=1")
    }
    capacityOfTurns = Capacity(ofTurnsOn: machine, profile.seenBy?.threadSpeedups ?? [], others: others)
    quota = Quota(machine)
    bandwidth = MemoryBandwidth(machine: machine, points: measured.memoryBandwidth)
    firstTouch = FirstTouch(machine, measured, warmBytes: profile.warmMemoryBytes)
    disk = DepthCurve(profile.variableCosts.disk, drift: Self.diskDrift, overlap: Self.diskOverlap)
    let found = profile.variableCosts
    let loop = found.http
    // One thread that asks is a loop with one in flight.
    let threads = found.httpThreads.map { loop.filter { $0.depth == 1 } + $0 } ?? []
    func curve(_ requests: [DepthPoint]) -> DepthCurve? {
      DepthCurve(requests) { found.spread(ofRequest: $0, among: requests, on: machine) }
    }
    http = (curve(loop), curve(threads))
    requests = (RequestCosts(loop), RequestCosts(threads))
  }

  /// The same beside those that there are while the CPUs do the job's computing.
  func during(_ job: Job) throws(AdvisorError) -> CostBook {
    let demand = try TaskDemand(job.stages, self)
    let cpus = capacity(for: .word).logicalCPUs
    let streaming = bandwidth.map { demand.memoryBytesStreamed / $0.total(threads: cpus) } ?? 0
    let seconds = (demand.computeSeconds / Double(cpus) + streaming) * Double(job.stages[0].count)
    guard OtherLoad(profile, during: seconds) != others else { return self }
    var book = try CostBook(profile, ofRunOf: seconds)
    book.pilot = pilot
    return book
  }

  func capacity(for kernel: Kernel) -> Capacity {
    capacities[kernel] ?? Capacity(machine: profile.machine)
  }

  /// CPU time on one quiet core of a command whose record says so much: that holds what the pilot's tasks lost to each other.
  func quietSeconds(ofCommand cpuSeconds: Double) -> Double {
    let capacity = capacity(for: .word)
    let threads = max(1, min(pilot.concurrency, capacity.logicalCPUs))
    return cpuSeconds * capacity.quietSpeedup(threads) / Double(threads)
  }

  /// A fixed cost as found, in seconds or bytes; nil where it was not measured or makes no sense.
  func fixed(_ name: FixedCost.Name, _ placement: FixedCost.Placement? = nil) -> Cost? {
    guard let cost = profile.fixed(name, placement), cost.typical.value.isFinite, cost.typical.value >= 0
    else { return nil }
    return Cost(value: cost.typical.value, error: ErrorSource(name.rawValue, cost.typical))
  }

  /// CPU time of one unit of a kernel.
  func secondsPerUnit(of kernel: Kernel) throws(AdvisorError) -> Cost {
    guard let found = profile.kernel(kernel), found.secondsPerUnit.value.isFinite, found.secondsPerUnit.value > 0 else {
      throw .missing("the cost of a work unit of the kernel \(kernel.rawValue)", level: .standard)
    }
    var error = ErrorSource("kernel \(kernel.rawValue)", found.secondsPerUnit)
    error.runSpread = found.runSpread ?? 0
    return Cost(value: found.secondsPerUnit.value, error: error)
  }

  func memoryBandwidth() throws(AdvisorError) -> MemoryBandwidth {
    guard let bandwidth else { throw .missing("memory bandwidth by threads", level: .standard) }
    return bandwidth
  }

  func diskCurve() throws(AdvisorError) -> DepthCurve {
    guard let disk else { throw .missing("disk reads by how many are under way", level: .standard) }
    return disk
  }

  /// Of requests in flight on one loop, or of threads that each ask one after another; where only the other was measured,
  /// it stands for both.
  func httpCurve(onLoop: Bool) throws(AdvisorError) -> DepthCurve {
    guard let curve = onLoop ? http.loop ?? http.threads : http.threads ?? http.loop else {
      throw .missing("HTTP requests by how many are under way", level: .standard)
    }
    return curve
  }

  func requests(onLoop: Bool) -> RequestCosts? {
    onLoop ? requests.loop ?? requests.threads : requests.threads ?? requests.loop
  }
}

extension AdvisorError {
  /// A cost that the job needs and the profile lacks.
  static func missing(_ what: String, level: MachineProfile.Level) -> AdvisorError {
    AdvisorError(
      .badData, "the profile lacks \(what), which this job needs",
      advice: "measure it with `advisor calibrate --level \(level.rawValue)`")
  }
}
