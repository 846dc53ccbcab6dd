/// A bound on the bytes that all transfers of a loop take together: a token bucket, which may go into debt by one piece.
final class RateLimit {
  private let bytesPerSecond: Double
  /// What may come at once after a pause.
  private let burst: Double
  private var tokens: Double
  private var filledAt: UInt64

  init(bytesPerSecond: Double, at now: UInt64) {
    self.bytesPerSecond = max(1, bytesPerSecond)
    burst = self.bytesPerSecond / 20
    tokens = burst
    filledAt = now
  }

  /// Whether bytes may be taken now; they are counted then.
  func take(_ count: Int, at now: UInt64) -> Bool {
    fill(at: now)
    guard tokens > 0 else { return false }
    tokens -= Double(count)
    return true
  }

  /// Seconds until something may be taken; 0 when it may be now.
  func delay(at now: UInt64) -> Double {
    fill(at: now)
    return tokens > 0 ? 0 : (1 - tokens) / bytesPerSecond
  }

  private func fill(at now: UInt64) {
    tokens = min(burst, tokens + Double(now - filledAt) / 1e9 * bytesPerSecond)
    filledAt = now
  }
}
