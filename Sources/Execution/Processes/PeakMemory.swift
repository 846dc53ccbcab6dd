private import AdvisorCore
private import Glibc
private import Probe

/// The largest resident set that this process has had, which a child's own record starts from.
enum PeakMemory {
  /// Forgets past peaks, where the kernel allows it, and returns what counts as the peak from now on, in bytes.
  static func reset() -> Int {
    // proc(5): 5 resets VmHWM to the present size.
    _ = Descriptor(opening: "/proc/self/clear_refs", O_WRONLY)?.write(Array("5".utf8))
    return current
  }

  /// `VmHWM`, bytes; the greatest number there is where it cannot be read, so that nothing is mistaken for a child's.
  static var current: Int {
    let text = String(decoding: FolderTree.live.read("/proc/self/status", limit: 4096) ?? [], as: UTF8.self)
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) })
    else { return .max }
    return kibibytes << 10
  }
}
