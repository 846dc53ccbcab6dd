/// Durations counted in buckets of equal ratio: any number of them in a few kilobytes, each known to 3 %.
///
/// Thirty-two buckets an octave, the layout of HdrHistogram (http://hdrhistogram.org) at five bits.
public struct DurationHistogram: Sendable, Hashable {
  private static let precision = 5
  private var counts: [Int] = []
  public private(set) var count = 0
  public private(set) var totalNanoseconds: UInt64 = 0

  public init() {}

  /// Adds `times` durations of `nanoseconds` each.
  public mutating func record(_ nanoseconds: UInt64, times: Int = 1) {
    let bucket = Self.bucket(of: nanoseconds)
    add(times, toBucket: bucket)
    totalNanoseconds &+= nanoseconds &* UInt64(times)
  }

  public mutating func merge(_ other: DurationHistogram) {
    for (bucket, times) in other.buckets { add(times, toBucket: bucket) }
    totalNanoseconds &+= other.totalNanoseconds
  }

  public var meanSeconds: Double? { count == 0 ? nil : Double(totalNanoseconds) / Double(count) / 1e9 }

  /// The duration that so great a share of the tasks did not exceed, in seconds, to 3 %; nil when there were none.
  ///
  /// - Parameter share: 0...1; 0.5 asks for the median.
  public func quantile(_ share: Double) -> Double? {
    guard count > 0 else { return nil }
    let rank = max(1, min(Double(count), (share * Double(count)).rounded(.up)))
    var seen = 0
    for (bucket, times) in buckets {
      seen += times
      if Double(seen) >= rank { return Self.middle(of: bucket) / 1e9 }
    }
    return nil
  }

  /// The buckets that hold anything, ascending, with how many durations each holds.
  package var buckets: [(bucket: Int, times: Int)] {
    counts.indices.filter { counts[$0] > 0 }.map { (bucket: $0, times: counts[$0]) }
  }

  /// Rebuilds a histogram from its buckets; nil where they are not of this layout.
  package init?(buckets: [(bucket: Int, times: Int)], totalNanoseconds: UInt64) {
    for (bucket, times) in buckets {
      guard (0...Self.bucket(of: .max)).contains(bucket), times > 0 else { return nil }
      add(times, toBucket: bucket)
    }
    self.totalNanoseconds = totalNanoseconds
  }

  private mutating func add(_ times: Int, toBucket bucket: Int) {
    if bucket >= counts.count { counts += Array(repeating: 0, count: bucket + 1 - counts.count) }
    counts[bucket] += times
    count += times
  }

  /// Values below 2^(p+1) have a bucket each; above, the top p+1 bits choose one.
  private static func bucket(of value: UInt64) -> Int {
    let shift = max(0, 63 - precision - value.leadingZeroBitCount)
    return (shift << precision) + Int(value >> UInt64(shift))
  }

  private static func middle(of bucket: Int) -> Double {
    let shift = max(0, (bucket >> precision) - 1)
    let top = bucket - (shift << precision)
    return (Double(top) + (shift == 0 ? 0 : 0.5)) * Double(UInt64(1) << UInt64(shift))
  }
}
