import AdvisorCore

@testable import Probe

/// Kernel files as `probe --root` reads them from another machine's record; the first byte chooses the file.
enum KernelFiles {
  static func feed(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    let text = Array(input.dropFirst())
    let paths = [
      "/proc/self/mountinfo", "/proc/self/mounts", "/proc/self/cgroup", "/proc/self/status", "/proc/self/limits",
      "/proc/cpuinfo", "/proc/meminfo", "/proc/cmdline", "/sys/devices/system/cpu/online",
      "/sys/devices/system/cpu/cpu0/topology/thread_siblings",
      "/sys/devices/system/cpu/cpu0/cache/index0/shared_cpu_map",
      "/sys/devices/system/cpu/cpu0/cache/index0/size", "/sys/devices/system/cpu/cpu0/cpu_capacity",
      "/sys/devices/system/node/online", "/sys/devices/system/node/node0/distance",
      "/sys/devices/system/node/node0/meminfo", "/cg/a/cpu.max", "/cg/memory.max", "/cg/a/cpuset.cpus.effective",
    ]
    var files: [String: [UInt8]] = [
      "/sys/devices/system/cpu/online": Array("0-3".utf8), "/proc/self/cgroup": Array("0::/a\n1:cpu:/a\n".utf8),
      "/proc/self/mountinfo": Array("1 1 0:1 / /cg rw - cgroup2 cgroup2 rw\n".utf8),
      "/sys/devices/system/node/node0/cpumap": Array("f".utf8),
      "/sys/devices/system/cpu/cpu0/cache/index0/level": Array("1".utf8),
      "/sys/devices/system/cpu/cpu0/cache/index0/type": Array("Data".utf8),
    ]
    switch Int(choice) % (paths.count + 4) {
    case let index where index < paths.count:
      files[paths[index]] = text
      _ = try? Prober(files: MemoryTree(files)).machine().fingerprint
      _ = Privacy(mounts: CgroupMount.all(in: MemoryTree(files)) ?? []).cleared(files)
    case paths.count: _ = CPUSet(list: text)?.description
    case paths.count + 1: _ = CPUSet(mask: text)?.description
    case paths.count + 2: _ = TarArchive.files(in: text)
    default: _ = Contention.Reading(stat: text, pressure: text)
    }
  }
}
