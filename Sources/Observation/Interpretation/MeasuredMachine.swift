public import AdvisorCore

/// What each further CPU adds to the speed of one where all compute: less than 1 where they share cores, as hardware threads do
/// and a virtual machine's CPUs may.
public struct CPUGain: Codable, Sendable, Hashable {
  public enum Source: String, Codable, Sendable {
    /// Speedups that were measured on this machine.
    case profile
    /// What the kernel says of cores and hardware threads.
    case topology
  }

  public var low: Double
  public var value: Double
  public var high: Double
  public var source: Source

  public init(low: Double, value: Double, high: Double, source: Source) {
    self.low = low
    self.value = value
    self.high = high
    self.source = source
  }

  public static let whole = CPUGain(low: 1, value: 1, high: 1, source: .topology)

  /// The speed of that many CPUs over that of one.
  static func speed(of cpus: Double, _ gain: Double) -> Double { cpus <= 1 ? cpus : 1 + (cpus - 1) * gain }
}

extension Machine {
  /// Hardware threads of one core add a third to it or so; whether a virtual machine's CPUs share cores nobody tells it.
  public var cpuGain: CPUGain {
    let (low, high) =
      (counts.threadsPerCore ?? 1) > 1 ? (0.5, 0.8) : isVirtual == false ? (0.9, 1) : (0.3, 1)
    return CPUGain(low: low, value: (low + high) / 2, high: high, source: .topology)
  }

  /// Bytes of all caches of the last level together; nil where the kernel does not say.
  public var lastLevelCacheBytes: Int? {
    let data = caches.filter { $0.type != .instruction }
    guard let last = data.map(\.level).max() else { return nil }
    let bytes = data.filter { $0.level == last }.reduce(0) { $0 + ($1.sizeBytes ?? 0) * ($1.instances ?? 1) }
    return bytes > 0 ? bytes : nil
  }
}

/// What the machine's memory gives, in bytes a second, as its profile has it.
public struct MemoryCapacity: Codable, Sendable, Hashable {
  public var ofOneThread: Double
  public var ofAll: Double

  public init(ofOneThread: Double, ofAll: Double) {
    self.ofOneThread = ofOneThread
    self.ofAll = ofAll
  }

  func bytesPerSecond(threads: Double) -> Double { min(ofAll, ofOneThread * max(1, threads)) }
}

extension MachineProfile {
  /// Of computing kernels, at the most workers that have a CPU each; nil where no more than one was measured.
  public var cpuGain: CPUGain? {
    let memory = Set(variableCosts.kernels.filter { $0.mix == .memory }.map(\.kernel))
    let points = variableCosts.speedups.filter {
      $0.workers > 1 && $0.workers <= machine.cpus.online.count && !memory.contains($0.kernel)
    }
    guard let workers = points.map(\.workers).max() else { return nil }
    let speedups = points.filter { $0.workers == workers }.map(\.speedup)
    func gain(_ speedup: Double) -> Double { min(1, max(0, (speedup - 1) / Double(workers - 1))) }
    let typical = speedups.sorted { $0.value < $1.value }[speedups.count / 2]
    // A program of another kind gains less or more.
    return CPUGain(
      low: max(0, gain(typical.low) - 0.15), value: gain(typical.value), high: min(1, gain(typical.high) + 0.15),
      source: .profile)
  }

  /// Of each node's CPUs in its own memory; nil where it was not measured.
  public var memoryCapacity: MemoryCapacity? {
    let local = variableCosts.memoryBandwidth.filter { $0.cpuNode == $0.memoryNode }
    let nodes = Dictionary(grouping: local, by: \.cpuNode).values
    let all = nodes.reduce(0) { sum, points in sum + (points.map(\.bytesPerSecond.value).max() ?? 0) }
    guard let one = local.filter({ $0.threads == 1 }).map(\.bytesPerSecond.value).max(), all > 0 else { return nil }
    return MemoryCapacity(ofOneThread: one, ofAll: max(one, all))
  }
}
