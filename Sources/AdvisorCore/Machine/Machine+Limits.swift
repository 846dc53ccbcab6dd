extension Machine {
  /// What the kernel allows this process at most.
  ///
  /// Each limit is a number; or nil and none, as the file in ``sources`` says; or nil and unknown, with what could not be
  /// read in ``unknown``. A number with an entry there may be lower in truth.
  public struct Limits: Codable, Sendable, Hashable {
    /// The limits by their keys in JSON.
    public enum Name: String, Codable, Sendable, CaseIterable { case cpuQuota, memoryBytes, pids, openFiles }

    /// CPUs' worth of time in every period, the least over all ancestor cgroups; a fraction.
    @Nullable public var cpuQuota: Double?
    /// The length of the period in which the quota is spent, seconds.
    @Nullable public var cpuPeriodSeconds: Double?
    @Nullable public var memoryBytes: Int?
    /// Processes and threads, the least over all ancestor cgroups, `RLIMIT_NPROC` and what the kernel has room for.
    @Nullable public var pids: Int?
    /// Processes and threads that exist already; nil where the kernel does not count them.
    @Nullable public var pidsInUse: Int?
    /// `RLIMIT_NOFILE`, soft.
    @Nullable public var openFiles: Int?
    /// Memory mappings of one process.
    @Nullable public var mappings: Int?
    /// The file or call that sets each limit, or says that there is none: `cpuQuota` → `/sys/fs/cgroup/a/cpu.max`.
    public var sources: [String: String]
    /// What may set a limit, and could not be read.
    public var unknown: [UnknownLimit]

    public init(
      cpuQuota: Double? = nil, cpuPeriodSeconds: Double? = nil, memoryBytes: Int? = nil, pids: Int? = nil,
      pidsInUse: Int? = nil, openFiles: Int? = nil, mappings: Int? = nil, sources: [String: String] = [:],
      unknown: [UnknownLimit] = []
    ) {
      self.cpuQuota = cpuQuota
      self.cpuPeriodSeconds = cpuPeriodSeconds
      self.memoryBytes = memoryBytes
      self.pids = pids
      self.pidsInUse = pidsInUse
      self.openFiles = openFiles
      self.mappings = mappings
      self.sources = sources
      self.unknown = unknown
    }

    /// Profiles from before 0.2 do not say what is unknown.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      cpuQuota = try container.decodeIfPresent(Double.self, forKey: .cpuQuota)
      cpuPeriodSeconds = try container.decodeIfPresent(Double.self, forKey: .cpuPeriodSeconds)
      memoryBytes = try container.decodeIfPresent(Int.self, forKey: .memoryBytes)
      pids = try container.decodeIfPresent(Int.self, forKey: .pids)
      pidsInUse = try container.decodeIfPresent(Int.self, forKey: .pidsInUse)
      openFiles = try container.decodeIfPresent(Int.self, forKey: .openFiles)
      mappings = try container.decodeIfPresent(Int.self, forKey: .mappings)
      sources = try container.decode([String: String].self, forKey: .sources)
      unknown = try container.decodeIfPresent([UnknownLimit].self, forKey: .unknown) ?? []
    }
  }

  /// What remains when every limit is applied.
  public struct Usable: Codable, Sendable, Hashable {
    public var logicalCPUs: Int
    /// The lesser of usable CPUs and quota, in CPUs: 1.5 means one and a half.
    public var effectiveCPUs: Double
    /// The lesser of the machine's memory and the memory limit.
    @Nullable public var memoryBytes: Int?
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
