import AdvisorCore
import CostModel

@testable import Probe

/// A recorded machine whose files were dropped, cut off, locked or made to contradict one another.
struct FaultyMachine: FileTree {
  private var files: [String: [UInt8]]
  private var locked: Set<String> = []
  private var tree = MemoryTree([:])

  var isLive: Bool { false }

  /// - Parameter faults: four bytes each: what is done, to which file (two bytes), and how.
  init(_ files: [String: [UInt8]], faults: [UInt8]) {
    self.files = files
    var rest = faults[...]
    let paths = files.keys.sorted()
    while rest.count >= 4, !paths.isEmpty {
      let bytes = Array(rest.prefix(4))
      rest = rest.dropFirst(4)
      let path = paths[(Int(bytes[1]) << 8 + Int(bytes[2])) % paths.count]
      damage(path, bytes[0], Int(bytes[3]), other: paths[Int(bytes[3]) % paths.count])
    }
    tree = MemoryTree(self.files)
  }

  private mutating func damage(_ path: String, _ kind: UInt8, _ how: Int, other: String) {
    switch kind % 7 {
    case 0: files[path] = nil
    case 1: files[path] = files[path].map { Array($0.prefix($0.count * how / 256)) }
    case 2: locked.insert(path)
    case 3: files[path] = Array(Self.contradictions[how % Self.contradictions.count].utf8)
    case 4: files[path] = files[other]
    case 5: files = files.filter { !$0.key.hasPrefix(Self.folder(of: path, above: how % 4)) }
    default: locked.insert(Self.folder(of: path, above: how % 4))
    }
  }

  /// What kernels write elsewhere, and what none does.
  private static let contradictions = [
    "", "\n", "0", "1", "-1", "max", "max 0", "0 100000", "1 9223372036854775807", "9223372036854775807 1",
    "100000 100000",
    "0-3", "1", "65535", "0-65535", "4-7", "9223372036854775807", "9223372036854771712", "18446744073709551616", "f",
    "ffffffff,ffffffff", "2", "isolated", "Cpus_allowed_list:\t3\n", "MemTotal: 0 kB\n", "0::/\n", "0::/../a\n",
    "1 1 0:1 / / rw - cgroup2 c rw\n",
  ]

  private static func folder(of path: String, above levels: Int) -> String {
    let names = path.split(separator: "/")
    return "/" + names.prefix(max(1, names.count - 1 - levels)).joined(separator: "/") + "/"
  }

  func read(_ path: String, limit: Int) -> [UInt8]? { isLocked(path) ? nil : tree.read(path, limit: limit) }
  func list(_ path: String) -> [String]? { isLocked(path + "/") ? nil : tree.list(path) }
  func lacks(_ path: String) -> Bool { !isLocked(path) && tree.lacks(path) }

  private func isLocked(_ path: String) -> Bool {
    locked.contains { $0.hasSuffix("/") ? path.hasPrefix($0) : path == $0 }
  }
}

extension FaultyMachine {
  /// Probes the machine and, since that takes much longer, may ask for advice on it.
  ///
  /// - Returns: what is wrong with the answers; nil where nothing is, or the machine is refused with a typed error.
  func complaint(advising: Bool = true) -> String? {
    guard let machine = try? Prober(files: self).machine() else { return nil }
    _ = Privacy(mounts: CgroupMount.all(in: self) ?? []).cleared(files)
    return Self.complaint(cpus: machine) ?? Self.complaint(limits: machine.limits)
      ?? (advising ? Self.complaint(advice: machine) : nil)
  }

  private static func complaint(cpus machine: Machine) -> String? {
    let (usable, count) = (machine.usable, machine.cpus.usable.count)
    guard count >= 1, usable.logicalCPUs == count else {
      return "\(count) usable CPUs, said to be \(usable.logicalCPUs)"
    }
    guard machine.cpus.usable.isSubset(of: machine.cpus.online.intersection(machine.cpus.allowed)) else {
      return "CPUs \(machine.cpus.usable) are not all online and allowed"
    }
    guard usable.effectiveCPUs > 0, usable.effectiveCPUs <= Double(count) else {
      return "\(usable.effectiveCPUs) of \(count) CPUs"
    }
    return (usable.memoryBytes ?? 0) < 0 ? "\(usable.memoryBytes ?? 0) bytes" : nil
  }

  /// A number or none has its file; what has neither is unknown, and that is said.
  private static func complaint(limits: Machine.Limits) -> String? {
    for name in Machine.Limits.Name.allCases where (limits.sources[name.rawValue] == nil) != limits.isUnknown(name) {
      return "\(name): source \(limits.sources[name.rawValue] ?? "none"), unknown \(limits.unknown)"
    }
    return limits.warnings.isEmpty == limits.unknown.isEmpty ? nil : "what is unknown is not said"
  }

  private static func complaint(advice machine: Machine) -> String? {
    guard let model = try? CostModel(profile: .roundFigures(of: machine)) else { return "no model of the machine" }
    for job in jobs {
      guard let advice = try? model.recommend(job) else { continue }
      let seconds = advice.recommended.predicted.seconds
      guard 0 <= seconds.p5, seconds.p5 <= seconds.p50, seconds.p50 <= seconds.p95, seconds.p95.isFinite else {
        return "\(job) takes \(seconds)"
      }
      let plan = machine.plan(for: advice.recommended, job: job)
      guard plan.workers >= 1, plan.cpus?.allSatisfy(machine.cpus.usable.contains) ?? true else { return "\(plan)" }
      guard machine.limits.unknown.isEmpty || advice.caveats.contains(where: \.isOfLimits)
      else { return "the advice does not say what is unknown" }
    }
    return nil
  }

  private static let jobs = ["cpu:2x1e6,memory=1MiB", "wait:2x5ms"].compactMap { try? Job($0) }
}

extension MachineProfile {
  /// Figures near those of a small cloud machine, so that nothing has to be measured.
  fileprivate static func roundFigures(of machine: Machine) -> MachineProfile {
    func estimate(_ value: Double, _ unit: Estimate.Unit) -> Estimate {
      Estimate(value: value, low: value * 0.97, high: value * 1.03, samples: 40, unit: unit)
    }
    let seconds: [(FixedCost.Name, Double)] = [
      (.processSpawn, 500e-6), (.workerSpawn, 2e-3), (.poolStart, 2.5e-3), (.threadStart, 40e-6), (.taskHop, 600e-9),
      (.queueHandOff, 60e-9), (.pipeRoundTrip, 30e-6), (.timerLateness, 60e-6),
    ]
    let bytes: [(FixedCost.Name, Double)] = [(.memoryPerProcess, 8e6), (.memoryPerThread, 64e3)]
    let costs = seconds.map { ($0.0, estimate($0.1, .seconds)) } + bytes.map { ($0.0, estimate($0.1, .bytes)) }
    return MachineProfile(
      fingerprint: machine.fingerprint, createdAt: "2026-01-01T00:00:00Z", advisorVersion: "0", level: .quick,
      machine: machine,
      fixedCosts: costs.map {
        FixedCost(name: $0, placement: .unpinned, floor: $1, typical: $1, minimum: $1.low, acceptedShare: 0.5)
      },
      variableCosts: VariableCosts(
        kernels: [KernelCost(kernel: .word, mix: .integer, secondsPerUnit: estimate(2.5e-9, .secondsPerUnit))],
        speedups: [SpeedupPoint(kernel: .word, workers: 1, speedup: estimate(1, .ratio))],
        memoryBandwidth: [
          BandwidthPoint(threads: 1, cpuNode: 0, memoryNode: 0, bytesPerSecond: estimate(18e9, .bytesPerSecond))
        ], disk: [], http: []),
      noise: Noise(stealShare: 0, otherBusyShare: 0, cpuPressure: 0, probeRatio: 1, runSpread: 0.02), quality: [])
  }
}

extension Caveat {
  fileprivate var isOfLimits: Bool {
    if case .unreadableLimits = self { true } else { false }
  }
}
