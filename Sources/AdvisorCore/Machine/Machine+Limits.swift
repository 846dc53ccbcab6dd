extension Machine {
  /// What the kernel allows this process at most; nil where there is no limit.
  public struct Limits: Codable, Sendable, Hashable {
    /// CPUs' worth of time in every period, the least over all ancestor cgroups; a fraction.
    public var cpuQuota: Double?
    /// The length of the period in which the quota is spent, seconds.
    public var cpuPeriodSeconds: Double?
    public var memoryBytes: Int?
    /// Processes and threads, the least over all ancestor cgroups, `RLIMIT_NPROC` and what the kernel has room for.
    public var pids: Int?
    /// Those of them that are taken already; nil where the kernel does not count them.
    public var pidsInUse: Int?
    /// `RLIMIT_NOFILE`, soft.
    public var openFiles: Int?
    /// Memory mappings of one process.
    public var mappings: Int?
    /// The file or call that set each limit: `cpuQuota` → `/sys/fs/cgroup/a/cpu.max`.
    public var sources: [String: String]

    public init(
      cpuQuota: Double? = nil, cpuPeriodSeconds: Double? = nil, memoryBytes: Int? = nil, pids: Int? = nil,
      pidsInUse: Int? = nil, openFiles: Int? = nil, mappings: Int? = nil, sources: [String: String] = [:]
    ) {
      self.cpuQuota = cpuQuota
      self.cpuPeriodSeconds = cpuPeriodSeconds
      self.memoryBytes = memoryBytes
      self.pids = pids
      self.pidsInUse = pidsInUse
      self.openFiles = openFiles
      self.mappings = mappings
      self.sources = sources
    }

    private enum CodingKeys: String, CodingKey {
      case cpuQuota, cpuPeriodSeconds, memoryBytes, pids, pidsInUse, openFiles, mappings, sources
    }

    /// Writes null for "no limit": readers rely on the key being there.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(cpuQuota, forKey: .cpuQuota)
      try container.encode(cpuPeriodSeconds, forKey: .cpuPeriodSeconds)
      try container.encode(memoryBytes, forKey: .memoryBytes)
      try container.encode(pids, forKey: .pids)
      try container.encode(pidsInUse, forKey: .pidsInUse)
      try container.encode(openFiles, forKey: .openFiles)
      try container.encode(mappings, forKey: .mappings)
      try container.encode(sources, forKey: .sources)
    }
  }

  /// What remains when every limit is applied.
  public struct Usable: Codable, Sendable, Hashable {
    public var logicalCPUs: Int
    /// The lesser of usable CPUs and quota, in CPUs: 1.5 means one and a half.
    public var effectiveCPUs: Double
    /// The lesser of the machine's memory and the memory limit.
    public var memoryBytes: Int?
    /// The file or call that decided each: `effectiveCPUs` → `/sys/fs/cgroup/a/cpu.max`.
    public var sources: [String: String]

    public init(logicalCPUs: Int, effectiveCPUs: Double, memoryBytes: Int?, sources: [String: String] = [:]) {
      self.logicalCPUs = logicalCPUs
      self.effectiveCPUs = effectiveCPUs
      self.memoryBytes = memoryBytes
      self.sources = sources
    }
  }
}
