public import AdvisorCore
private import System
internal import Transfer

/// How a download ended, after its last attempt.
public struct DownloadOutcome: Sendable, Hashable {
  public enum Ending: Sendable, Hashable {
    case succeeded
    /// The file was there already.
    case skipped
    /// Why, in words.
    case failed(String)
  }

  public var download: Download
  /// Where the file is, or would be.
  public var path: String
  public var ending: Ending
  public var attempts: Int
  /// Of the whole file.
  public var bytes: Int
  /// Of the last attempt.
  public var seconds: Double

  /// Whether the file that was there is no longer as it arrived; it is kept so.
  public var isChanged = false

  public var hasFile: Bool { ending == .succeeded || ending == .skipped }

  /// What people should know of a download that has not failed.
  public var remark: String? {
    guard isChanged else { return nil }
    return "“\(path.printable)” was changed since it arrived, and is kept: remove it to download it again"
  }

  /// Names what failed and why; nil where nothing did.
  public var failure: String? {
    guard case .failed(let why) = ending else { return nil }
    return "\(WebAddress(download.url).shown.printable): \(why)\(attempts > 1 ? ", after \(attempts) attempts" : "")"
  }
}

/// Where a run of downloads stands.
@dynamicMemberLookup
public struct DownloadProgress: Sendable, Hashable {
  /// Its tasks are files, those included that were there already; its CPU time is that of the thread that downloads.
  public var outcome = RunOutcome(left: 0)
  /// There already, and not downloaded again.
  public var skipped = 0
  /// Attempts beyond the first.
  public var retries = 0
  public var inFlight = 0
  /// The most that were in flight at once so far.
  public var maxInFlight = 0
  /// Why as many are in flight as there are, to the host that has most; nil before the first report.
  public var reason: ConcurrencyReason?
  /// Of bodies, received in this run.
  public var bytes = 0
  public var isDraining = false
  /// Requests in flight to each host, as it was found so far; nil where the user has set the number.
  public var hosts: [String: Int]?

  public init() {}

  public var done: Int { outcome.tasks }

  public var total: Int { outcome.tasks + (outcome.left ?? 0) }

  /// Downloaded in this run.
  public var succeeded: Int { outcome.succeeded - skipped }

  public subscript<Value>(dynamicMember path: KeyPath<RunOutcome, Value>) -> Value { outcome[keyPath: path] }
}

/// What a run of downloads came to.
public struct DownloadSummary: Sendable, Hashable {
  public var progress: DownloadProgress
  public var isInterrupted: Bool
  /// What has ended it early: SIGINT where no signal did.
  public var signal = Signal.interrupt

  /// 0, 1 when a download failed, 128 and the signal when interrupted.
  public var exitStatus: Int32 { isInterrupted ? 128 + signal : progress.failed > 0 ? 1 : 0 }
}

/// Is told how downloads go, on the thread that downloads.
public protocol DownloadObserver: AnyObject {
  /// A download has had its last attempt; its file, if it has one, already has its name.
  func downloadEnded(_ outcome: DownloadOutcome)
  /// Some ten times a second.
  func progressed(_ progress: DownloadProgress)
}

/// What is to be done after an attempt.
enum Verdict: Hashable {
  case succeeded
  /// It may pass at another time. `isRefusal`: the server said that it was too much at once.
  case transient(String, notBefore: Double?, isRefusal: Bool)
  /// The part does not fit what the server has; another attempt starts over.
  case stale(String)
  case failed(String)
  /// Nothing can be written any more.
  case fatal(errno: Int32)

  /// Statuses that ask to come back, or are of the moment (RFC 9110 and RFC 6585).
  private static let passing = [408, 425, 429, 500, 502, 503, 504]

  init(_ result: TransferResult, _ sink: DownloadSink) {
    if result.error == nil { sink.check() }
    switch sink.fault {
    case .cannotWrite(let errno) where DownloadFolder.endsRun(errno): self = .fatal(errno: errno)
    case .cannotWrite(let errno): self = .failed(DownloadFolder.unwritable(errno))
    case .tooLarge(let limit): self = .failed("larger than the limit of \(Quantity.text(bytes: Double(limit)))")
    case .wrongRange: self = .stale("the server sent another range than was asked for")
    case .wrongLength(let expected, let got):
      self = .transient("\(got) of \(expected) bytes came", notBefore: nil, isRefusal: false)
    case .wrongChecksum where sink.isResumed: self = .stale("its SHA-256 is not the one that was given")
    case .wrongChecksum: self = .failed("its SHA-256 is not the one that was given")
    case nil: self = Self.judge(result, sink)
    }
  }

  private static func judge(_ result: TransferResult, _ sink: DownloadSink) -> Verdict {
    let status = result.status
    if status == 416, sink.isResumed { return .stale("the server no longer has such a range") }
    if passing.contains(status) {
      return .transient(
        "the server answered with status \(status)", notBefore: result.retryAfterSeconds.map(Double.init),
        isRefusal: status == 429 || status == 503)
    }
    if status >= 400 { return .failed("the server answered with status \(status)") }
    if let error = result.error {
      let text = error.printable
      return result.isTransient ? .transient(text, notBefore: nil, isRefusal: false) : .failed(text)
    }
    guard result.succeeded, sink.hasBegun else { return .failed("the server answered with status \(status)") }
    return .succeeded
  }
}
