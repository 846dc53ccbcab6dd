/// How long connections to a host take, and whether it drops them.
///
/// A pure state machine over what it is told. A server whose queue of connections is full drops their first packet, which is
/// sent again after a second (RFC 6298, 2.1): such a time is congestion, not the way to the server.
struct ConnectionPatience: Sendable {
  private static let droppedSeconds = 0.9
  /// Above what a handshake takes to a host that is near, on a busy machine too.
  private static let minSeconds = 0.03

  /// The longest that a connection has taken whose packets were not dropped.
  private var longest: Double?
  private var droppedAt = -1.0

  /// How long a connection is waited for before it is tried again; nil while none has stood.
  var seconds: Double? { longest.map { max(Self.minSeconds, 8 * $0) } }

  /// Takes in the end of a request. Returns how many at once were not too many, where its connection has been dropped.
  ///
  /// - Parameters:
  ///   - connectSeconds: 0 for a connection that was used again; nil for one that was given up or refused.
  ///   - start: when the request began.
  ///   - others: how many there are besides it.
  mutating func ended(connectSeconds: Double?, from start: Double, to now: Double, beside others: Int) -> Int? {
    guard let seconds = connectSeconds, seconds < Self.droppedSeconds || longest == nil else {
      // What began before the number was cut says nothing of the new one.
      guard start > droppedAt else { return nil }
      droppedAt = now
      return max(1, (others + 1) / 2)
    }
    if seconds > 0, seconds < Self.droppedSeconds { longest = max(longest ?? 0, seconds) }
    return nil
  }
}
