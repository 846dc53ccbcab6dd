/// What the kernel counts around a process tree: sums since boot, or since the cgroup was made.
public struct Surroundings: Codable, Sendable, Hashable {
  /// Time of all CPUs, in seconds: not idle, and taken by the hypervisor for other guests.
  public var busySeconds: Double?
  public var stolenSeconds: Double?
  /// The nearest cgroup with a CPU quota.
  public var quota: Quota?
  /// The least room of a cgroup with a memory limit.
  public var memory: MemoryLimit?
  /// Pages that went in and out of swap, on the whole machine.
  public var swappedPages: Int?
  /// Seconds in which some task of the tree's cgroup, or else of the machine, had to wait (PSI).
  public var memoryStallSeconds: Double?
  public var ioStallSeconds: Double?
  /// The CPUs on which those threads may run that are about to, as a cpulist.
  public var allowedCPUs: String?
  /// Processes of the cgroup that were killed for want of memory.
  public var outOfMemoryKills: Int?

  /// Whether the tree's cgroups can be seen, or it is known to be in none.
  public var seesCgroups = true

  public init() {}

  /// A cgroup's CPU quota and what it has cost (`cpu.stat`).
  public struct Quota: Codable, Sendable, Hashable {
    /// CPUs' worth of time in each period.
    public var cpus: Double
    public var periodSeconds: Double
    /// Periods in which the group ran, and in which it was throttled.
    public var periods: Int
    public var throttledPeriods: Int
    /// Time in which CPUs were kept from the group, summed over CPUs, in seconds.
    public var throttledSeconds: Double
    /// The file that sets it.
    public var source: String

    public init(
      cpus: Double, periodSeconds: Double, periods: Int, throttledPeriods: Int, throttledSeconds: Double,
      source: String
    ) {
      self.cpus = cpus
      self.periodSeconds = periodSeconds
      self.periods = periods
      self.throttledPeriods = throttledPeriods
      self.throttledSeconds = throttledSeconds
      self.source = source
    }
  }

  /// A cgroup's memory limit and how often it was met.
  public struct MemoryLimit: Codable, Sendable, Hashable {
    public var limitBytes: Int
    public var usedBytes: Int
    /// How often the kernel had to reclaim memory for the group to stay below it.
    public var hits: Int
    public var source: String

    public init(limitBytes: Int, usedBytes: Int, hits: Int, source: String) {
      self.limitBytes = limitBytes
      self.usedBytes = usedBytes
      self.hits = hits
      self.source = source
    }
  }
}
