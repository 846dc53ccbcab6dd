import AdvisorCore
import Probe
import System

/// How the kernel sets the frequency of some CPUs (Documentation/admin-guide/pm/cpufreq.rst).
struct FrequencyPolicy: Sendable, Hashable {
  static let folder = "/sys/devices/system/cpu/cpufreq"

  var cpus: CPUSet
  var governor: String?
  var driver: String?
  /// `energy_performance_preference` of drivers whose processor decides for itself.
  var preference: String?
  /// Hertz: what the hardware can do, what is allowed, and what a program has set.
  var hardwareMin: Double?
  var hardwareMax: Double?
  var allowedMax: Double?
  var fixed: Double?
  /// The share of the highest performance that the processor can keep up without turbo; nil where it does not say.
  var sustainedShare: Double?

  /// - Returns: nil where there are none, as on a virtual machine.
  static func all(in files: any FileTree) -> [FrequencyPolicy]? {
    let policies = (files.numbers(in: folder, after: "policy") ?? []).compactMap { number in
      FrequencyPolicy(number, in: files)
    }
    return policies.isEmpty ? nil : policies
  }

  private init?(_ number: Int, in files: any FileTree) {
    let path = "\(Self.folder)/policy\(number)"
    guard let members = files.bytes("\(path)/affected_cpus") else { return nil }
    cpus = CPUSet(
      KernelText.words(members[...]).compactMap { KernelText.integer($0) }
        .filter { (0...CPUSet.highestCPU).contains($0) })
    func text(_ name: String) -> String? { files.text("\(path)/\(name)").flatMap { $0.isEmpty ? nil : $0 } }
    func hertz(_ name: String) -> Double? {
      files.integer("\(path)/\(name)").flatMap { $0 > 0 ? Double($0) * 1e3 : nil }
    }
    governor = text("scaling_governor")
    driver = text("scaling_driver")
    preference = text("energy_performance_preference")
    hardwareMin = hertz("cpuinfo_min_freq")
    hardwareMax = hertz("cpuinfo_max_freq")
    allowedMax = hertz("scaling_max_freq")
    fixed = hertz("scaling_setspeed")
    sustainedShare = Self.sustainedShare(base: hertz("base_frequency"), hardwareMax, number, in: files)
  }

  /// Of Intel's driver the base frequency, else what ACPI calls the nominal performance (acpi_cppc in
  /// Documentation/ABI/testing/sysfs-devices-system-cpu).
  private static func sustainedShare(base: Double?, _ max: Double?, _ cpu: Int, in files: any FileTree) -> Double? {
    if let base, let max, base < max { return base / max }
    let cppc = "/sys/devices/system/cpu/cpu\(cpu)/acpi_cppc"
    guard let nominal = files.integer("\(cppc)/nominal_perf"), let highest = files.integer("\(cppc)/highest_perf"),
      nominal > 0, nominal < highest
    else { return nil }
    return Double(nominal) / Double(highest)
  }

  /// Whether the processor chooses its frequency within the bounds, so that `powersave` means no fixed one
  /// (intel_pstate.rst and amd-pstate.rst, “active mode”).
  var isAutonomous: Bool { ["intel_pstate", "amd-pstate-epp", "amd_pstate_epp"].contains(driver ?? "") }
}
