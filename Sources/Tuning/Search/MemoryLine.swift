/// How memory grows with the number of workers, and which numbers fit.
struct MemoryLine: Sendable {
  private let limit: Double
  /// The largest peak that was seen with each number of workers.
  private var peaks: [Int: Double] = [:]

  init(limit: Double) { self.limit = limit }

  mutating func add(workers: Int, peak: Double) { peaks[workers] = max(peaks[workers] ?? 0, peak) }

  /// The largest number of workers that is safe to try: memory grows at most in proportion, so that one point is enough; from two on by
  /// the line through the outermost.
  var maxWorkers: Double {
    guard let top = peaks.keys.max(), let peak = peaks[top] else { return .infinity }
    guard let slope else { return Double(top) * max(1, 0.95 * limit / peak) }
    return slope > 0 ? max(Double(top), Double(top) + (0.97 * limit - peak) / slope) : .infinity
  }

  /// The largest number that leaves a twentieth of the limit free, where the limit is what binds.
  var largestFitting: Int? {
    guard let slope, slope > 0, let top = peaks.keys.max(), let peak = peaks[top] else { return nil }
    return Int(min(1e6, Double(top) + max(0, 0.95 * limit - peak) / slope))
  }

  /// Bytes a worker; nil before two numbers have been seen.
  private var slope: Double? {
    guard let low = peaks.keys.min(), let top = peaks.keys.max(), low < top, let least = peaks[low],
      let most = peaks[top]
    else { return nil }
    return max(0, (most - least) / Double(top - low))
  }
}
