import Testing

@testable import Probe

@Suite("Memory that is left") struct MemoryGaugeTests {
  private static let meminfo = "MemTotal:       8388608 kB\nMemFree:         1048576 kB\nMemAvailable:    4194304 kB\n"

  private func reading(_ files: [String: String]) -> MemoryGauge.Reading? {
    MemoryGauge(files: MemoryTree(texts: files)).reading()
  }

  @Test("Without cgroups it is what the kernel calls available")
  func machine() {
    #expect(reading(["/proc/meminfo": Self.meminfo]) == .init(availableBytes: 4 << 30, limitBytes: 8 << 30))
    #expect(reading([:]) == nil)
  }

  @Test("The tightest ancestor cgroup decides; file pages that nobody uses count as free")
  func unified() {
    let folder = "/sys/fs/cgroup"
    let files = [
      "/proc/meminfo": Self.meminfo, "/proc/self/cgroup": "0::/a/b\n",
      "/proc/self/mountinfo": "30 23 0:26 / \(folder) rw - cgroup2 cgroup2 rw\n",
      "\(folder)/a/memory.max": "2147483648\n", "\(folder)/a/memory.current": "1610612736\n",
      "\(folder)/a/memory.stat": "anon 1073741824\ninactive_file 268435456\nactive_file 1\n",
      "\(folder)/a/b/memory.max": "max\n", "\(folder)/a/b/memory.current": "1610612736\n",
    ]
    // 2 GiB − (1.5 GiB − 0.25 GiB)
    #expect(reading(files) == .init(availableBytes: 768 << 20, limitBytes: 2 << 30))
    let throttled = files.merging(["\(folder)/a/memory.high": "1073741824\n"]) { $1 }
    #expect(reading(throttled) == .init(availableBytes: 0, limitBytes: 1 << 30))
  }

  @Test("Version 1 has the same under other names")
  func legacy() {
    let folder = "/sys/fs/cgroup/memory"
    let files = [
      "/proc/meminfo": Self.meminfo, "/proc/self/cgroup": "5:memory:/a\n",
      "/proc/self/mountinfo": "31 23 0:27 / \(folder) rw - cgroup cgroup rw,memory\n",
      "\(folder)/a/memory.limit_in_bytes": "1073741824\n", "\(folder)/a/memory.usage_in_bytes": "536870912\n",
      "\(folder)/a/memory.stat": "cache 0\ntotal_inactive_file 134217728\n",
      "\(folder)/memory.limit_in_bytes": "9223372036854771712\n", "\(folder)/memory.usage_in_bytes": "536870912\n",
    ]
    #expect(reading(files) == .init(availableBytes: 640 << 20, limitBytes: 1 << 30))
  }

  @Test("A limit of a group of version 1 that is out of sight counts, too")
  func outOfSight() {
    let files = [
      "/proc/meminfo": Self.meminfo, "/proc/self/cgroup": "5:memory:/p/a\n",
      "/proc/self/mountinfo": "31 23 0:27 /p/a /m rw - cgroup cgroup rw,memory\n", "/m/cgroup.procs": "",
      "/m/memory.limit_in_bytes": "9223372036854771712\n", "/m/memory.usage_in_bytes": "134217728\n",
      "/m/memory.stat": "hierarchical_memory_limit 536870912\ntotal_inactive_file 0\n",
    ]
    #expect(reading(files) == .init(availableBytes: 384 << 20, limitBytes: 512 << 20))
  }

  @Test("Time in which nothing could go on is that of the kernel's full line")
  func pressure() {
    let text = "some avg10=0.00 avg60=0.00 avg300=0.00 total=77\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=42\n"
    #expect(reading(["/proc/meminfo": Self.meminfo, "/proc/pressure/memory": text])?.stalledMicroseconds == 42)
  }
}
