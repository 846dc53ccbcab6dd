/// What things cost on one machine (`advisor.profile/1`): the result of a calibration.
public struct MachineProfile: Codable, Sendable, Hashable {
  public static let schema = "advisor.profile/1"

  public enum Level: String, Codable, Sendable, CaseIterable { case quick, standard, thorough }

  public var schema = Self.schema
  /// Names the machine and what may be used of it; two profiles with one fingerprint describe the same place to run.
  public var fingerprint: String
  /// ISO 8601, UTC.
  public var createdAt: String
  public var advisorVersion: String
  public var level: Level
  public var machine: Machine
  public var fixedCosts: [FixedCost]
  public var variableCosts: VariableCosts
  public var noise: Noise
  /// How disturbed each part was, in the order in which they were measured; empty in profiles that do not tell.
  public var parts: [PartNoise]
  /// What makes these figures doubtful.
  @Coded public var quality: [ProfileWarning]
  /// What interpreters' own ways of running things cost here, for those that were asked for.
  public var runtimes: [RuntimeCosts]
  /// Engines outside this machine, as far as they were measured from it.
  public var engines: [EngineCosts]
  /// The runtime whose programs these costs are of; nil for this program's own executors. Never saved.
  public var seenBy: RuntimeCosts?
  /// The CPU quota under which rates and speedups were measured, in CPUs, which they therefore hold: the machine's own, until
  /// another machine is imagined or the quota is taken out of the figures. Nil without one. Never saved.
  public var quotaInFigures: Double?
  /// What else wants the CPUs now; nil where nobody has looked, so that it is as while the machine was measured. Never saved.
  public var presentLoad: PresentLoad?
  /// Bytes that come first now and have not rested (``VariableCosts/restedTouch``); nil where nobody has looked. Never saved.
  public var warmMemoryBytes: Double?

  /// By hand, for what is never saved.
  private enum CodingKeys: CodingKey {
    case schema, fingerprint, createdAt, advisorVersion, level, machine, fixedCosts, variableCosts, noise, parts
    case quality, runtimes, engines
  }

  public init(
    fingerprint: String, createdAt: String, advisorVersion: String, level: Level, machine: Machine,
    fixedCosts: [FixedCost], variableCosts: VariableCosts, noise: Noise, parts: [PartNoise] = [],
    quality: [ProfileWarning], runtimes: [RuntimeCosts] = [], engines: [EngineCosts] = []
  ) {
    self.fingerprint = fingerprint
    self.createdAt = createdAt
    self.advisorVersion = advisorVersion
    self.level = level
    self.machine = machine
    self.quotaInFigures = machine.limits.cpuQuota
    self.fixedCosts = fixedCosts
    self.variableCosts = variableCosts
    self.noise = noise
    self.parts = parts
    self.quality = quality
    self.runtimes = runtimes
    self.engines = engines
  }

  /// By hand, for what is never saved and what profiles from before do not hold.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    schema = try values.decode(String.self, forKey: .schema)
    fingerprint = try values.decode(String.self, forKey: .fingerprint)
    createdAt = try values.decode(String.self, forKey: .createdAt)
    advisorVersion = try values.decode(String.self, forKey: .advisorVersion)
    level = try values.decode(Level.self, forKey: .level)
    machine = try values.decode(Machine.self, forKey: .machine)
    quotaInFigures = machine.limits.cpuQuota
    fixedCosts = try values.decode([FixedCost].self, forKey: .fixedCosts)
    variableCosts = try values.decode(VariableCosts.self, forKey: .variableCosts)
    noise = try values.decode(Noise.self, forKey: .noise)
    parts = try values.decodeIfPresent([PartNoise].self, forKey: .parts) ?? []
    _quality = try values.decode(Coded<ProfileWarning>.self, forKey: .quality)
    runtimes = try values.decodeIfPresent([RuntimeCosts].self, forKey: .runtimes) ?? []
    engines = try values.decodeIfPresent([EngineCosts].self, forKey: .engines) ?? []
  }

  /// The cost by that name, on the placement that was asked for or else on any.
  public func fixed(_ name: FixedCost.Name, _ placement: FixedCost.Placement? = nil) -> FixedCost? {
    fixedCosts.first { $0.name == name && $0.placement == placement } ?? fixedCosts.first { $0.name == name }
  }

  public func kernel(_ kernel: Kernel) -> KernelCost? { variableCosts.kernels.first { $0.kernel == kernel } }
}

/// A cost that is paid once per occurrence, whatever the size of the work.
public struct FixedCost: Codable, Sendable, Hashable {
  public enum Name: String, Codable, Sendable, CaseIterable {
    /// `posix_spawn` and reaping of a tiny program.
    case processSpawn
    /// Start of this program as a worker, until it is ready for its first task.
    case workerSpawn
    /// Per worker, from the spawning of a pool until each has had one small task and all have ended.
    case poolStart
    case threadStart
    /// Per thread, from the starting of a group of them until the last has joined in: each has a stack and a heap of its own to
    /// set up, which one thread after another in the same place has not.
    case teamStart
    case taskHop
    case actorHop
    /// What one event loop computes for each operation that it begins, waits for and ends.
    case loopOperation
    /// One item through a queue from one thread to another.
    case queueHandOff
    case pipeRoundTrip
    case futexRoundTrip
    /// Between two threads that do not sleep, at a word in memory: the latency from core to core and back.
    case cacheLineRoundTrip
    case contextSwitch
    case pageFault
    /// How late a sleeping thread wakes.
    case timerLateness
    /// What a connection adds to its requests: the handle, the handshake, the server's accepting, closing it.
    case httpConnect
    /// The same of each further one that is opened beside others.
    case httpOpen
    /// What the first MiB over a new connection takes longer than over one that has carried as much.
    case httpFirstMebibyte
    /// What each of the first 16 replies of a MiB over a new connection takes longer than in the measured curve, one after another:
    /// both sides take turns at first, presumably until the receiver's buffer has grown.
    case httpBufferGrowth
    /// Of a run of ``FixedCost/askingTeam`` threads that each ask one after another, what their first
    /// ``FixedCost/requestsUntilInStep`` requests take longer than as many later ones.
    case httpTeam
    /// What a worker process takes longer that downloads: it loads libcurl, and asks for one small thing.
    case httpLoad
    case httpRequest
    case memoryPerProcess
    case memoryPerThread
  }

  /// Threads of which ``Name/httpTeam`` was measured.
  public static let askingTeam = 4
  /// Threads that ask settle beside their server in some 5 ms: 4 of them took 18 µs for each of their first 300 requests and 12
  /// for later ones, on a guest of 2 CPUs.
  public static let requestsUntilInStep = 300

  /// Where the two sides of the cost ran.
  public enum Placement: String, Codable, Sendable { case sameCPU, crossCPU, unpinned }

  public var name: Name
  public var placement: Placement
  /// Undisturbed: the median of the batches whose neighbouring probes were clean.
  public var floor: Estimate
  /// The median of all batches, disturbed ones included.
  public var typical: Estimate
  public var minimum: Double
  /// The share of batches that counted as undisturbed.
  public var acceptedShare: Double

  public init(
    name: Name, placement: Placement, floor: Estimate, typical: Estimate, minimum: Double, acceptedShare: Double
  ) {
    self.name = name
    self.placement = placement
    self.floor = floor
    self.typical = typical
    self.minimum = minimum
    self.acceptedShare = acceptedShare
  }
}
