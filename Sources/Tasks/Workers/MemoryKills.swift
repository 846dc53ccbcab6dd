private import Probe

/// The kernel's count of processes that it killed for want of memory.
enum MemoryKills {
  /// `oom_kill` of `/proc/vmstat`, for the whole system since boot; 0 where it is not told.
  static func count() -> Int {
    count(in: String(decoding: FolderTree.live.read("/proc/vmstat", limit: 64 << 10) ?? [], as: UTF8.self))
  }

  static func count(in vmstat: String) -> Int {
    let line = vmstat.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
    return line.flatMap { Int($0.dropFirst("oom_kill ".count)) } ?? 0
  }
}
