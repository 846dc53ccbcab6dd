import AdvisorCore
import Testing

@Suite struct FingerprintTests {
  static func machine(usable: CPUSet = [0, 1], quota: Double? = 1.5) -> Machine {
    Machine(
      architecture: "x86_64", model: "Some CPU", kernel: "6.1.0",
      cpus: .init(online: [0, 1, 2, 3], allowed: usable, usable: usable),
      counts: .init(packages: 1, cores: 2, logicalCPUs: 4, threadsPerCore: 2, numaNodes: 1), topology: [],
      limits: .init(cpuQuota: quota), usable: .init(logicalCPUs: 2, effectiveCPUs: 1.5, memoryBytes: nil))
  }

  /// FNV-1a of the lines `x86_64`, `Some CPU`, `6.1.0`, `0-3`, `0-1`, `1`, `2`, `1`, `1.5` and an empty one.
  @Test("A fingerprint stays the same from version to version")
  func staysTheSame() {
    #expect(Self.machine().fingerprint == "722ca1b3e5ceed79")
  }

  @Test("A fingerprint follows what may be used")
  func followsWhatMayBeUsed() {
    #expect(Self.machine(usable: [0]).fingerprint != Self.machine().fingerprint)
    #expect(Self.machine(quota: nil).fingerprint != Self.machine().fingerprint)
  }

  /// What is free or busy now is not what the machine is.
  @Test("A fingerprint passes over what changes by the minute")
  func passesOverWhatChangesByTheMinute() {
    var machine = Self.machine()
    machine.numa = [.init(id: 0, cpus: [0], freeBytes: 5)]
    machine.warnings = [.noNodes(folder: "/sys/devices/system/node")]
    #expect(machine.fingerprint == Self.machine().fingerprint)
  }
}
