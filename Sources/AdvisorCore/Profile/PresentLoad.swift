/// What else wants the CPUs of a machine at the moment of a prediction.
public struct PresentLoad: Codable, Sendable, Hashable {
  /// Threads of others that run or wait for a CPU.
  public var threads: Double
  /// The same on average over the last minute; nil where that is not known.
  public var minuteThreads: Double?
  /// Share of the CPUs' time that the hypervisor gives to other guests; nil where nobody has looked for long enough to tell.
  public var stealShare: Double?

  public init(threads: Double, minuteThreads: Double? = nil, stealShare: Double? = nil) {
    self.threads = threads.isFinite ? max(0, threads) : 0
    self.minuteThreads = minuteThreads.map { $0.isFinite ? max(0, $0) : 0 }
    self.stealShare = stealShare
  }
}
