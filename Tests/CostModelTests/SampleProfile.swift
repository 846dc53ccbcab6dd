import AdvisorCore

/// A machine of two cores with round figures, near those of a small cloud machine.
enum SampleProfile {
  static let twoCores = make(cpus: 2)

  static func make(
    cpus: Int, quota: Double? = nil, memoryBytes: Int = 8 << 30, speedups: [Int: Double] = [:]
  ) -> MachineProfile {
    MachineProfile(
      fingerprint: "sample-\(cpus)", createdAt: "2026-01-01T00:00:00Z", advisorVersion: "1", level: .standard,
      machine: machine(cpus: cpus, quota: quota, memoryBytes: memoryBytes), fixedCosts: fixedCosts,
      variableCosts: variableCosts(cpus: cpus, speedups: speedups),
      noise: Noise(stealShare: 0, otherBusyShare: 0, cpuPressure: 0, probeRatio: 1, runSpread: 0.02), quality: [])
  }

  static func machine(cpus: Int, quota: Double?, memoryBytes: Int) -> Machine {
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

  private static let fixedCosts: [FixedCost] = [
    cost(.processSpawn, 500e-6), cost(.workerSpawn, 2e-3), cost(.poolStart, 2.5e-3), cost(.threadStart, 40e-6),
    cost(.taskHop, 600e-9), cost(.queueHandOff, 60e-9), cost(.pipeRoundTrip, 30e-6), cost(.timerLateness, 60e-6),
    cost(.httpConnect, 100e-6), cost(.httpRequest, 40e-6), cost(.memoryPerProcess, 8e6, .bytes),
    cost(.memoryPerThread, 64e3, .bytes),
  ]

  private static func variableCosts(cpus: Int, speedups: [Int: Double]) -> VariableCosts {
    let points = speedups.isEmpty ? [1: 1, 2: min(1.97, Double(cpus)), 4: min(1.97, Double(cpus))] : speedups
    return VariableCosts(
      kernels: Kernel.allCases.map {
        KernelCost(kernel: $0, mix: .integer, secondsPerUnit: estimate(2.5e-9, .secondsPerUnit))
      },
      speedups: points.sorted { $0.key < $1.key }.map {
        SpeedupPoint(kernel: .word, workers: $0.key, speedup: estimate($0.value, .ratio))
      },
      memoryBandwidth: [(1, 18e9), (2, 30e9)].map {
        BandwidthPoint(threads: $0, cpuNode: 0, memoryNode: 0, bytesPerSecond: estimate($1, .bytesPerSecond))
      },
      disk: [(1, 9e3), (4, 29e3), (16, 40e3), (32, 51e3), (64, 51e3)].map {
        DepthPoint(depth: $0, bytes: 4096, operationsPerSecond: estimate($1, .perSecond))
      },
      http: [(1, 5e3), (4, 12e3), (8, 22e3), (16, 25e3), (64, 24e3), (256, 17e3)].map {
        DepthPoint(depth: $0, bytes: 1024, operationsPerSecond: estimate($1, .perSecond))
      })
  }

  static func cost(_ name: FixedCost.Name, _ value: Double, _ unit: Estimate.Unit = .seconds) -> FixedCost {
    FixedCost(
      name: name, placement: .unpinned, floor: estimate(value, unit), typical: estimate(value, unit), minimum: value,
      acceptedShare: 0.5)
  }

  static func estimate(_ value: Double, _ unit: Estimate.Unit) -> Estimate {
    Estimate(value: value, low: value * 0.97, high: value * 1.03, samples: 40, unit: unit)
  }
}
