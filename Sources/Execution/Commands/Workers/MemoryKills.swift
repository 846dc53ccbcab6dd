private import Glibc

/// The kernel's count of processes that it killed for want of memory.
enum MemoryKills {
  /// `oom_kill` of `/proc/vmstat`, for the whole system since boot; 0 where it is not told.
  static func count() -> Int {
    let descriptor = open("/proc/vmstat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return 0 }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    let length = read(descriptor, &buffer, buffer.count)
    return count(in: String(decoding: buffer.prefix(max(0, length)), as: UTF8.self))
  }

  static func count(in vmstat: String) -> Int {
    let line = vmstat.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
    return line.flatMap { Int($0.dropFirst("oom_kill ".count)) } ?? 0
  }
}
