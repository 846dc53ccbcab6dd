import AdvisorCore
import Probe
import Testing

@testable import Observation

@Suite("How fast the CPUs are") struct SpeedFindingTests {
  private static let cpu = QuietMachine.cpu

  /// One text for a file of every policy.
  private static func policies(_ name: String, _ text: String) -> [String: String?] {
    Dictionary(uniqueKeysWithValues: (0..<4).map { ("\(cpu)/cpufreq/policy\($0)/\(name)", text) })
  }

  private static func policies(_ texts: [String: String]) -> [String: String?] {
    texts.reduce(into: [:]) { $0.merge(policies($1.key, $1.value), uniquingKeysWith: { $1 }) }
  }

  private static func vulnerability(_ name: String, _ text: String) -> [String: String?] {
    ["\(cpu)/vulnerabilities/\(name)": "\(text)\n"]
  }

  private static func clock(_ name: String) -> [String: String?] {
    ["/sys/devices/system/clocksource/clocksource0/current_clocksource": "\(name)\n"]
  }

  static let governors: [LookCase] = [
    LookCase("the lowest frequency always", policies("scaling_governor", "powersave\n"), ["governor"]),
    LookCase(
      "the same on one CPU of four", ["\(cpu)/cpufreq/policy2/scaling_governor": "powersave\n"], ["governor"]),
    LookCase("a frequency that follows the load", policies("scaling_governor", "ondemand\n"), ["governor"]),
    LookCase(
      "a frequency that a program has set",
      policies(["scaling_governor": "userspace\n", "scaling_setspeed": "2000000\n"]), ["governor"]),
    LookCase(
      "the highest frequency, set by a program",
      policies(["scaling_governor": "userspace\n", "scaling_setspeed": "4000000\n"]), []),
    LookCase(
      "a processor that decides itself",
      policies(["scaling_governor": "powersave\n", "scaling_driver": "intel_pstate\n"]), []),
    LookCase(
      "a processor that decides itself and prefers performance a little",
      policies([
        "scaling_governor": "powersave\n", "scaling_driver": "amd-pstate-epp\n",
        "energy_performance_preference": "balance_performance\n",
      ]), []),
    LookCase(
      "a processor that decides itself and prefers saving",
      policies([
        "scaling_governor": "powersave\n", "scaling_driver": "intel_pstate\n",
        "energy_performance_preference": "power\n",
      ]), ["governor"]),
    LookCase("a governor that we do not know", policies("scaling_governor", "interactive\n"), []),
    LookCase("an empty governor", policies("scaling_governor", ""), []),
    LookCase("a cap", policies("scaling_max_freq", "3000000\n"), ["frequencyCap"]),
    LookCase("a cap one per cent below", policies("scaling_max_freq", "3960000\n"), ["frequencyCap"]),
    LookCase("a cap less than one per cent below", policies("scaling_max_freq", "3970000\n"), []),
    LookCase("a cap above what the hardware can do", policies("scaling_max_freq", "5000000\n"), []),
    LookCase("a garbled cap", policies("scaling_max_freq", "fast\n"), []),
    LookCase(
      "a cap on CPUs that are not ours",
      [
        "\(cpu)/cpufreq/policy3/scaling_max_freq": "1000000\n",
        "/proc/self/status": "Cpus_allowed_list:\t0-2\n",
      ], ["cpuset"]),
    LookCase("no boost", ["\(cpu)/cpufreq/boost": "0\n"], ["turboOff"]),
    LookCase("no turbo", ["\(cpu)/cpufreq/boost": nil, "\(cpu)/intel_pstate/no_turbo": "1\n"], ["turboOff"]),
    LookCase("turbo", ["\(cpu)/cpufreq/boost": nil, "\(cpu)/intel_pstate/no_turbo": "0\n"], []),
    LookCase(
      "heat while we looked",
      later: [
        "\(cpu)/cpu1/thermal_throttle/core_throttle_count": "9\n",
        "\(cpu)/cpu1/thermal_throttle/core_throttle_total_time_ms": "470\n",
      ], ["thermalThrottling"]),
    LookCase(
      "heat that took no time", later: ["\(cpu)/cpu1/thermal_throttle/core_throttle_count": "8\n"], []),
    LookCase(
      "heat on a kernel that counts no time",
      Dictionary(
        uniqueKeysWithValues: (0..<4).map { ("\(cpu)/cpu\($0)/thermal_throttle/core_throttle_total_time_ms", nil) }),
      later: ["\(cpu)/cpu1/thermal_throttle/core_throttle_count": "8\n"], ["thermalThrottling"]),
    LookCase("heat before we looked", ["\(cpu)/cpu1/thermal_throttle/core_throttle_count": "9000\n"], []),
  ]

  static let kernels: [LookCase] = [
    LookCase("page table isolation", vulnerability("meltdown", "Mitigation: PTI"), ["mitigations"]),
    LookCase(
      "buffers that are cleared", vulnerability("mds", "Mitigation: Clear CPU buffers; SMT vulnerable"), ["mitigations"]
    ),
    LookCase(
      "returns that are made safe",
      vulnerability("spec_rstack_overflow", "Vulnerable: Safe RET, no microcode"), ["mitigations"]),
    LookCase("IBRS by the kernel", vulnerability("spectre_v2", "Mitigation: IBRS; IBPB: conditional"), ["mitigations"]),
    LookCase("retpolines", vulnerability("spectre_v2", "Mitigation: Retpolines; STIBP: disabled; RSB filling"), []),
    LookCase("no mitigation", vulnerability("mds", "Vulnerable; SMT vulnerable"), []),
    LookCase("what only guests cost", vulnerability("l1tf", "Mitigation: PTE Inversion; VMX: cache flushes"), []),
    LookCase("an empty text", vulnerability("mds", ""), []),
    LookCase("an HPET", clock("hpet"), ["clockSource"]),
    LookCase("the ACPI timer", clock("acpi_pm"), ["clockSource"]),
    LookCase("Xen's clock", clock("xen"), ["clockSource"]),
    LookCase("KVM's clock", clock("kvm-clock"), []),
    LookCase("Arm's clock", clock("arch_sys_counter"), []),
    LookCase("Hyper-V's page", clock("hyperv_clocksource_tsc_page"), []),
  ]

  @Test("Is found where it is set, and nowhere else", arguments: governors + kernels)
  func isFound(_ row: LookCase) throws { #expect(try row.look.codes() == row.codes) }

  /// Of four CPUs of 1 to 4 GHz.
  @Test(
    "What the frequency costs is by the CPUs that it holds for",
    arguments: [
      (policies("scaling_governor", "powersave\n"), 0.75),
      (["\(cpu)/cpufreq/policy2/scaling_governor": "powersave\n"], 0.1875),
      (policies("scaling_max_freq", "3000000\n"), 0.25),
      (["\(cpu)/cpufreq/policy1/scaling_max_freq": "2000000\n"], 0.125),
    ] as [([String: String?], Double)])
  func frequencyLoss(changes: [String: String?], loss: Double) throws {
    let found = try RecordedLook(changes: changes).findings().findings
    #expect(found.map(\.loss) == [Loss(0...loss, .computed)])
  }

  @Test("Turbo's loss follows from the base frequency or from ACPI, and else is unknown")
  func turboLoss() throws {
    let off: [String: String?] = ["\(Self.cpu)/cpufreq/boost": "0\n"]
    let acpi: [String: String?] = [
      "\(Self.cpu)/cpu0/acpi_cppc/nominal_perf": "75\n", "\(Self.cpu)/cpu0/acpi_cppc/highest_perf": "100\n",
    ]
    let base = Self.policies("base_frequency", "3000000\n")
    for known in [acpi, base] {
      let found = try RecordedLook(changes: off.merging(known, uniquingKeysWith: { $1 })).findings().findings
      #expect(found.map(\.loss) == [Loss(0...0.25, .computed)])
    }
    #expect(try RecordedLook(changes: off).findings().findings.map(\.loss) == [nil])
  }

  /// 400 ms of one CPU of four in a second.
  @Test("Heat costs the time that cores were slowed down")
  func heatLoss() throws {
    let look = try #require(Self.governors.first { $0.testDescription == "heat while we looked" }).look
    let cause = MachineCause.thermalThrottling(events: 2, share: 0.1)
    #expect(try look.findings().findings == [MachineFinding(cause, Loss(0...0.1, .measured))])
  }
}
