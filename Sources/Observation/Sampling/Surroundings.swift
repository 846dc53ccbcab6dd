/// What the kernel counts around a process tree: sums since boot, or since the cgroup was made.
public struct Surroundings: Codable, Sendable, Hashable {
  /// When they were read: seconds since the first sample.
  public var seconds = 0.0
  /// Time of all CPUs, in seconds: not idle, and taken by the hypervisor for other guests.
  public var busySeconds: Double?
  public var stolenSeconds: Double?
  /// The nearest cgroup with a CPU quota.
  public var quota: Quota?
  /// The least room of a cgroup with a memory limit.
  public var memory: MemoryLimit?
  /// Pages that went in and out of swap, on the whole machine.
  public var swappedPages: Int?
  /// Seconds in which some task had to wait (PSI): of the tree's cgroup where there is such a count, and of the machine.
  public var cgroupStalls: Stalls?
  /// The folder of that cgroup.
  public var place: String?
  public var machineStalls: Stalls?
  /// The mean frequency of the CPUs, and the highest that they can have; nil where the kernel does not tell, as on virtual
  /// machines.
  public var hertz: Double?
  public var maxHertz: Double?
  /// The CPUs on which those threads may run that are about to, as a cpulist.
  public var allowedCPUs: String?
  /// Processes of the cgroup that were killed for want of memory.
  public var outOfMemoryKills: Int?

  /// Whether the tree's cgroups can be seen, or it is known to be in none.
  public var seesCgroups = true

  public init() {}

  /// Seconds in which some task waited for a CPU, for memory, for a disk.
  public struct Stalls: Codable, Sendable, Hashable {
    public var cpu: Double?
    public var memory: Double?
    public var io: Double?

    public init(cpu: Double? = nil, memory: Double? = nil, io: Double? = nil) {
      self.cpu = cpu
      self.memory = memory
      self.io = io
    }
  }

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
