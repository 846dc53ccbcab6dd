import AdvisorCore
import System

/// A limit and the file that sets it.
struct Limit<Value: Sendable>: Sendable {
  var value: Value
  var source: String
}

/// What is known of a limit.
struct LimitFinding<Value: Sendable>: Sendable {
  /// The tightest of the numbers that were found.
  var tightest: Limit<Value>?
  /// All of them, the process's own group first.
  var all: [Limit<Value>] = []
  /// A file that says that there is no limit.
  var noneSource: String?
  /// What may set a tighter one, and could not be read.
  var unread: [Unread] = []

  /// The file that says what is known; nil where nothing is.
  var source: String? { tightest?.source ?? (unread.isEmpty ? noneSource : nil) }
}

/// What the cgroups of a process, and all those above them, leave it.
///
/// See `Documentation/admin-guide/cgroup-v2.rst`, `cgroup-v1/memory.rst` and `scheduler/sched-bwc.rst`.
struct CgroupLimits {
  typealias Quota = (cpus: Double, period: Double)

  /// What one file says.
  enum Saying<Value> {
    case number(Value)
    case none
    case malformed
  }

  /// CPUs' worth of time in every period, and the period's length in seconds.
  let cpuQuota: LimitFinding<Quota>
  /// The least of the hard limits and of `memory.high`, above which the kernel throttles.
  let memoryBytes: LimitFinding<Int>
  /// Processes and threads.
  let pids: LimitFinding<Int>
  let cpuset: CgroupCPUs?

  init(in files: any FileTree) {
    var cgroups = Cgroups(in: files)
    cpuQuota = Self.cpuQuota(cgroups.place(of: "cpu"), files)
    memoryBytes = Self.memoryBytes(cgroups.place(of: "memory"), files)
    pids = LimitReader(controller: "pids", files: files) { $0.value < $1.value }
      .finding(cgroups.place(of: "pids"), unified: ["pids.max"], legacy: ["pids.max"]) { Self.count($1) }
    cpuset = if case .seen(let cgroup) = cgroups.place(of: "cpuset") { CgroupCPUs(cgroup, in: files) } else { nil }
  }

  /// What counts against a limit that `pids.max` sets; nil for a limit of another file.
  static func pidsInUse(beside source: String, in files: any FileTree) -> Int? {
    guard source.hasSuffix("/pids.max") else { return nil }
    return files.integer("\(source.dropLast("max".count))current")
  }

  private static func cpuQuota(_ place: Cgroups.Place, _ files: any FileTree) -> LimitFinding<Quota> {
    let reader = LimitReader<Quota>(controller: "cpu", files: files) { $0.value.cpus < $1.value.cpus }
    let file = "cpu.cfs_quota_us"
    var finding = reader.finding(place, unified: ["cpu.max"], legacy: [file]) { path, text in
      guard path.hasSuffix(file) else { return unifiedQuota(text) }
      return quota(text, period: files.integer(path.dropLast(file.utf8.count) + "cpu.cfs_period_us"))
    }
    // A kernel without quotas (`CONFIG_CFS_BANDWIDTH`) has the file in no group.
    if case .seen(let cgroup) = place, !cgroup.isUnified, cgroup.hidden.isEmpty, finding.noneSource == nil,
      finding.tightest == nil, finding.unread.allSatisfy({ $0.code == .missing || $0.code == .outOfSight })
    {
      finding.unread = []
      finding.noneSource = cgroup.folders.last?.path
    }
    return finding
  }

  private static func memoryBytes(_ place: Cgroups.Place, _ files: any FileTree) -> LimitFinding<Int> {
    let reader = LimitReader<Int>(controller: "memory", files: files) { $0.value < $1.value }
    let legacy = "memory.limit_in_bytes"
    var finding = reader.finding(place, unified: ["memory.max", "memory.high"], legacy: [legacy]) { bytes($1) }
    guard case .seen(let cgroup) = place, !cgroup.isUnified, !finding.unread.isEmpty || cgroup.cut != nil,
      case let path = "\(cgroup.path)/memory.stat", let least = hierarchicalLimit(path, in: files)
    else { return finding }
    // It counts the groups above, seen or not.
    finding.unread = []
    finding.noneSource = path
    if least < unlimitedMemory, least < finding.tightest?.value ?? .max {
      finding.tightest = Limit(value: least, source: path)
    }
    return finding
  }

  /// The least limit of a group of version 1 and of all those above it (`cgroup-v1/memory.rst`, 5.2).
  static func hierarchicalLimit(_ path: String, in files: any FileTree) -> Int? {
    files.read(path, limit: 1 << 16).flatMap(hierarchicalLimit)
  }

  static func hierarchicalLimit(_ statistics: [UInt8]) -> Int? {
    let key = Array("hierarchical_memory_limit ".utf8)
    let line = KernelText.lines(statistics).first { $0.starts(with: key) }
    return line.flatMap { KernelText.integer($0.dropFirst(key.count)) }.flatMap { $0 >= 0 ? $0 : nil }
  }

  /// Version 1 writes "no limit" as the largest count of pages, in bytes: 2⁶³ less at most one page (of up to 256 KiB).
  private static let unlimitedMemory = Int.max - (1 << 18)

  /// `max` of version 2 and -1 of version 1 mean none.
  private static func count(_ text: [UInt8]) -> Saying<Int> {
    guard let value = KernelText.integer(text[...]) else {
      return KernelText.trim(text[...]).elementsEqual("max".utf8) ? .none : .malformed
    }
    return value >= 0 ? .number(value) : value == -1 ? .none : .malformed
  }

  private static func bytes(_ text: [UInt8]) -> Saying<Int> {
    if case .number(let bytes) = count(text), bytes >= unlimitedMemory { return .none }
    return count(text)
  }

  /// `cpu.max`: `150000 100000` or `max 100000`, in microseconds; the period may be left out.
  private static func unifiedQuota(_ text: [UInt8]) -> Saying<Quota> {
    let words = KernelText.words(text[...])
    guard (1...2).contains(words.count) else { return .malformed }
    let period = words.count == 2 ? KernelText.integer(words[1]) : 100_000
    guard words[0].elementsEqual("max".utf8) else { return quota(KernelText.integer(words[0]), period: period) }
    return period.map { $0 > 0 } == true ? .none : .malformed
  }

  private static func quota(_ text: [UInt8], period: @autoclosure () -> Int?) -> Saying<Quota> {
    let value = KernelText.integer(text[...])
    return value == -1 ? .none : quota(value, period: period())
  }

  private static func quota(_ quota: Int?, period: Int?) -> Saying<Quota> {
    guard let quota, let period, quota > 0, period > 0 else { return .malformed }
    return .number((Double(quota) / Double(period), Double(period) / 1e6))
  }
}

/// Reads one limit in a group and in all those above it.
private struct LimitReader<Value: Sendable> {
  let controller: String
  let files: any FileTree
  let isTighter: (Limit<Value>, Limit<Value>) -> Bool

  /// - Parameters:
  ///   - unified, legacy: the files that may set the limit in a group of version 2 and of version 1.
  ///   - parse: what a file says, by its path and contents.
  func finding(
    _ place: Cgroups.Place, unified: [String], legacy: [String],
    _ parse: (String, [UInt8]) -> CgroupLimits.Saying<Value>
  ) -> LimitFinding<Value> {
    var finding = LimitFinding<Value>()
    switch place {
    case .none(let source): finding.noneSource = source
    case .unknown(let unread): finding.unread = [unread]
    case .seen(let cgroup):
      for folder in cgroup.folders {
        for name in cgroup.isUnified ? unified : legacy {
          note("\(folder.path)/\(name)", mustExist(in: folder, of: cgroup), parse, &finding)
        }
      }
      finding.unread += cgroup.hidden
      if let cut = cgroup.cut, finding.tightest == nil { finding.unread.append(Unread(code: .outOfSight, file: cut)) }
      finding.noneSource = finding.noneSource ?? cgroup.withoutController
    }
    return finding
  }

  private func note(
    _ path: String, _ mustExist: Bool, _ parse: (String, [UInt8]) -> CgroupLimits.Saying<Value>,
    _ finding: inout LimitFinding<Value>
  ) {
    guard let text = files.bytes(path) else {
      let cause = files.cause(path)
      if mustExist || cause == .unreadable { finding.unread.append(Unread(code: cause, file: path)) }
      return
    }
    switch parse(path, text) {
    case .number(let value):
      let limit = Limit(value: value, source: path)
      finding.all.append(limit)
      if finding.tightest.map({ isTighter(limit, $0) }) ?? true { finding.tightest = limit }
    case .none: finding.noneSource = finding.noneSource ?? path
    case .malformed: finding.unread.append(Unread(code: .malformed, file: path))
    }
  }

  /// In version 2 each group lists the controllers that limit it; in version 1 all groups are limited, but not the root.
  private func mustExist(in folder: Cgroup.Folder, of cgroup: Cgroup) -> Bool {
    guard !folder.isRoot else { return false }
    return cgroup.isUnified ? folder.controllers?.contains(controller) ?? false : true
  }
}
