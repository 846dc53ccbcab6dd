/// What a machine is, and what this process may use of it (`advisor.machine/1`).
///
/// What the kernel does not say is nil and has a warning; it is never guessed.
public struct Machine: Codable, Sendable, Hashable {
  public static let schema = "advisor.machine/1"

  public var schema = Self.schema
  /// The architecture by its name in `uname -m`: `x86_64`, `aarch64`.
  @Nullable public var architecture: String?
  @Nullable public var model: String?
  /// The kernel's release.
  @Nullable public var kernel: String?
  /// Whether it is a hypervisor's guest, whose CPUs are threads of a host; nil where the kernel does not say.
  @Nullable public var isVirtual: Bool?
  public var cpus: CPUs
  public var counts: Counts
  /// One entry per online logical CPU, ascending by number.
  public var topology: [LogicalCPU]
  public var numa: [NUMANode]
  public var caches: [Cache]
  public var limits: Limits
  public var usable: Usable
  /// What could not be known, and which file was missing or contradictory.
  @Coded public var warnings: [Warning]

  public init(
    architecture: String?, model: String? = nil, kernel: String? = nil, isVirtual: Bool? = nil, cpus: CPUs,
    counts: Counts, topology: [LogicalCPU], numa: [NUMANode] = [], caches: [Cache] = [], limits: Limits = Limits(),
    usable: Usable, warnings: [Warning] = []
  ) {
    self.architecture = architecture
    self.model = model
    self.kernel = kernel
    self.isVirtual = isVirtual
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

  /// How many of each there are online; nil where the kernel does not say.
  public struct Counts: Codable, Sendable, Hashable {
    @Nullable public var packages: Int?
    @Nullable public var cores: Int?
    public var logicalCPUs: Int
    /// The most hardware threads that any core has.
    @Nullable public var threadsPerCore: Int?
    public var numaNodes: Int
    @Nullable public var dies: Int?
    /// Groups of cores within a die that share a resource; nil also where each core would be one.
    @Nullable public var clusters: Int?
    /// Groups of packages on IBM Z.
    @Nullable public var books: Int?
    /// Groups of books on IBM Z.
    @Nullable public var drawers: Int?

    public init(
      packages: Int?, cores: Int?, logicalCPUs: Int, threadsPerCore: Int?, numaNodes: Int, dies: Int? = nil,
      clusters: Int? = nil, books: Int? = nil, drawers: Int? = nil
    ) {
      self.packages = packages
      self.cores = cores
      self.logicalCPUs = logicalCPUs
      self.threadsPerCore = threadsPerCore
      self.numaNodes = numaNodes
      self.dies = dies
      self.clusters = clusters
      self.books = books
      self.drawers = drawers
    }
  }

  /// What a core of a hybrid x86 machine is made for, where the kernel tells them apart.
  public enum CoreKind: String, Codable, Sendable { case performance, efficiency, lowPower }

  /// One logical CPU and where it sits.
  ///
  /// Everything but the node is numbered across the whole machine, in the order of its lowest CPU, for the kernel's own
  /// identifiers repeat or are missing on many machines.
  public struct LogicalCPU: Codable, Sendable, Hashable {
    public var id: Int
    @Nullable public var core: Int?
    @Nullable public var cluster: Int?
    @Nullable public var die: Int?
    @Nullable public var package: Int?
    @Nullable public var book: Int?
    @Nullable public var drawer: Int?
    /// The NUMA node's identifier.
    @Nullable public var node: Int?
    /// The hardware threads of its core, itself included.
    public var siblings: CPUSet
    /// Speed relative to the fastest CPU of the machine, 0 to 1 (`cpu_capacity`); 1 where the kernel has no figures.
    public var capacity: Double
    @Nullable public var kind: CoreKind?

    public init(
      id: Int, core: Int? = nil, cluster: Int? = nil, die: Int? = nil, package: Int? = nil, book: Int? = nil,
      drawer: Int? = nil, node: Int? = nil, siblings: CPUSet? = nil, capacity: Double = 1, kind: CoreKind? = nil
    ) {
      self.id = id
      self.core = core
      self.cluster = cluster
      self.die = die
      self.package = package
      self.book = book
      self.drawer = drawer
      self.node = node
      self.siblings = siblings ?? [id]
      self.capacity = capacity
      self.kind = kind
    }
  }

  public struct NUMANode: Codable, Sendable, Hashable {
    public var id: Int
    /// Its online CPUs; none for a node of memory alone.
    public var cpus: CPUSet
    @Nullable public var memoryBytes: Int?
    @Nullable public var freeBytes: Int?
    /// To each node in the order of the list, 10 being local (ACPI SLIT); nil where the kernel has no row.
    @Nullable public var distances: [Int]?
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
    /// Size of one instance, in bytes; nil where the kernel does not say.
    @Nullable public var sizeBytes: Int?
    /// Number of instances; nil where the kernel does not say which CPUs share one.
    @Nullable public var instances: Int?
    /// Logical CPUs that share one instance, at most.
    @Nullable public var sharedBy: Int?
    /// The online CPUs of each instance; empty where the kernel does not say.
    public var sets: [CPUSet]

    public init(level: Int, type: Kind, sizeBytes: Int?, sets: [CPUSet]) {
      self.level = level
      self.type = type
      self.sizeBytes = sizeBytes
      self.instances = sets.isEmpty ? nil : sets.count
      self.sharedBy = sets.map(\.count).max()
      self.sets = sets
    }
  }
}
