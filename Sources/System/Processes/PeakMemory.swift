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
    KernelFile.read("/proc/self/status").flatMap { KernelText.kibibytes("VmHWM:", in: $0) } ?? .max
  }
}

/// The memory that a process has in RAM.
package enum ResidentMemory {
  /// The second figure of `/proc/PID/statm` (proc_pid_statm(5)), in bytes; nil where the kernel does not tell.
  ///
  /// - Parameter process: nil is this one.
  package static func bytes(of process: Int32? = nil) -> Int? {
    guard let text = KernelFile.read("/proc/\(process.map { "\($0)" } ?? "self")/statm") else { return nil }
    let pages = KernelText.words(text[...]).dropFirst().first.flatMap(KernelText.integer)
    return pages.map { $0 * SystemConstant.pageBytes }
  }
}
