import Probe
import System

/// Reads what the kernel counts around a process: its cgroups, the CPUs, swap and pressure.
struct SurroundingsReader {
  private var process: Int32
  private var bounds: ProcessBounds
  private var membership: [UInt8]?
  private let files: any FileTree
  private let clocks: ClockReader

  init(process: Int32, in files: any FileTree = FolderTree.live) {
    self.process = process
    self.files = files
    bounds = ProcessBounds(of: process, in: files)
    clocks = ClockReader(in: files)
    membership = files.bytes("/proc/\(process)/cgroup")
  }

  /// - Parameters:
  ///   - busiest: the process whose cgroup counts; it may have moved.
  ///   - hasFaults: whether anything was read from a disk for want of memory, so that swap is worth a look.
  mutating func read(busiest: Int32, hasFaults: Bool) -> Surroundings {
    if let now = files.bytes("/proc/\(busiest)/cgroup"), now != membership {
      process = busiest
      membership = now
      bounds = ProcessBounds(of: busiest, in: files)
    }
    var result = Surroundings()
    readCPUs(into: &result)
    result.quota = quota()
    result.seesCgroups = bounds.isSeen
    readMemory(into: &result)
    if hasFaults { result.swappedPages = swappedPages() }
    (result.hertz, result.maxHertz) = (clocks.hertz, clocks.maxHertz)
    result.machineStalls = stalls { Pressure.file($0, of: .machine, in: files) }
    result.place = bounds.folder
    result.cgroupStalls = stalls { resource in
      (resource == .memory ? bounds.memoryFolder : bounds.folder).map { "\($0)/\(resource.rawValue).pressure" }
    }
    return result
  }

  /// The first line of `/proc/stat` is that of all CPUs together.
  private func readCPUs(into result: inout Surroundings) {
    guard let text = files.read(CPUTime.path, limit: 256), text.starts(with: "cpu ".utf8),
      let time = KernelText.lines(text).first(where: { _ in true }).flatMap({ CPUTime($0) })
    else { return }
    result.busySeconds = Double(time.busy) / Double(SystemConstant.ticksPerSecond)
    result.stolenSeconds = Double(time.stolen) / Double(SystemConstant.ticksPerSecond)
  }

  private func quota() -> Surroundings.Quota? {
    guard let quota = bounds.quota, let slash = quota.source.lastIndex(of: "/"),
      let text = files.bytes("\(quota.source[..<slash])/cpu.stat")
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
    func figure(_ name: String) -> Int? { files.integer("\(folder)/\(name)") }
    // Version 2, then version 1: Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst.
    let events = files.bytes("\(folder)/memory.events") ?? []
    let hits =
      KernelText.figure(after: "max ", in: events).map { $0 + (KernelText.figure(after: "high ", in: events) ?? 0) }
      ?? figure("memory.failcnt")
    let kills = files.bytes("\(folder)/memory.oom_control") ?? events
    result.outOfMemoryKills = KernelText.figure(after: "oom_kill ", in: kills)
    guard let used = figure("memory.current") ?? figure("memory.usage_in_bytes") else { return }
    result.memory = Surroundings.MemoryLimit(
      limitBytes: memory.bytes, usedBytes: used, hits: hits ?? 0, source: memory.source)
  }

  private func swappedPages() -> Int? {
    files.read("/proc/vmstat", limit: 1 << 16).flatMap(Self.swappedPages).map { $0.read &+ $0.written }
  }

  /// Pages read from and written to swap since boot (proc_vmstat(5)); nil where the text tells of neither.
  static func swappedPages(in text: [UInt8]) -> (read: Int, written: Int)? {
    guard let read = KernelText.figure(after: "pswpin ", in: text),
      let written = KernelText.figure(after: "pswpout ", in: text)
    else { return nil }
    return (read, written)
  }

  /// Seconds in which some task waited, by the files that there are; nil where there are none.
  private func stalls(_ file: (Pressure.Resource) -> String?) -> Surroundings.Stalls? {
    func seconds(_ resource: Pressure.Resource) -> Double? {
      file(resource).flatMap { Pressure.reading($0, in: files) }?.some
    }
    let stalls = Surroundings.Stalls(cpu: seconds(.cpu), memory: seconds(.memory), io: seconds(.io))
    return stalls == Surroundings.Stalls() ? nil : stalls
  }
}

/// Reads at which frequency CPUs run (Documentation/admin-guide/pm/cpufreq.rst).
private struct ClockReader {
  private let files: any FileTree
  private let paths: [String]
  /// The highest of the hardware.
  let maxHertz: Double?

  /// A reading may ask the CPU itself: a few stand for all.
  private static let maxPolicies = 8

  init(in files: any FileTree) {
    self.files = files
    let numbers = (files.numbers(in: FrequencyPolicy.folder, after: "policy") ?? []).prefix(Self.maxPolicies)
    let folders = numbers.map { "\(FrequencyPolicy.folder)/policy\($0)" }
    paths = folders.map { "\($0)/scaling_cur_freq" }
    maxHertz = folders.compactMap { files.integer("\($0)/cpuinfo_max_freq") }.max().map { Double($0) * 1e3 }
  }

  /// Their mean.
  var hertz: Double? {
    let kilohertz = paths.compactMap { files.integer($0) }
    return kilohertz.isEmpty ? nil : Double(kilohertz.reduce(0, +)) * 1e3 / Double(kilohertz.count)
  }
}
