/// How fast a tree goes over memory, and which share of what the machine's memory gives that is.
struct MemoryTraffic {
  /// By what it is known.
  enum Evidence { case cacheMisses, pages }

  let bytesPerSecond: Double
  let evidence: Evidence

  /// - Parameter setting: the size of caches and lines, and whether misses are those of the last cache.
  init?(_ profile: TreeProfile, _ setting: Observation.Setting) {
    if setting.countsMemoryMisses, let misses = profile.hardware?.cacheMisses, profile.seconds > 0 {
      (bytesPerSecond, evidence) = (misses * Self.lineBytes / profile.seconds, .cacheMisses)
    } else if let cacheBytes = setting.cacheBytes, let looks = profile.memoryLooks, !looks.isEmpty {
      let rates = looks.map { Self.streamed($0, cacheBytes) }.sorted()
      (bytesPerSecond, evidence) = (rates[rates.count / 2], .pages)
    } else {
      return nil
    }
  }

  /// Of x86 and of most ARM processors.
  private static let lineBytes = 64.0

  /// Bytes a second of those processes that go on to new pages at an even pace. What comes back to the same ones, as tables
  /// and trees do, touches ever fewer new ones; and what fits in the caches does not reach memory.
  private static func streamed(_ touches: [PageTouches], _ cacheBytes: Int) -> Double {
    let streams = touches.filter(\.isEven)
    guard streams.reduce(0, { $0 + $1.firstBytes }) >= cacheBytes else { return 0 }
    return streams.reduce(0) { $0 + $1.rate }
  }

  /// Of the computing time, how much goes by in waits for memory; nil where memory gives more than is asked of it.
  ///
  /// Marks are set anew while a look lasts, which halves the pace of a stream: 13–22 GB/s of 37 GB/s, on a virtual AMD EPYC. More
  /// than the memory can give are not streams, but pages of which little is used.
  func boundShare(of maxBytesPerSecond: Double, _ hardware: HardwareCounts?) -> Double? {
    let ratio = bytesPerSecond / maxBytesPerSecond
    switch evidence {
    case .cacheMisses:
      return ratio >= 0.6 && (hardware?.instructionsPerCycle ?? 0) < 1.5 ? min(1, ratio) : nil
    case .pages:
      return (0.3...1.3).contains(ratio) ? min(1, ratio / 0.5) : nil
    }
  }
}

extension PageTouches {
  /// Bytes a second of the first span.
  var rate: Double { firstSeconds > 0 ? Double(firstBytes) / firstSeconds : 0 }

  /// Whether the second span found as many new pages as the first, or all that there are.
  var isEven: Bool {
    guard firstBytes > 0, firstSeconds > 0 else { return false }
    let expected = 0.85 * Double(firstBytes) * secondSeconds / firstSeconds
    return Double(secondBytes) >= min(0.9 * Double(residentBytes), expected)
  }
}
