import AdvisorCore
import Probe
@testable import Observation

/// A recorded look at a machine that nothing holds back: two cores of two hardware threads, two NUMA nodes, Linux 6 with cgroups
/// of version 2. What the files hold is by the kernel's documentation (proc(5), Documentation/ABI, admin-guide).
struct RecordedLook {
  /// Texts that stand in place of the quiet machine's, and those a second later; nil takes the file away.
  var changes: [String: String?] = [:]
  var later: [String: String?] = [:]
  var surroundings = MachineReading.Surroundings(
    neighbourRatio: 1.01, temporaryFolder: .init(folder: "/tmp", freeBytes: 50 << 30, totalBytes: 100 << 30))

  func findings() throws -> MachineFindings {
    let first = QuietMachine.files(idleTicks: 0).replacing(changes)
    let second = QuietMachine.files(idleTicks: 100).replacing(changes).replacing(later)
    let reader = try MachineReader(MemoryTree(texts: first), at: 10)
    return MachineFindings(reader.reading(MemoryTree(texts: second), at: 11, surroundings))
  }

  /// The findings' codes, worst first.
  func codes() throws -> [String] { try findings().findings.map(\.cause.code) }
}

extension MachineCause {
  /// The case's name, which documents give as the code.
  var code: String { Mirror(reflecting: self).children.first?.label ?? "\(self)" }
}

extension [String: String] {
  func replacing(_ changes: [String: String?]) -> [String: String] {
    var files = self
    for (path, text) in changes { files[path] = text }
    return files
  }
}

enum QuietMachine {
  static let cpu = "/sys/devices/system/cpu"
  static let group = "/sys/fs/cgroup/jobs/ours"

  /// - Parameter idleTicks: what each CPU has idled since boot.
  static func files(idleTicks: Int) -> [String: String] {
    var files = kernel.merging(cgroups, uniquingKeysWith: { $1 }).merging(memory, uniquingKeysWith: { $1 })
    files["/proc/stat"] = stat((0..<4).map { _ in .init(idle: idleTicks) })
    for number in 0..<4 {
      let siblings = number % 2 == 0 ? "0,2" : "1,3"
      files["\(cpu)/cpu\(number)/topology/thread_siblings_list"] = siblings
      files["\(cpu)/cpu\(number)/topology/core_siblings_list"] = "0-3"
      files["\(cpu)/cpu\(number)/thermal_throttle/core_throttle_count"] = "7"
      files["\(cpu)/cpu\(number)/thermal_throttle/core_throttle_total_time_ms"] = "70"
      files.merge(policy(number), uniquingKeysWith: { $1 })
    }
    return files
  }

  /// What one CPU has done, in the order of proc_stat(5).
  struct Ticks {
    var user = 0
    var nice = 0
    var idle = 0
    var stolen = 0
  }

  static func stat(_ cpus: [Ticks]) -> String {
    let lines = cpus.enumerated().map { "cpu\($0) \($1.user) \($1.nice) 0 \($1.idle) 0 0 0 \($1.stolen) 0 0" }
    return (["cpu 0 0 0 0 0 0 0 0 0 0"] + lines + ["intr 1 2 3"]).joined(separator: "\n") + "\n"
  }

  /// A line of proc_pid_stat(5).
  static func process(_ id: Int, _ name: String, parent: Int = 1, ticks: Int, start: Int = 5) -> String {
    "\(id) (\(name)) R \(parent) 1 1 0 -1 0 0 0 0 0 \(ticks) 0 0 0 20 0 1 0 \(start) 0 0 0 0\n"
  }

  static func policy(_ number: Int) -> [String: String] {
    let path = "\(cpu)/cpufreq/policy\(number)"
    return [
      "\(path)/affected_cpus": "\(number)\n", "\(path)/scaling_governor": "performance\n",
      "\(path)/scaling_driver": "acpi-cpufreq\n", "\(path)/cpuinfo_min_freq": "1000000\n",
      "\(path)/cpuinfo_max_freq": "4000000\n", "\(path)/scaling_max_freq": "4000000\n",
      "\(path)/scaling_setspeed": "<unsupported>\n",
    ]
  }

  static func pressure(some: Int, full: Int) -> String {
    """
    some avg10=0.00 avg60=0.00 avg300=0.00 total=\(some)
    full avg10=0.00 avg60=0.00 avg300=0.00 total=\(full)

    """
  }

  private static let kernel = [
    "/proc/cpuinfo": "processor\t: 0\nmodel name\t: A CPU\nflags\t\t: fpu sse2\n",
    "/proc/self/status": "Cpus_allowed_list:\t0-3\nMems_allowed_list:\t0-1\nCapEff:\t0000000000000000\n",
    "/proc/self/limits":
      "Max processes             60000                60000                processes\n"
      + "Max open files            1024                 524288               files\n",
    "/proc/1/stat": process(1, "init", parent: 0, ticks: 50),
    "/proc/pressure/cpu": pressure(some: 1000, full: 0), "/proc/pressure/memory": pressure(some: 0, full: 0),
    "/proc/pressure/io": pressure(some: 2000, full: 1000),
    "\(cpu)/online": "0-3\n", "\(cpu)/present": "0-3\n", "\(cpu)/isolated": "\n", "\(cpu)/smt/control": "on\n",
    "\(cpu)/cpufreq/boost": "1\n",
    "\(cpu)/vulnerabilities/meltdown": "Not affected\n",
    "\(cpu)/vulnerabilities/spectre_v1":
      "Mitigation: usercopy/swapgs barriers and __user pointer sanitization\n",
    "\(cpu)/vulnerabilities/spectre_v2":
      "Mitigation: Enhanced / Automatic IBRS; IBPB: conditional; PBRSB-eIBRS: SW sequence\n",
    "/sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc\n",
  ]

  private static let memory = [
    "/proc/meminfo": "MemTotal:       16777216 kB\nMemFree:        1000000 kB\nMemAvailable:   12000000 kB\n",
    "/proc/vmstat": "nr_free_pages 1\npswpin 500\npswpout 900\n",
    "/sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never\n",
    "/sys/devices/system/node/online": "0-1\n",
    "/sys/devices/system/node/node0/cpulist": "0,2\n", "/sys/devices/system/node/node1/cpulist": "1,3\n",
    "/sys/devices/system/node/node0/meminfo": "Node 0 MemTotal: 8388608 kB\nNode 0 MemFree: 500000 kB\n",
    "/sys/devices/system/node/node1/meminfo": "Node 1 MemTotal: 8388608 kB\nNode 1 MemFree: 500000 kB\n",
    "/sys/devices/system/node/node0/distance": "10 20\n", "/sys/devices/system/node/node1/distance": "20 10\n",
    "/sys/devices/system/edac/mc/mc0/max_location": "channel 1 slot 0 \n",
    "/sys/devices/system/edac/mc/mc0/dimm0/size": "8192\n",
    "/sys/devices/system/edac/mc/mc0/dimm0/dimm_location": "channel 0 slot 0 \n",
    "/sys/devices/system/edac/mc/mc0/dimm1/size": "8192\n",
    "/sys/devices/system/edac/mc/mc0/dimm1/dimm_location": "channel 1 slot 0 \n",
  ]

  private static let cgroups: [String: String] = {
    var files = [
      "/proc/self/cgroup": "0::/jobs/ours\n",
      "/proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n",
      "/sys/fs/cgroup/cgroup.controllers": "cpu io memory pids\n",
    ]
    for folder in ["/sys/fs/cgroup/jobs", group] {
      files["\(folder)/cgroup.controllers"] = "cpu io memory pids\n"
      files["\(folder)/cgroup.events"] = "populated 1\nfrozen 0\n"
      files["\(folder)/cpu.max"] = "max 100000\n"
      files["\(folder)/cpu.stat"] = "usage_usec 1000000\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\n"
      files["\(folder)/memory.max"] = "max\n"
      files["\(folder)/memory.high"] = "max\n"
      files["\(folder)/memory.current"] = "1000000\n"
      files["\(folder)/memory.stat"] = "anon 1000\ninactive_file 0\n"
      files["\(folder)/pids.max"] = "max\n"
      files["\(folder)/pids.current"] = "20\n"
      for resource in ["cpu", "memory", "io"] {
        files["\(folder)/\(resource).pressure"] = pressure(some: 0, full: 0)
      }
    }
    return files
  }()
}
