import System

/// What else the machine was doing between two readings of the kernel's counters.
public struct Contention: Sendable, Hashable {
  /// The kernel's counters at one moment, all of them sums since boot.
  public struct Reading: Sendable, Hashable {
    /// Time of all CPUs together, in clock ticks.
    var total: Int
    var idle: Int
    var stolen: Int
    /// Microseconds in which some task waited for a CPU.
    var stalled: Int?

    /// - Parameters:
    ///   - stat: the text of `/proc/stat`, whose first line sums up all CPUs: user, nice, system, idle, iowait, irq,
    ///     softirq, steal (proc_stat(5)).
    ///   - pressure: the text of `/proc/pressure/cpu` (Documentation/accounting/psi.rst).
    /// - Returns: nil where the first text is not what the kernel writes.
    init?(stat: [UInt8], pressure: [UInt8]?) {
      guard let line = KernelText.lines(stat).first(where: { _ in true }), line.starts(with: "cpu ".utf8) else {
        return nil
      }
      let ticks = KernelText.words(line).dropFirst().prefix(8).map { KernelText.integer($0) ?? 0 }
      guard ticks.count >= 4 else { return nil }
      total = ticks.reduce(0, &+)
      idle = ticks[3] &+ (ticks.count > 4 ? ticks[4] : 0)
      stolen = ticks.count > 7 ? ticks[7] : 0
      stalled = pressure.flatMap { KernelText.stalledMicroseconds("some", in: $0) }
    }
  }

  /// The share of all CPUs' time that was not idle, 0 to 1; this process's own work and stolen time included.
  public var busy: Double
  /// The share of all CPUs' time that a hypervisor gave to other guests, 0 to 1.
  public var stolen: Double
  /// Seconds in which some task waited for a CPU; nil where the kernel has no pressure information.
  public var stalledSeconds: Double?

  /// The counters now.
  ///
  /// - Returns: nil where `/proc/stat` cannot be read.
  public static func reading(in files: any FileTree = FolderTree.live) -> Reading? {
    files.read("/proc/stat", limit: 512).flatMap {
      Reading(stat: $0, pressure: files.read("/proc/pressure/cpu", limit: 512))
    }
  }

  /// - Returns: nil where no clock tick lies between the readings: they are too close, 10 ms with a kernel of 100 Hz.
  public init?(from start: Reading, to end: Reading) {
    let ticks = end.total &- start.total
    guard ticks > 0 else { return nil }
    busy = Self.share(ticks &- (end.idle &- start.idle), of: ticks)
    stolen = Self.share(end.stolen &- start.stolen, of: ticks)
    if let before = start.stalled, let after = end.stalled { stalledSeconds = Double(max(0, after &- before)) / 1e6 }
  }

  /// Idle time may run backwards by a tick (proc_stat(5)), hence the bounds.
  private static func share(_ part: Int, of whole: Int) -> Double { min(1, max(0, Double(part) / Double(whole))) }
}
