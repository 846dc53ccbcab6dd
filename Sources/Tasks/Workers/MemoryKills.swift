private import System

/// The kernel's count of processes that it killed for want of memory.
enum MemoryKills {
  /// `oom_kill` of `/proc/vmstat`, for the whole system since boot; 0 where it is not told.
  static func count() -> Int { count(in: KernelFile.read("/proc/vmstat", atMost: 64 << 10) ?? []) }

  static func count(in vmstat: [UInt8]) -> Int {
    KernelText.figure(after: "oom_kill ", in: vmstat) ?? 0
  }
}
