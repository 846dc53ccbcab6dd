private import Glibc

/// The largest resident set that this process has had, which a child's own record starts from.
enum PeakMemory {
  /// Forgets past peaks, where the kernel allows it, and returns what counts as the peak from now on, in bytes.
  static func reset() -> Int {
    // proc(5): 5 resets VmHWM to the present size.
    let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    if descriptor >= 0 {
      _ = write(descriptor, "5", 1)
      _ = close(descriptor)
    }
    return current
  }

  /// `VmHWM`, bytes; the greatest number there is where it cannot be read, so that nothing is mistaken for a child's.
  static var current: Int {
    let descriptor = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .max }
    defer { _ = close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &buffer, buffer.count)
    let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) })
    else { return .max }
    return kibibytes << 10
  }
}
