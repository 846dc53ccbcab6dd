/// What a machine is, and what this process may use of it (`advisor.machine/1`).
///
/// What the kernel does not tell is nil and has a warning; it is never guessed.
public struct Machine: Codable, Sendable, Hashable {
  public static let schema = "advisor.machine/1"

  public var schema = Self.schema
  /// As `uname -m` prints it: `x86_64`, `aarch64`.
  public var architecture: String?
  public var model: String?
  /// The kernel's release.
  public var kernel: String?
  public var cpus: CPUs
  public var counts: Counts
  /// One entry per online logical CPU, ascending by number.
  public var topology: [LogicalCPU]
  public var numa: [NUMANode]
  public var caches: [Cache]
  public var limits: Limits
  public var usable: Usable
  /// What could not be known and which file was missing or contradictory, in words.
  public var warnings: [String]

  public init(
    architecture: String?, model: String? = nil, kernel: String? = nil, cpus: CPUs, counts: Counts,
    topology: [LogicalCPU], numa: [NUMANode] = [], caches: [Cache] = [], limits: Limits = Limits(), usable: Usable,
    warnings: [String] = []
  ) {
    self.architecture = architecture
    self.model = model
    self.kernel = kernel
    self.cpus = cpus
    self.counts = counts
    self.topology = topology
    self.numa = numa
    self.caches = caches
    self.limits = limits
    self.usable = usable
    self.warnings = warnings
  }
}

extension Machine {
  /// The sets of logical CPUs that bound one another: usable ⊆ allowed, online; each a Linux cpulist in JSON.
  public struct CPUs: Codable, Sendable, Hashable {
    public var online: CPUSet
    /// Present but switched off.
    public var offline: CPUSet
    /// The affinity mask of this process, within its cpuset.
    public var allowed: CPUSet
    /// Where work of this process can run: allowed and online.
    public var usable: CPUSet
    /// Taken from the scheduler's load balancing by `isolcpus`.
    public var isolated: CPUSet

    public init(online: CPUSet, offline: CPUSet = [], allowed: CPUSet, usable: CPUSet, isolated: CPUSet = []) {
      self.online = online
      self.offline = offline
      self.allowed = allowed
      self.usable = usable
      self.isolated = isolated
    }
  }

  /// How many of each there are online.
  public struct Counts: Codable, Sendable, Hashable {
    public var packages: Int?
    public var cores: Int?
    public var logicalCPUs: Int
    /// The most hardware threads that any core has.
    public var threadsPerCore: Int?
    public var numaNodes: Int

    public init(packages: Int?, cores: Int?, logicalCPUs: Int, threadsPerCore: Int?, numaNodes: Int) {
      self.packages = packages
      self.cores = cores
      self.logicalCPUs = logicalCPUs
      self.threadsPerCore = threadsPerCore
      self.numaNodes = numaNodes
    }
  }

  /// One logical CPU and where it sits. Cores are numbered across the whole machine, for the kernel's `core_id`s repeat.
  public struct LogicalCPU: Codable, Sendable, Hashable {
    public var id: Int
    public var core: Int?
    public var package: Int?
    public var die: Int?
    public var cluster: Int?
    public var node: Int?
    /// The hardware threads of its core, itself included.
    public var siblings: CPUSet
    /// Speed relative to the fastest CPU of the machine, 0 to 1 (`cpu_capacity` / 1024); 1 where all are alike.
    public var capacity: Double

    public init(
      id: Int, core: Int? = nil, package: Int? = nil, die: Int? = nil, cluster: Int? = nil, node: Int? = nil,
      siblings: CPUSet? = nil, capacity: Double = 1
    ) {
      self.id = id
      self.core = core
      self.package = package
      self.die = die
      self.cluster = cluster
      self.node = node
      self.siblings = siblings ?? [id]
      self.capacity = capacity
    }
  }

  public struct NUMANode: Codable, Sendable, Hashable {
    public var id: Int
    /// Its online CPUs; none for a node of memory alone.
    public var cpus: CPUSet
    public var memoryBytes: Int?
    public var freeBytes: Int?
    /// To each node in the order of the list, 10 being local (ACPI SLIT); nil where the kernel has no row.
    public var distances: [Int]?
    /// Huge pages by page size in bytes.
    public var hugePages: [HugePages]

    public init(
      id: Int, cpus: CPUSet, memoryBytes: Int? = nil, freeBytes: Int? = nil, distances: [Int]? = nil,
      hugePages: [HugePages] = []
    ) {
      self.id = id
      self.cpus = cpus
      self.memoryBytes = memoryBytes
      self.freeBytes = freeBytes
      self.distances = distances
      self.hugePages = hugePages
    }
  }

  public struct HugePages: Codable, Sendable, Hashable {
    public var pageBytes: Int
    public var total: Int
    public var free: Int

    public init(pageBytes: Int, total: Int, free: Int) {
      self.pageBytes = pageBytes
      self.total = total
      self.free = free
    }
  }

  /// All caches of one level, type and size.
  public struct Cache: Codable, Sendable, Hashable {
    public enum Kind: String, Codable, Sendable { case data = "Data", instruction = "Instruction", unified = "Unified" }

    public var level: Int
    public var type: Kind
    /// Of one instance; nil where the kernel does not say.
    public var sizeBytes: Int?
    public var instances: Int
    /// Logical CPUs that share one instance: the most that any of them has.
    public var sharedBy: Int
    /// The online CPUs of each instance.
    public var sets: [CPUSet]

    public init(level: Int, type: Kind, sizeBytes: Int?, sets: [CPUSet]) {
      self.level = level
      self.type = type
      self.sizeBytes = sizeBytes
      self.instances = sets.count
      self.sharedBy = sets.map(\.count).max() ?? 0
      self.sets = sets
    }
  }
}
