import System

/// Bytes that a tree has moved.
public struct Transfers: Codable, Sendable, Hashable {
  /// By any system call: of files, whether cached or not, of pipes and of the network.
  public var readBytes = 0
  public var writtenBytes = 0
  /// From and to a disk.
  public var diskReadBytes = 0
  public var diskWrittenBytes = 0

  public init() {}

  init(_ transfers: ProcessTransfers) {
    (readBytes, writtenBytes) = (transfers.readBytes, transfers.writtenBytes)
    (diskReadBytes, diskWrittenBytes) = (transfers.diskReadBytes, transfers.diskWrittenBytes)
  }

  private func combined(_ other: Transfers, _ operation: (Int, Int) -> Int) -> Transfers {
    var result = Transfers()
    result.readBytes = operation(readBytes, other.readBytes)
    result.writtenBytes = operation(writtenBytes, other.writtenBytes)
    result.diskReadBytes = operation(diskReadBytes, other.diskReadBytes)
    result.diskWrittenBytes = operation(diskWrittenBytes, other.diskWrittenBytes)
    return result
  }

  static func + (one: Transfers, other: Transfers) -> Transfers { one.combined(other, +) }
  static func - (one: Transfers, other: Transfers) -> Transfers { one.combined(other) { max(0, $0 - $1) } }
  static func larger(_ one: Transfers, _ other: Transfers) -> Transfers { one.combined(other, max) }
}

/// How often threads gave a CPU up to wait, and how often one was taken from them.
public struct ContextSwitches: Codable, Sendable, Hashable {
  public var voluntary: Int
  public var involuntary: Int

  public init(voluntary: Int, involuntary: Int) {
    self.voluntary = voluntary
    self.involuntary = involuntary
  }

  /// From `/proc/PID/task/TID/status`; nil where the kernel does not tell.
  init?(status text: [UInt8]) {
    func figure(_ key: String) -> Int? { KernelText.value(of: key, in: text).flatMap(KernelText.integer) }
    guard let voluntary = figure("voluntary_ctxt_switches"), let involuntary = figure("nonvoluntary_ctxt_switches")
    else { return nil }
    self.init(voluntary: voluntary, involuntary: involuntary)
  }

  /// Between two looks at the threads of a tree; what has ended meanwhile is not told.
  init(from before: [Int32: ContextSwitches], to after: [Int32: ContextSwitches]) {
    voluntary = after.reduce(0) { $0 + $1.value.voluntary - (before[$1.key]?.voluntary ?? 0) }
    involuntary = after.reduce(0) { $0 + $1.value.involuntary - (before[$1.key]?.involuntary ?? 0) }
  }
}

/// How fast the CPUs' clocks ran meanwhile, in hertz.
public struct ClockRate: Codable, Sendable, Hashable {
  /// Over the time and the CPUs.
  public var mean: Double
  /// The highest that the hardware can have.
  public var max: Double?
}
