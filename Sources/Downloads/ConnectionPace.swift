/// How fast connections to a host are opened: one more at a time as answers come in, as long as these take no longer than where
/// there were few, and half as many once connections were dropped.
///
/// Answers that take twice as long wait for others: by Little's law more of them at once bring none sooner.
///
/// A pure state machine over what it is told. A server whose queue of connections is full drops their first packet, which is
/// sent again after a second (RFC 6298, 2.1): such a time is congestion, not the way to the server.
struct ConnectionPace: Sendable {
  /// Fewer than the shortest queues in use take (listen(2) with 5, as Python's http.server calls it).
  static let first = 4
  /// What a thread may wait for a CPU without any queue at the host.
  private static let noiseSeconds = 0.005
  private static let droppedSeconds = 0.9
  private static let minPatienceSeconds = 0.1

  /// Requests at once, for now.
  private(set) var window: Int
  /// The longest that a connection has taken whose packets were not dropped.
  private var longest: Double?
  /// The shortest time to the first byte of an answer.
  private var fastest = Double.infinity
  private var droppedAt = -1.0

  /// - Parameter isFixed: whether the user has set the number of requests, and it holds from the start.
  init(isFixed: Bool) { window = isFixed ? .max : Self.first }

  /// How long a connection is waited for before it is tried again; nil while none has stood.
  var patienceSeconds: Double? { longest.map { max(Self.minPatienceSeconds, 8 * $0) } }

  /// Takes in the end of a request. Returns how many at once were not too many, where its connection has been dropped.
  ///
  /// - Parameters:
  ///   - connectSeconds: 0 for a connection that was used again; nil for one that was given up.
  ///   - answerSeconds: from then to the first byte of the answer.
  ///   - start: when the request began.
  ///   - inFlight: how many there are besides it.
  mutating func ended(
    connectSeconds: Double?, answerSeconds: Double, from start: Double, to now: Double, inFlight: Int
  ) -> Int? {
    guard let seconds = connectSeconds, seconds < Self.droppedSeconds || longest == nil else {
      // What began before the number was cut says nothing of the new one.
      guard start > droppedAt else { return nil }
      droppedAt = now
      window = max(1, (inFlight + 1) / 2)
      return window
    }
    if seconds > 0, seconds < Self.droppedSeconds { longest = max(longest ?? 0, seconds) }
    fastest = min(fastest, answerSeconds)
    if window < .max, answerSeconds <= 2 * fastest + Self.noiseSeconds { window += 1 }
    return nil
  }
}
