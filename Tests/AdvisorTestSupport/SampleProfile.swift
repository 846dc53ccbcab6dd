public import AdvisorCore

/// A machine of two cores with round figures, near those of a small cloud machine.
public enum SampleProfile {
  public static let twoCores = make(cpus: 2)

  public static func make(
    cpus: Int, quota: Double? = nil, memoryBytes: Int = 8 << 30, speedups: [Int: Double] = [:]
  ) -> MachineProfile {
    make(
      fingerprint: "sample-\(cpus)", machine(cpus: cpus, quota: quota, memoryBytes: memoryBytes), fixedCosts,
      variableCosts(cpus: cpus, speedups: speedups))
  }

  /// A profile of a quiet moment.
  public static func make(
    fingerprint: String = "0123456789abcdef", createdAt: String = "2026-01-01T00:00:00Z",
    level: MachineProfile.Level = .standard, _ machine: Machine, _ fixedCosts: [FixedCost],
    _ variableCosts: VariableCosts, runSpread: Double = 0.02
  ) -> MachineProfile {
    MachineProfile(
      fingerprint: fingerprint, createdAt: createdAt, advisorVersion: "1", level: level, machine: machine,
      fixedCosts: fixedCosts, variableCosts: variableCosts,
      noise: Noise(stealShare: 0, otherBusyShare: 0, cpuPressure: 0, probeRatio: 1, runSpread: runSpread), quality: [])
  }

  public static func machine(cpus: Int, quota: Double? = nil, memoryBytes: Int = 8 << 30) -> Machine {
    let set = CPUSet(0..<cpus)
    return Machine(
      architecture: "x86_64", cpus: .init(online: set, allowed: set, usable: set),
      counts: .init(packages: 1, cores: cpus, logicalCPUs: cpus, threadsPerCore: 1, numaNodes: 1),
      topology: (0..<cpus).map { Machine.LogicalCPU(id: $0, core: $0, package: 0, node: 0) },
      numa: [.init(id: 0, cpus: set, memoryBytes: memoryBytes)],
      limits: .init(cpuQuota: quota, cpuPeriodSeconds: quota == nil ? nil : 0.1, openFiles: 1024),
      usable: .init(
        logicalCPUs: cpus, effectiveCPUs: min(Double(cpus), quota ?? .infinity), memoryBytes: memoryBytes))
  }

  public static let fixedCosts: [FixedCost] = [
    cost(.processSpawn, 500e-6), cost(.workerSpawn, 2e-3), cost(.poolStart, 2.5e-3), cost(.threadStart, 40e-6),
    cost(.taskHop, 600e-9), cost(.queueHandOff, 60e-9), cost(.pipeRoundTrip, 30e-6), cost(.timerLateness, 60e-6),
    cost(.httpConnect, 100e-6), cost(.httpRequest, 40e-6), cost(.memoryPerProcess, 8e6, .bytes),
    cost(.memoryPerThread, 64e3, .bytes),
  ]

  public static func variableCosts(cpus: Int, speedups: [Int: Double] = [:]) -> VariableCosts {
    let points = speedups.isEmpty ? [1: 1, 2: min(1.97, Double(cpus)), 4: min(1.97, Double(cpus))] : speedups
    return VariableCosts(
      kernels: Kernel.allCases.map {
        KernelCost(kernel: $0, mix: .integer, secondsPerUnit: estimate(2.5e-9, .secondsPerUnit))
      },
      speedups: points.sorted { $0.key < $1.key }.map {
        SpeedupPoint(kernel: .word, workers: $0.key, speedup: estimate($0.value, .ratio))
      },
      memoryBandwidth: bandwidth(18e9, 30e9),
      disk: [(1, 9e3), (4, 29e3), (16, 40e3), (32, 51e3), (64, 51e3)].map {
        DepthPoint(depth: $0, bytes: 4096, operationsPerSecond: estimate($1, .perSecond))
      },
      http: [(1, 5e3), (4, 12e3), (8, 22e3), (16, 25e3), (64, 24e3), (256, 17e3)].map {
        DepthPoint(depth: $0, bytes: 1024, operationsPerSecond: estimate($1, .perSecond))
      })
  }

  public static func cost(
    _ name: FixedCost.Name, _ value: Double, _ unit: Estimate.Unit = .seconds,
    placement: FixedCost.Placement = .unpinned
  ) -> FixedCost {
    FixedCost(
      name: name, placement: placement, floor: estimate(value, unit), typical: estimate(value, unit), minimum: value,
      acceptedShare: 0.5)
  }

  /// Bytes a second of one thread, of two and so on, on the only NUMA node.
  public static func bandwidth(_ totals: Double...) -> [BandwidthPoint] {
    totals.enumerated().map { index, total in
      BandwidthPoint(threads: index + 1, cpuNode: 0, memoryNode: 0, bytesPerSecond: estimate(total, .bytesPerSecond))
    }
  }

  /// - Parameter error: half the width of the interval, relative to the value.
  public static func estimate(_ value: Double, _ unit: Estimate.Unit, error: Double = 0.03, samples: Int = 40)
    -> Estimate
  {
    Estimate(value: value, low: value * (1 - error), high: value * (1 + error), samples: samples, unit: unit)
  }
}
