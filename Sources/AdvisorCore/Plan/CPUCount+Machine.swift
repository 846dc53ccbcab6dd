extension CPUCount {
  /// What is asked beside the machine.
  public struct Wish: Sendable, Hashable {
    public var purpose = Purpose.build
    public var memoryPerWorker: Double?
    public var max: Int?

    public init(purpose: Purpose = .build, memoryPerWorker: Double? = nil, max: Int? = nil) {
      self.purpose = purpose
      self.memoryPerWorker = memoryPerWorker
      self.max = max
    }
  }

  /// The variables in which batch systems tell a job its CPUs: Slurm's per task and on this node (sbatch(1)), Torque's, PBS
  /// Pro's, Grid Engine's (qsub(1)) and LSF's. `OMP_NUM_THREADS` is not among them: it says what one library is to do.
  static let batchVariables = [
    "SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE", "PBS_NUM_PPN", "NCPUS", "NSLOTS", "LSB_DJOB_NUMPROC",
  ]

  /// The count that the limits of this process and its batch system leave.
  ///
  /// - Parameters:
  ///   - environment: the value of a variable; nil where it is unset.
  public init(
    _ usable: Machine.Usable, _ limits: Machine.Limits, _ wish: Wish = Wish(), environment: (String) -> String?
  ) {
    var warnings = limits.warnings(of: wish.memoryPerWorker == nil ? [.cpuQuota] : [.cpuQuota, .memoryBytes])
    var bounds = [
      Bound(.cpus, Double(usable.logicalCPUs), source: usable.sources["logicalCPUs"] ?? "the affinity mask")
    ]
    if let quota = limits.cpuQuota {
      bounds.append(Bound(.quota, quota, source: limits.sources["cpuQuota"] ?? "the CPU quota"))
    }
    for name in Self.batchVariables {
      guard let text = environment(name), !text.isEmpty else { continue }
      if let count = Int(text), count >= 1 {
        bounds.append(Bound(.batch, Double(count), source: "$\(name)"))
      } else {
        warnings.append(.invalidVariable(name: name, value: text.printable))
      }
    }
    if let each = wish.memoryPerWorker, let memory = usable.memoryBytes {
      let fitting = (Double(memory) / each).rounded(.down)
      bounds.append(Bound(.memory, fitting, source: usable.sources["memoryBytes"] ?? "the machine's memory"))
      if fitting < 1 {
        warnings.append(.workerTooLarge(bytes: each, usableBytes: Double(memory)))
      }
    }
    let processes = WorkerLimit(WorkerLimit.Needs(processes: 1), limits: limits)
    if processes.bound == .processes, processes.count < usable.logicalCPUs {
      bounds.append(Bound(.processes, Double(processes.count), source: limits.sources["pids"] ?? processes.reason))
    }
    if let max = wish.max { bounds.append(Bound(.max, Double(max), source: "--max")) }
    self.init(bounds, for: wish.purpose, warnings: warnings)
  }
}

extension Machine.Limits {
  /// What could not be read of limits. That a container hides the cgroups above it is its nature, and no news each time.
  fileprivate func warnings(of names: [Name]) -> [CPUCount.Warning] {
    var seen = self
    seen.unknown.removeAll { !names.contains($0.limit) || $0.code == .outOfSight }
    return seen.unreadable.map {
      .unreadableLimits(limits: $0.limits, mayBeLower: $0.mayBeLower, cause: $0.cause, file: $0.file)
    }
  }
}
