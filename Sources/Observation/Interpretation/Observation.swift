/// What a process tree used and waited for, what binds it, and what would change that.
public struct Observation: Sendable, Hashable {
  /// How it was looked at.
  public struct Setting: Codable, Sendable, Hashable {
    /// The command, or the process with its name, as people write it.
    public var target: String
    /// Words of the command, for lines to paste; empty for a process that was there before.
    public var command: [String]
    /// The process, where it was there before.
    public var process: Int32?
    /// The machine's CPUs that are online.
    public var cpus: Int
    public var gain: CPUGain
    /// What memory gives; nil without a profile of this machine.
    public var memory: MemoryCapacity?
    /// Bytes of the last-level caches together.
    public var cacheBytes: Int?
    /// Whether cache misses that the processor counts are reads of memory: AMD's are of the second level.
    public var countsMemoryMisses: Bool
    public var hasPressure: Bool
    /// Whether the kernel kept from us where threads wait.
    public var isDenied: Bool
    public var seesCgroups: Bool

    public init(
      target: String, command: [String] = [], process: Int32? = nil, cpus: Int, gain: CPUGain = .whole,
      memory: MemoryCapacity? = nil, cacheBytes: Int? = nil, countsMemoryMisses: Bool = true,
      hasPressure: Bool = true, isDenied: Bool = false, seesCgroups: Bool = true
    ) {
      self.target = target
      self.command = command
      self.process = process
      self.cpus = cpus
      self.gain = gain
      self.memory = memory
      self.cacheBytes = cacheBytes
      self.countsMemoryMisses = countsMemoryMisses
      self.hasPressure = hasPressure
      self.isDenied = isDenied
      self.seesCgroups = seesCgroups
    }
  }

  public struct Part: Codable, Sendable, Hashable {
    public enum Code: String, Codable, Sendable, CaseIterable {
      case running, runQueue, throttled, stolen, disk, lock, network, pipe, sleep, idle, unknown
    }

    public var code: Code
    public var seconds: Double
    /// Of the observed time.
    public var share: Double
  }

  public var setting: Setting
  public var profile: TreeProfile
  /// The observed time by what it went for, largest first; nothing that is 0.
  public var budget: [Part]
  /// The share of the time in which 0, 1, 2, … threads ran or could have run.
  public var parallelism: [Double]
  /// What binds, first what takes most of the time; none where the tree is healthy.
  public var causes: [Cause]
  public var changes: [Change]
  public var unknown: [Blindness]

  /// Interprets what samples have come to.
  public init(_ profile: TreeProfile, _ setting: Setting) {
    let figures = ProfileFigures(profile, cpus: setting.cpus)
    self.setting = setting
    self.profile = profile
    budget = Self.parts(figures)
    let counted = profile.runnable.reduce(0, +)
    parallelism = profile.runnable.map { counted > 0 ? $0 / counted : 0 }
    causes = Diagnosis(figures, setting).causes
    changes = Prospects(figures, causes, setting).changes
    unknown = Self.blindness(profile, setting, figures)
  }

  private static func parts(_ figures: ProfileFigures) -> [Part] {
    let wall = figures.profile.wall
    let parts: [(Part.Code, Double)] = [
      (.running, wall.running - figures.stolen), (.runQueue, wall.queue - figures.throttled),
      (.throttled, figures.throttled), (.stolen, figures.stolen), (.disk, wall.disk), (.lock, wall.lock),
      (.network, wall.network), (.pipe, wall.pipe), (.sleep, wall.sleep), (.idle, wall.idle), (.unknown, wall.unknown),
    ]
    let sum = max(wall.sum, 1e-9)
    return parts.filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }.map { Part(code: $0.0, seconds: $0.1, share: $0.1 / sum) }
  }

  private static func blindness(_ profile: TreeProfile, _ setting: Setting, _ figures: ProfileFigures) -> [Blindness] {
    var unknown: [Blindness] = []
    if profile.samples < 20 { unknown.append(.brief(samples: profile.samples)) }
    if setting.isDenied, figures.share(profile.wall.unknown) >= 0.01 {
      unknown.append(.waits(share: figures.share(profile.wall.unknown)))
    }
    if !setting.seesCgroups { unknown.append(.cgroups) }
    if !setting.hasPressure { unknown.append(.pressure) }
    if figures.share(profile.wall.running) > 0.5 { unknown += memoryBlindness(profile, setting) }
    return unknown
  }

  /// Whether computing is waiting for memory; what fits in the caches does not wait for it.
  private static func memoryBlindness(_ profile: TreeProfile, _ setting: Setting) -> [Blindness] {
    if let traffic = MemoryTraffic(profile, setting) {
      return setting.memory == nil && traffic.bytesPerSecond > 1e9
        ? [.bandwidth(bytesPerSecond: traffic.bytesPerSecond)] : []
    }
    if let cacheBytes = setting.cacheBytes, profile.peakBytes <= 2 * cacheBytes { return [] }
    return [.counters(fault: profile.counterFault ?? .noHardware)]
  }
}
