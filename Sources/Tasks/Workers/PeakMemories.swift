private import func Glibc.exp2
private import func Glibc.log2

/// The peak memory of tasks, counted in buckets of equal ratio: any number of them in a few kilobytes.
struct PeakMemories: Sendable {
  /// Buckets an octave: each is known to 2 %.
  private static let resolution = 32.0
  private var counts: [Int] = []
  private var count = 0
  private var sum = 0.0
  private var squares = 0.0

  mutating func add(bytes: Double) {
    // Below a page nothing is told; beyond 2⁶² bytes no machine goes.
    guard bytes >= 4096 else { return }
    let bytes = min(bytes, 0x1p62)
    sum += bytes
    squares += bytes * bytes
    let bucket = Int(log2(bytes / 4096) * Self.resolution)
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

  /// How many tasks together mostly stay below so many bytes; nil while no task is known.
  ///
  /// The sum of `n` has the mean n·µ and the deviation σ·√n: n·µ + σ·√n ≤ bytes holds in some five of six draws where tasks
  /// differ, and always where they are alike. When the large ones meet, the guard holds further tasks back.
  func fitting(in bytes: Double) -> Double? {
    guard count > 0 else { return nil }
    let mean = sum / Double(count)
    let deviation = max(0, squares / Double(count) - mean * mean).squareRoot()
    let root = ((deviation * deviation + 4 * mean * max(0, bytes)).squareRoot() - deviation) / (2 * mean)
    return root * root
  }
}
