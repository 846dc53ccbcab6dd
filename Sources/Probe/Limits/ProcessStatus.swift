import AdvisorCore

/// What the kernel says of this process itself.
struct ProcessStatus {
  static let statusPath = "/proc/self/status"
  static let limitsPath = "/proc/self/limits"

  /// The affinity mask; nil where `/proc` does not tell.
  var affinity: CPUSet?
  /// The numbers of the NUMA nodes whose memory the process may have, by its cpuset (cpuset(7)).
  var memoryNodes: CPUSet?
  /// `RLIMIT_NOFILE`, soft.
  var openFiles: Int?
  /// `RLIMIT_NPROC`, soft; nil also where the process has a capability that lifts it.
  var processes: Int?
  /// Whether `/proc` does not tell the limits of the process.
  var hasNoLimits: Bool

  init(in files: any FileTree) {
    let status = files.bytes(Self.statusPath) ?? []
    affinity = KernelText.value(of: "Cpus_allowed_list", in: status).flatMap { CPUSet(list: Array($0)) }
    memoryNodes = KernelText.value(of: "Mems_allowed_list", in: status).flatMap { CPUSet(list: Array($0)) }
    let limits = files.bytes(Self.limitsPath) ?? []
    hasNoLimits = limits.isEmpty
    openFiles = Self.softLimit("Max open files", in: limits)
    processes = Self.mayExceedProcesses(status) ? nil : Self.softLimit("Max processes", in: limits)
  }

  /// `Max open files            1024                 524288               files`; `unlimited` is nil.
  private static func softLimit(_ name: String, in table: [UInt8]) -> Int? {
    for line in KernelText.lines(table) where line.starts(with: name.utf8) {
      return KernelText.words(line.dropFirst(name.utf8.count)).first.flatMap(KernelText.integer)
    }
    return nil
  }

  /// `fork` passes over `RLIMIT_NPROC` for holders of `CAP_SYS_RESOURCE` (24) and `CAP_SYS_ADMIN` (21): getrlimit(2).
  private static func mayExceedProcesses(_ status: [UInt8]) -> Bool {
    guard let digits = KernelText.value(of: "CapEff", in: status),
      let capabilities = UInt64(KernelText.string(digits), radix: 16)
    else { return false }
    return capabilities & (1 << 24 | 1 << 21) != 0
  }
}
