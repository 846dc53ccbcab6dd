import Probe
import System

/// Reads what the kernel counts around a process: its cgroups, the CPUs, swap and pressure.
struct SurroundingsReader {
  private var process: Int32
  private var bounds: ProcessBounds
  private var membership: [UInt8]?

  init(process: Int32) {
    self.process = process
    bounds = ProcessBounds(of: process)
    membership = Self.membership(process)
  }

  private static func membership(_ process: Int32) -> [UInt8]? { KernelFile.read("/proc/\(process)/cgroup") }

  /// - Parameters:
  ///   - busiest: the process whose cgroup counts; it may have moved.
  ///   - hasFaults: whether anything was read from a disk for want of memory, so that swap is worth a look.
  mutating func read(busiest: Int32, hasFaults: Bool) -> Surroundings {
    if let now = Self.membership(busiest), now != membership {
      process = busiest
      membership = now
      bounds = ProcessBounds(of: busiest)
    }
    var result = Surroundings()
    readCPUs(into: &result)
    result.quota = quota()
    result.seesCgroups = bounds.isSeen
    readMemory(into: &result)
    if hasFaults { result.swappedPages = swappedPages() }
    result.ioStallSeconds = stall(.io, folder: bounds.folder)
    result.memoryStallSeconds = stall(.memory, folder: bounds.memoryFolder)
    return result
  }

  /// The first line of `/proc/stat` is that of all CPUs together.
  private func readCPUs(into result: inout Surroundings) {
    guard let text = KernelFile.read(CPUTime.path, atMost: 256), text.starts(with: "cpu ".utf8),
      let time = KernelText.lines(text).first(where: { _ in true }).flatMap({ CPUTime($0) })
    else { return }
    result.busySeconds = Double(time.busy) / Double(SystemConstant.ticksPerSecond)
    result.stolenSeconds = Double(time.stolen) / Double(SystemConstant.ticksPerSecond)
  }

  private func quota() -> Surroundings.Quota? {
    guard let quota = bounds.quota, let slash = quota.source.lastIndex(of: "/"),
      let text = KernelFile.read("\(quota.source[..<slash])/cpu.stat")
    else { return nil }
    return Surroundings.Quota(
      cpus: quota.cpus, periodSeconds: quota.periodSeconds,
      periods: KernelText.figure(after: "nr_periods ", in: text) ?? 0,
      throttledPeriods: KernelText.figure(after: "nr_throttled ", in: text) ?? 0,
      throttledSeconds: Throttling.throttledSeconds(in: text) ?? 0, source: quota.source)
  }

  private func readMemory(into result: inout Surroundings) {
    guard let memory = bounds.memory, let slash = memory.source.lastIndex(of: "/") else { return }
    let folder = String(memory.source[..<slash])
    func figure(_ name: String) -> Int? { KernelFile.read("\(folder)/\(name)").flatMap { KernelText.integer($0[...]) } }
    // Version 2, then version 1: Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst.
    let events = KernelFile.read("\(folder)/memory.events") ?? []
    let hits =
      KernelText.figure(after: "max ", in: events).map { $0 + (KernelText.figure(after: "high ", in: events) ?? 0) }
      ?? figure("memory.failcnt")
    let kills = KernelFile.read("\(folder)/memory.oom_control") ?? events
    result.outOfMemoryKills = KernelText.figure(after: "oom_kill ", in: kills)
    guard let used = figure("memory.current") ?? figure("memory.usage_in_bytes") else { return }
    result.memory = Surroundings.MemoryLimit(
      limitBytes: memory.bytes, usedBytes: used, hits: hits ?? 0, source: memory.source)
  }

  private func swappedPages() -> Int? {
    KernelFile.read("/proc/vmstat", atMost: 1 << 16).flatMap(Self.swappedPages).map { $0.read &+ $0.written }
  }

  /// Pages read from and written to swap since boot (proc_vmstat(5)); nil where the text tells of neither.
  static func swappedPages(in text: [UInt8]) -> (read: Int, written: Int)? {
    guard let read = KernelText.figure(after: "pswpin ", in: text),
      let written = KernelText.figure(after: "pswpout ", in: text)
    else { return nil }
    return (read, written)
  }

  /// Seconds in which some task of the group, or else of the machine, waited.
  private func stall(_ resource: Pressure.Resource, folder: String?) -> Double? {
    let own = folder.flatMap { Pressure.reading("\($0)/\(resource.rawValue).pressure") }
    return (own ?? Pressure.file(resource, of: .machine).flatMap { Pressure.reading($0) })?.some
  }
}
