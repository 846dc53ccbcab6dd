import AdvisorCore
import System

/// What the kernel says of this process itself.
struct ProcessStatus {
  static let statusPath = "/proc/self/status"
  static let limitsPath = "/proc/self/limits"

  /// The affinity mask; nil where `/proc` does not say.
  var affinity: CPUSet?
  /// The numbers of the NUMA nodes whose memory the process may have, by its cpuset (cpuset(7)).
  var memoryNodes: CPUSet?
  /// `RLIMIT_NOFILE`, soft.
  var openFiles: LimitFinding<Int>
  /// `RLIMIT_NPROC`, soft; none also where the process has a capability that lifts it.
  var processes: LimitFinding<Int>

  init(in files: any FileTree) {
    let status = files.bytes(Self.statusPath) ?? []
    affinity = Self.set("Cpus_allowed_list", in: status)
    memoryNodes = Self.set("Mems_allowed_list", in: status)
    let limits = files.bytes(Self.limitsPath)
    openFiles = Self.softLimit("Max open files", in: limits, files, .openFiles)
    processes = Self.softLimit("Max processes", in: limits, files, .processes)
    if Self.mayExceedProcesses(status) { processes = LimitFinding(noneSource: Self.statusPath) }
  }

  /// A list of CPUs or nodes; nil where there is none, for the kernel writes no empty one.
  private static func set(_ key: String, in status: [UInt8]) -> CPUSet? {
    KernelText.value(of: key, in: status).flatMap { CPUSet(list: Array($0)) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// `Max open files            1024                 524288               files`; where there is no `/proc`, this process
  /// can still be asked.
  private static func softLimit(
    _ name: String, in table: [UInt8]?, _ files: any FileTree, _ resource: ResourceLimit.Resource
  ) -> LimitFinding<Int> {
    guard let table else {
      return files.isLive
        ? liveLimit(resource) : LimitFinding(unread: [Unread(code: files.cause(limitsPath), file: limitsPath)])
    }
    let line = KernelText.lines(table).first { $0.starts(with: name.utf8) }
    guard let word = line.flatMap({ KernelText.words($0.dropFirst(name.utf8.count)).first }) else {
      return LimitFinding(unread: [Unread(code: .malformed, file: limitsPath)])
    }
    if word.elementsEqual("unlimited".utf8) { return LimitFinding(noneSource: limitsPath) }
    guard let value = KernelText.integer(word), value >= 0 else {
      return LimitFinding(unread: [Unread(code: .malformed, file: limitsPath)])
    }
    return LimitFinding(tightest: Limit(value: value, source: limitsPath))
  }

  private static func liveLimit(_ resource: ResourceLimit.Resource) -> LimitFinding<Int> {
    guard let limit = ResourceLimit(resource) else {
      return LimitFinding(unread: [Unread(code: .unreadable, file: "getrlimit")])
    }
    guard let value = Int(exactly: limit.soft) else { return LimitFinding(noneSource: "getrlimit") }
    return LimitFinding(tightest: Limit(value: value, source: "getrlimit"))
  }

  /// `fork` passes over `RLIMIT_NPROC` for holders of `CAP_SYS_RESOURCE` (24) and `CAP_SYS_ADMIN` (21): getrlimit(2).
  private static func mayExceedProcesses(_ status: [UInt8]) -> Bool {
    guard let digits = KernelText.value(of: "CapEff", in: status),
      let capabilities = UInt64(KernelText.string(digits), radix: 16)
    else { return false }
    return capabilities & (1 << 24 | 1 << 21) != 0
  }
}
