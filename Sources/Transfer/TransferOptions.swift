/// How patient a transfer is, and how it reaches the server.
public struct TransferOptions: Sendable, Hashable {
  public var connectTimeoutSeconds = 10
  /// A transfer that receives nothing for so long fails.
  public var stallTimeoutSeconds = 60.0
  /// The longest that a whole transfer may take; nil for no limit.
  public var timeoutSeconds: Double?
  public var maxRedirects = 10
  /// How requests name their sender; nil where nobody reads it.
  public var userAgent: String? = "advisor"
  /// Whether `http_proxy` and its like in the environment are obeyed.
  public var usesProxy = true
  /// Whether names and passwords are looked up in `~/.netrc`.
  public var usesNetrc = false
  /// A file of certificates to trust instead of the system's.
  public var certificates: String?
  /// The most that all transfers of a loop take together; nil for no limit.
  public var bytesPerSecond: Double?

  public init() {}

  /// For the loopback server, which no proxy can reach.
  public static var loopback: TransferOptions {
    var options = TransferOptions()
    options.usesProxy = false
    options.userAgent = nil
    return options
  }
}
