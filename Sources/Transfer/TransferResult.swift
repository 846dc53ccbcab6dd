/// What became of one download.
public struct TransferResult: Sendable, Hashable {
  /// The HTTP status; 0 when no reply came.
  public var status: Int
  /// Bytes of the body that arrived.
  public var bytes: Int
  /// Bytes of all response heads.
  public var headBytes: Int
  /// From the start until the connection stood, TLS included; 0 when one was used again.
  public var connectSeconds: Double
  /// The TCP handshake, which is a packet's way there and back; 0 when a connection was used again.
  public var handshakeSeconds = 0.0
  /// Whether no connection stood in the time that the request gave it.
  public var isConnectTimeout = false
  /// Whether the host refused the connection, or closed it before it answered.
  public var isRefused = false
  /// Whether many requests share a connection (HTTP/2).
  public var isMultiplexed = false
  /// From the start until the first byte of the reply.
  public var firstByteSeconds: Double
  public var totalSeconds: Double
  /// How long it waited for the thread of its loop, before and after that.
  public var heldSeconds = 0.0
  /// How long the server asks to wait before another try (`Retry-After`); nil where it does not.
  public var retryAfterSeconds: Int?
  /// Why the transfer failed, in libcurl's words; nil when a whole reply arrived, whatever its status.
  public var error: String?
  /// Whether the error is one of the network or of the moment, so that another try may succeed.
  public var isTransient: Bool

  public init(
    status: Int, bytes: Int = 0, headBytes: Int = 0, connectSeconds: Double = 0, firstByteSeconds: Double = 0,
    totalSeconds: Double = 0, retryAfterSeconds: Int? = nil, error: String? = nil, isTransient: Bool = false
  ) {
    self.status = status
    self.bytes = bytes
    self.headBytes = headBytes
    self.connectSeconds = connectSeconds
    self.firstByteSeconds = firstByteSeconds
    self.totalSeconds = totalSeconds
    self.retryAfterSeconds = retryAfterSeconds
    self.error = error
    self.isTransient = isTransient
  }

  /// Whether a whole reply arrived and its status is one of success (RFC 9110, 15.3).
  public var succeeded: Bool { error == nil && (200..<300).contains(status) }
}
