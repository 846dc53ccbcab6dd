private import func Glibc.exp2
private import func Glibc.log2

/// The peak memory of tasks, counted in buckets of equal ratio: any number of them in a few kilobytes.
struct PeakMemories: Sendable {
  /// Buckets an octave: each is known to 2 %.
  private static let resolution = 32.0
  private var counts: [Int] = []
  private var count = 0

  mutating func add(bytes: Double) {
    // Below a page nothing is told; beyond 2⁶² bytes no machine goes.
    guard bytes >= 4096 else { return }
    let bucket = Int(log2(min(bytes, 0x1p62) / 4096) * Self.resolution)
    if bucket >= counts.count { counts += Array(repeating: 0, count: bucket + 1 - counts.count) }
    counts[bucket] += 1
    count += 1
  }

  /// What 99 of 100 tasks stay below, in bytes; 0 while none is known.
  ///
  /// The upper end of a bucket, so that it is never too small.
  var percentile99: Double {
    var left = (0.99 * Double(count)).rounded(.up)
    for (bucket, times) in counts.enumerated() where times > 0 {
      left -= Double(times)
      if left <= 0 { return 4096 * exp2(Double(bucket + 1) / Self.resolution) }
    }
    return 0
  }
}
