private import AdvisorCore

/// The largest resident set that this process has had, which a child's own record starts from.
package enum PeakMemory {
  /// Forgets past peaks, where the kernel allows it, and returns what counts as the peak from now on, in bytes.
  package static func reset() -> Int {
    // proc(5): 5 resets VmHWM to the present size.
    _ = Descriptor(opening: "/proc/self/clear_refs", .writing)?.write(Array("5".utf8))
    return current
  }

  /// `VmHWM`, bytes; the greatest number there is where it cannot be read, so that nothing is mistaken for a child's.
  package static var current: Int {
    let text = String(
      decoding: Descriptor(opening: "/proc/self/status")?.readAll(atMost: 4096) ?? [], as: UTF8.self)
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) })
    else { return .max }
    return kibibytes << 10
  }
}
