internal import AdvisorCore
private import System
internal import Transfer
private import Workloads

/// A thing to download.
public struct Download: Sendable, Hashable {
  /// `http` or `https`.
  public let url: String
  /// The file's name in the folder of the downloads: no path.
  public var name: String
  /// What the file's SHA-256 must be, 32 bytes; nil where it is not known.
  public var sha256: [UInt8]?
  /// By what a file's origin is known: a hash, since the URL may hold secrets.
  let identity: String

  /// - Parameter identity: of the URL, where it is known already: it takes longer than all else that is done for a small file.
  init(url: String, name: String, sha256: [UInt8]?, identity: String? = nil) {
    self.url = url
    self.name = name
    self.sha256 = sha256
    self.identity = identity ?? Self.identity(of: url)
  }

  /// Whether it comes without TLS.
  var isPlain: Bool { url.prefix(5).lowercased() == "http:" }

  /// Whom to ask, for the bound on requests to one host: host and port.
  var host: String { WebAddress(url).host }

  static func identity(of url: String) -> String {
    var (hash, resource) = (SHA256(), WebAddress(url).resource)
    resource.withUTF8 { hash.update(UnsafeRawBufferPointer($0)) }
    let bytes = hash.digest().prefix(16)
    return String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
      for (index, byte) in bytes.enumerated() {
        text[2 * index] = digits[Int(byte >> 4)]
        text[2 * index + 1] = digits[Int(byte & 15)]
      }
      return 2 * bytes.count
    }
  }

  private static let digits = Array("0123456789abcdef".utf8)
}

/// How things are downloaded, beside what they are.
public struct DownloadOptions: Sendable {
  /// Requests in flight; nil lets the runner find the number.
  public var workers: Int?
  /// Requests in flight with which earlier runs have ended, of the hosts that it is asked for; the run starts from there, and
  /// finds its own.
  public var expected: @Sendable ([String]) -> [String: Int] = { _ in [:] }
  /// The most requests in flight to one host; nil for no bound of the user's.
  public var perHost: Int?
  /// The most requests in flight in all: each takes a socket and a file.
  public var maxInFlight = 256
  /// Further attempts for a download that failed in a way that may pass.
  public var retries = 3
  /// Before the first further attempt; doubles with each, up to 30 s.
  public var retryDelaySeconds = 0.5
  /// A server that asks for more patience than this is given up.
  public var maxPatienceSeconds = 600.0
  /// Bytes a second, of all downloads together.
  public var bytesPerSecond: Double?
  /// Larger files are refused.
  public var maxBytes: Int?
  /// The longest that one attempt may take.
  public var timeoutSeconds: Double?
  /// An attempt that receives nothing for so long has failed.
  public var stallSeconds = 30.0
  /// Whether files that are there are taken as done: those that came from their URL in an earlier run, or have the right
  /// checksum.
  public var resume = false
  /// Whether the disk must hold a file before it gets its name, so that a power cut never leaves a name without its bytes.
  public var flushes = true

  public init() {}

  func validate() throws(AdvisorError) {
    let faults: [(Bool, String)] = [
      (workers.map { $0 < 1 } ?? false, "the number of requests in flight must be 1 or more"),
      (perHost.map { $0 < 1 } ?? false, "the number of requests to one host must be 1 or more"),
      (retries < 0, "the number of retries must be 0 or more"),
      (bytesPerSecond.map { !($0 >= 1) } ?? false, "the rate limit must be 1 B/s or more"),
      (maxBytes.map { $0 < 0 } ?? false, "the size limit must be 0 or more"),
      (timeoutSeconds.map { !($0 > 0) } ?? false, "the time limit of a download must be above 0"),
      (stallSeconds < 1, "the time without progress must be 1 s or more"),
    ]
    guard let fault = faults.first(where: { $0.0 }) else { return }
    throw AdvisorError(.usage, fault.1, advice: "leave the option out for its default")
  }

  var transfer: TransferOptions {
    var options = TransferOptions()
    options.stallTimeoutSeconds = stallSeconds
    options.timeoutSeconds = timeoutSeconds
    options.bytesPerSecond = bytesPerSecond
    // libcurl looks for the file at each transfer.
    options.usesNetrc = Environment.value("HOME").map { FileAccess.canRead($0 + "/.netrc") } ?? true
    // As the curl tool does; libcurl itself looks at neither.
    options.certificates = Environment.value("CURL_CA_BUNDLE") ?? Environment.value("SSL_CERT_FILE")
    return options
  }
}
