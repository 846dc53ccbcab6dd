/// Costs that grow with the work.
public struct VariableCosts: Codable, Sendable, Hashable {
  public var kernels: [KernelCost]
  /// Throughput of w workers over that of one, by kernel and workers.
  public var speedups: [SpeedupPoint]
  public var memoryBandwidth: [BandwidthPoint]
  /// Bytes a second that threads map, write for the first time and give back; nil where it was not measured.
  public var firstTouch: [BandwidthPoint]?
  /// The same of memory that nobody has used for seconds, which a guest may have given back to its host; nil where it was not measured.
  public var restedTouch: [BandwidthPoint]?
  /// Random reads by how many are under way.
  public var disk: [DepthPoint]
  /// Requests by how many are under way on one event loop.
  public var http: [DepthPoint]
  /// Requests by how many threads ask one after another, each on a connection of its own; nil where it was not measured.
  public var httpThreads: [DepthPoint]?
  /// The user's own server that they were sent to, without its user name, password and query; nil for the built-in one.
  public var httpServer: String?

  public init(
    kernels: [KernelCost] = [], speedups: [SpeedupPoint] = [], memoryBandwidth: [BandwidthPoint] = [],
    firstTouch: [BandwidthPoint]? = nil, restedTouch: [BandwidthPoint]? = nil, disk: [DepthPoint] = [],
    http: [DepthPoint] = [], httpThreads: [DepthPoint]? = nil, httpServer: String? = nil
  ) {
    self.kernels = kernels
    self.speedups = speedups
    self.memoryBandwidth = memoryBandwidth
    self.firstTouch = firstTouch
    self.restedTouch = restedTouch
    self.disk = disk
    self.http = http
    self.httpThreads = httpThreads
    self.httpServer = httpServer
  }
}

/// CPU time of one work unit of a kernel on one core, whose neighbours are those of the calibration.
public struct KernelCost: Codable, Sendable, Hashable {
  /// What the kernel mostly does, since neighbours and hyperthreads slow each kind differently.
  public enum Mix: String, Codable, Sendable { case integer, floatingPoint, memory }

  public var kernel: Kernel
  public var mix: Mix
  public var secondsPerUnit: Estimate
  /// Relative spread between repeats of a fraction of a millisecond on one CPU (standard deviation of the logarithm), as
  /// neighbours on its core come and go; nil in profiles of earlier versions.
  public var runSpread: Double?

  public init(kernel: Kernel, mix: Mix, secondsPerUnit: Estimate, runSpread: Double? = nil) {
    self.kernel = kernel
    self.mix = mix
    self.secondsPerUnit = secondsPerUnit
    self.runSpread = runSpread
  }
}

public struct SpeedupPoint: Codable, Sendable, Hashable {
  public var kernel: Kernel
  public var workers: Int
  public var speedup: Estimate

  public init(kernel: Kernel, workers: Int, speedup: Estimate) {
    self.kernel = kernel
    self.workers = workers
    self.speedup = speedup
  }
}

/// Bytes streamed through memory in a second, by number of threads.
public struct BandwidthPoint: Codable, Sendable, Hashable {
  public var threads: Int
  /// Where the threads ran and where their memory lay; equal for local access.
  public var cpuNode: Int
  public var memoryNode: Int
  public var bytesPerSecond: Estimate

  public init(threads: Int, cpuNode: Int, memoryNode: Int, bytesPerSecond: Estimate) {
    self.threads = threads
    self.cpuNode = cpuNode
    self.memoryNode = memoryNode
    self.bytesPerSecond = bytesPerSecond
  }
}

/// Operations in a second, by number in flight.
public struct DepthPoint: Codable, Sendable, Hashable {
  public var depth: Int
  /// Size of one operation, in bytes.
  public var bytes: Int
  public var operationsPerSecond: Estimate
  /// CPUs that the built-in server kept busy meanwhile, which a remote server would leave to us; nil for other servers
  /// and for disks.
  public var serverCPUs: Double?
  /// CPUs that the threads which asked were busy; nil for disks.
  public var clientCPUs: Double?

  public init(
    depth: Int, bytes: Int, operationsPerSecond: Estimate, serverCPUs: Double? = nil, clientCPUs: Double? = nil
  ) {
    self.depth = depth
    self.bytes = bytes
    self.operationsPerSecond = operationsPerSecond
    self.serverCPUs = serverCPUs
    self.clientCPUs = clientCPUs
  }
}

/// How disturbed the machine was while it was measured.
public struct Noise: Codable, Sendable, Hashable {
  /// Share of CPU time that the hypervisor gave to others.
  public var stealShare: Double
  /// Share of CPU time that other processes used.
  public var otherBusyShare: Double
  /// Share of time in which some task waited for a CPU (pressure stall information); nil where the kernel has none.
  public var cpuPressure: Double?
  /// The neighbour probe's typical time over its undisturbed time; 1 means quiet.
  public var probeRatio: Double
  /// Relative spread between repeats of the same work (standard deviation of the logarithm).
  public var runSpread: Double
  /// The share of the time in which the CPU quota kept threads from running; nil without a quota.
  public var throttledShare: Double?
  /// How often the processor slowed down for heat or power; nil where it does not count.
  public var thermalEvents: Int?
  /// Whether one busy core may run faster than all at once; nil where the kernel does not say.
  public var hasTurbo: Bool?

  public init(
    stealShare: Double, otherBusyShare: Double, cpuPressure: Double?, probeRatio: Double, runSpread: Double,
    throttledShare: Double? = nil, thermalEvents: Int? = nil, hasTurbo: Bool? = nil
  ) {
    self.stealShare = stealShare
    self.otherBusyShare = otherBusyShare
    self.cpuPressure = cpuPressure
    self.probeRatio = probeRatio
    self.runSpread = runSpread
    self.throttledShare = throttledShare
    self.thermalEvents = thermalEvents
    self.hasTurbo = hasTurbo
  }
}

extension Machine {
  /// Whether there is a host that may move its CPUs; where the kernel does not tell, there may be.
  public var hasMovableCPUs: Bool { isVirtual != false }

  /// Coefficient of variation from session to session of bytes that two CPUs move at once, or from one to the other.
  ///
  /// On a guest of 2 CPUs two threads streamed 37 to 39 GB/s in six sessions, 70 and 73 in two; a reply of 1 MiB took 0.30 ms in
  /// two verifications, 0.48 and 0.65 ms in two others.
  public var spreadOfBytesBetweenCPUs: Double { hasMovableCPUs ? 0.27 : 0 }
}

extension VariableCosts {
  /// The same of a request, as far as its time is that of its bytes: what small ones take is the same in every session.
  ///
  /// In four sessions of a guest of 2 CPUs requests of 1 KiB came 76,100 to 78,700 times a second, four at a time, those of
  /// 1 MiB 5,200 to 8,000 times. A server elsewhere shares no CPU with the one who asks.
  ///
  /// - Parameter requests: all that were measured with it.
  public func spread(ofRequest point: DepthPoint, among requests: [DepthPoint], on machine: Machine) -> Double {
    httpServer == nil ? machine.spreadOfBytesBetweenCPUs * point.shareOfBytes(among: requests) : 0
  }
}

extension DepthPoint {
  /// The share of an operation's time that grows with its bytes, by the smallest and the largest ones at the nearest depth; all of
  /// it where one size alone was measured.
  func shareOfBytes(among points: [DepthPoint]) -> Double {
    let sizes = points.lazy.filter { $0.operationsPerSecond.value > 0 }.map(\.bytes)
    guard let least = sizes.min(), let most = sizes.max(), least < most else { return 1 }
    func seconds(_ bytes: Int) -> Double {
      let nearest = points.filter { $0.bytes == bytes && $0.operationsPerSecond.value > 0 }
        .min { ratio(of: $0.depth) < ratio(of: $1.depth) }
      return 1 / (nearest?.operationsPerSecond.value ?? .infinity)
    }
    func ratio(of other: Int) -> Double { Double(max(other, depth)) / Double(max(1, min(other, depth))) }
    let perByte = (seconds(most) - seconds(least)) / Double(most - least)
    return max(0, min(1, perByte * Double(bytes) * operationsPerSecond.value))
  }
}
