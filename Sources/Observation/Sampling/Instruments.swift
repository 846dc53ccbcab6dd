/// What is looked at besides the scheduler's times, for who asks why rather than how long.
public struct Instruments: Sendable, Hashable {
  /// Bytes of the machine's last-level caches together: memory that is gone over counts from there on. Nil: pages are not
  /// looked at.
  public var cacheBytes: Int?
  /// Whether the processor counts instructions, cycles and cache misses, where the kernel lets it.
  public var countsInstructions: Bool
  /// Whether the samples are kept, to be written down.
  public var keepsSamples: Bool

  public init(cacheBytes: Int? = nil, countsInstructions: Bool = false, keepsSamples: Bool = false) {
    self.cacheBytes = cacheBytes
    self.countsInstructions = countsInstructions
    self.keepsSamples = keepsSamples
  }
}
