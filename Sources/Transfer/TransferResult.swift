/// What became of one download.
public struct TransferResult: Sendable, Hashable {
  /// The HTTP status; 0 when no reply came.
  public var status: Int
  /// Bytes of the body that arrived.
  public var bytes: Int
  /// From the start until the connection stood, TLS included; 0 when one was used again.
  public var connectSeconds: Double
  /// From the start until the first byte of the reply.
  public var firstByteSeconds: Double
  public var totalSeconds: Double
  /// Why the transfer failed, in libcurl's words; nil when a whole reply arrived, whatever its status.
  public var error: String?

  public init(
    status: Int, bytes: Int = 0, connectSeconds: Double = 0, firstByteSeconds: Double = 0, totalSeconds: Double = 0,
    error: String? = nil
  ) {
    self.status = status
    self.bytes = bytes
    self.connectSeconds = connectSeconds
    self.firstByteSeconds = firstByteSeconds
    self.totalSeconds = totalSeconds
    self.error = error
  }

  /// Whether a whole reply arrived and its status is one of success (RFC 9110, 15.3).
  public var succeeded: Bool { error == nil && (200..<300).contains(status) }
}

/// Takes the body of a download as it arrives.
public protocol TransferSink: AnyObject {
  /// - Parameter bytes: valid during the call only.
  /// - Returns: whether to go on; false ends the transfer with an error.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool
}

/// How patient a transfer is, and how it reaches the server.
public struct TransferOptions: Sendable, Hashable {
  public var connectTimeoutSeconds = 10
  /// A transfer that receives nothing for so long fails.
  public var stallTimeoutSeconds = 60
  /// Whether `http_proxy` and its like in the environment are obeyed.
  public var usesProxy = true

  public init() {}

  /// For the loopback server, which no proxy can reach.
  public static var loopback: TransferOptions {
    var options = TransferOptions()
    options.usesProxy = false
    return options
  }
}
