public import AdvisorCore
import Observation

/// What to do about a cause that holds a machine back.
public struct MachineMend: Codable, Sendable, Hashable {
  /// An imperative.
  public var text: String
  /// A line for a root shell; nil where no command mends it.
  @Nullable public var command: String?

  private init(_ text: String, _ command: String? = nil) {
    self.text = text
    self.command = command
  }

  init(_ cause: MachineCause) {
    switch cause {
    case .cpuQuota, .cpuset, .offlineCPUs, .isolatedCPUs, .smtOff: self = Self.share(cause)
    case .governor, .frequencyCap, .turboOff, .thermalThrottling, .mitigations, .clockSource: self = Self.speed(cause)
    case .steal, .otherProcesses, .busySiblings, .neighbour, .cpuPressure, .memoryPressure, .ioPressure:
      self = Self.load(cause)
    default: self = Self.memory(cause)
    }
  }

  private static let cpu = "/sys/devices/system/cpu"

  private static func share(_ cause: MachineCause) -> MachineMend {
    switch cause {
    case .cpuQuota(_, _, _, let file):
      MachineMend("raise the quota", "echo \(file.hasSuffix("cpu.max") ? "max" : "-1") > \(word(file))")
    case .cpuset(_, let online, _): MachineMend("widen it", "taskset --cpu-list \(online) COMMAND")
    case .offlineCPUs(let offline, _): MachineMend("switch them on", "chcpu --enable \(offline)")
    case .isolatedCPUs(let isolated, _): MachineMend("pin work there", "taskset --cpu-list \(isolated) COMMAND")
    case .smtOff(let control):
      control == "off"
        ? MachineMend("switch them on", "echo on > \(cpu)/smt/control") : MachineMend("boot without nosmt")
    default: MachineMend("")
    }
  }

  private static func speed(_ cause: MachineCause) -> MachineMend {
    switch cause {
    case .governor(_, _, .some, _):
      MachineMend(
        "prefer performance", "echo performance | tee \(cpu)/cpufreq/policy*/energy_performance_preference")
    case .governor: MachineMend("use performance", "cpupower frequency-set --governor performance")
    case .frequencyCap(_, let max, _):
      MachineMend("lift the cap", "cpupower frequency-set --max \(Quantity.decimal(max / 1e3, places: 0))kHz")
    case .turboOff(let file): MachineMend("switch it on", "echo \(file.hasSuffix("no_turbo") ? 0 : 1) > \(file)")
    case .thermalThrottling: MachineMend("check the cooling")
    case .mitigations: MachineMend("trust all code?")
    case .clockSource:
      MachineMend("use tsc", "echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource")
    default: MachineMend("")
    }
  }

  private static func load(_ cause: MachineCause) -> MachineMend {
    switch cause {
    case .steal: MachineMend("get dedicated CPUs")
    case .otherProcesses(_, let programs, _):
      MachineMend(
        "let them wait",
        programs.first.map { "renice --priority 19 --pid \($0.ids.map(String.init).joined(separator: " "))" })
    case .busySiblings: MachineMend("use whole cores")
    case .neighbour: MachineMend("get whole cores")
    case .cpuPressure: MachineMend("run less at once", "advisor cpus --why")
    case .memoryPressure: MachineMend("use less memory", biggest)
    case .ioPressure: MachineMend("find the writer", "iotop --only --batch --iterations 3")
    default: MachineMend("")
    }
  }

  private static let biggest = "ps --sort=-rss -eo pid,rss,comm | head"

  private static func memory(_ cause: MachineCause) -> MachineMend {
    switch cause {
    case .memoryLow: MachineMend("free memory", biggest)
    case .swapping: MachineMend("use less memory", biggest)
    case .hugePagesOff: MachineMend("allow them", "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled")
    case .nodesWithoutMemory, .memoryChannels: MachineMend("add modules")
    case .openFiles(_, let hard): MachineMend("raise it", "ulimit -n \(hard.map(String.init) ?? "hard")")
    case .processLimit(_, _, let file):
      MachineMend("raise it", file.hasSuffix("/pids.max") ? "echo max > \(word(file))" : "ulimit -u hard")
    case .diskFull(let folder, _, _): MachineMend("make room", "du -xh --max-depth=1 \(word(folder)) | sort -h")
    case .filesFull(let folder, _, _): MachineMend("delete files", "du -x --inodes \(word(folder)) | sort -n")
    default: MachineMend("")
    }
  }

  /// A path as one word of a shell.
  private static func word(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "-")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "_")
    }
    return isPlain && !path.isEmpty ? path : "'\(path.replacing(["'": "'\\''"]))'"
  }
}
