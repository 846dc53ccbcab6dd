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
      // Where no CPU is free the look takes one from the tree.
      let isFull = profile.threads.running > (Double(setting.cpus) - 0.5) * profile.wall.sum
      let rates = looks.map { Self.streamed($0, cacheBytes, isFull ? setting.cpus : nil) }.sorted()
      (bytesPerSecond, evidence) = (rates[rates.count / 2], .pages)
    } else {
      return nil
    }
  }

  /// Of x86 and of most ARM processors.
  private static let lineBytes = 64.0

  /// Bytes a second of those processes that go on to new pages at an even pace. What comes back to the same ones, as tables
  /// and trees do, touches ever fewer new ones; and what fits in the caches does not reach memory.
  private static func streamed(_ touches: [PageTouches], _ cacheBytes: Int, _ fullCPUs: Int?) -> Double {
    let streams = touches.filter(\.isEven)
    guard streams.reduce(0, { $0 + $1.firstBytes }) >= cacheBytes else { return 0 }
    return streams.reduce(0) { $0 + $1.rate(onCPUs: fullCPUs) }
  }

  /// Of the computing time, how much goes by in waits for memory; nil where memory gives more than is asked of it.
  ///
  /// Marks are set anew while a look lasts, which more than halves the pace of a stream: 14–20 GB/s of 37 to 44 GB/s, on a virtual
  /// AMD EPYC. More than the memory can give are not streams, but pages of which little is used.
  func boundShare(of maxBytesPerSecond: Double, _ hardware: HardwareCounts?) -> Double? {
    let ratio = bytesPerSecond / maxBytesPerSecond
    switch evidence {
    case .cacheMisses:
      return ratio >= 0.6 && (hardware?.instructionsPerCycle ?? 0) < 1.5 ? min(1, ratio) : nil
    case .pages:
      return (0.28...1.3).contains(ratio) ? min(1, ratio / 0.4) : nil
    }
  }
}

extension PageTouches {
  /// Bytes a second of the first span.
  ///
  /// - Parameter cpus: all CPUs, where the look has taken one of them from the process meanwhile.
  func rate(onCPUs cpus: Int?) -> Double {
    let lost = cpus.map { ownSeconds / Double(max(1, $0)) } ?? 0
    return firstSeconds > lost ? Double(firstBytes) / (firstSeconds - lost) : 0
  }

  /// Whether the second span found as many new pages as the first, or all that there are.
  var isEven: Bool {
    guard firstBytes > 0, firstSeconds > 0 else { return false }
    let expected = 0.75 * Double(firstBytes) * secondSeconds / firstSeconds
    return Double(secondBytes) >= min(0.9 * Double(residentBytes), expected)
  }
}
