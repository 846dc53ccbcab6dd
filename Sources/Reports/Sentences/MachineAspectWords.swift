import AdvisorCore
import Observation

/// What can be looked at, in words, and what would let it be seen.
extension MachineAspect {
  var words: String {
    switch self {
    case .cpuQuota: "CPU quota"
    case .cpuset: "cpuset and affinity"
    case .smt: "hardware threads"
    case .governor: "governor and frequency cap"
    case .turbo: "turbo"
    case .heat: "heat"
    case .mitigations: "CPU mitigations"
    case .clockSource: "clock source"
    case .load: "load, steal and sibling threads"
    case .processes: "other processes"
    case .neighbour: "neighbours that come and go"
    case .cpuPressure: "CPU pressure"
    case .memoryPressure: "memory pressure"
    case .ioPressure: "IO pressure"
    case .memory: "memory left"
    case .swap: "swap"
    case .hugePages: "transparent huge pages"
    case .memoryNodes: "NUMA nodes' memory"
    case .memoryChannels: "memory channels"
    case .openFiles: "limit on open files"
    case .processLimit: "limit on processes"
    case .temporaryFolder: "room for temporary files"
    }
  }

  /// An imperative, or who can tell; of a virtual machine the host knows what it hides.
  func remedy(isVirtual: Bool) -> String {
    switch self {
    case .governor, .turbo, .heat:
      isVirtual ? "only the host can tell" : "load the CPU's frequency driver, and mount /sys"
    case .memoryChannels: isVirtual ? "only the host can tell" : "run as root, or load the EDAC driver"
    case .processes: "run as root, or mount /proc without hidepid"
    case .cpuPressure, .memoryPressure, .ioPressure: "boot with psi=1, and a kernel with CONFIG_PSI"
    case .smt, .mitigations, .clockSource, .hugePages, .memoryNodes: "mount /sys"
    case .cpuQuota, .memory, .processLimit: "look from the host, or mount all cgroups"
    case .temporaryFolder: "make it, or set TMPDIR"
    default: "mount /proc"
    }
  }
}
