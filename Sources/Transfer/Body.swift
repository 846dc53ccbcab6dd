internal import CCurl
import System

/// What libcurl writes a response's body into: hands it to the transfer's sink, as fast as the rate limit allows.
final class Body {
  /// Of a body that nobody wants, so much is read, so that the connection can be used again.
  private static let maxDropped = 64 * 1024

  private let handle: UnsafeMutableRawPointer
  private let limit: RateLimit?
  private var sink: (any TransferSink)?
  private var hasBegun = false
  private var isWanted = false
  private var dropped = 0
  private var isPaused = false
  /// Pieces that have come, and those at the last look for transfers that stall.
  private var pieces = (come: 0, seen: 0)
  private var idleSeconds = 0.0

  init(_ handle: UnsafeMutableRawPointer, _ limit: RateLimit?) {
    self.handle = handle
    self.limit = limit
  }

  func begin(_ sink: (any TransferSink)?) {
    self.sink = sink
    (hasBegun, isWanted, dropped, isPaused) = (false, false, 0, false)
    (pieces, idleSeconds) = ((0, 0), 0)
  }

  /// Lets go of the sink, which is told of an empty body first.
  func end(wholly: Bool) {
    if wholly, let sink, !hasBegun { _ = sink.begin(head()) }
    sink = nil
  }

  /// Whether it was paused, and no longer is.
  func resume() -> Bool {
    defer { isPaused = false }
    return isPaused
  }

  /// Seconds without a piece, some of which have passed since the last call.
  ///
  /// - Parameter isWaiting: whether nothing could come.
  func idleSeconds(after passed: Double, isWaiting: Bool) -> Double {
    idleSeconds = isWaiting || isPaused || pieces.come != pieces.seen ? 0 : idleSeconds + passed
    pieces.seen = pieces.come
    return idleSeconds
  }

  /// libcurl promises a size of 1. A count other than its own ends the transfer.
  static let receive: ccurl_writer = { bytes, _, count, context in
    guard let context else { return count }
    let body = Unmanaged<Body>.fromOpaque(context).takeUnretainedValue()
    return body.take(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    pieces.come += 1
    if let limit, !limit.take(bytes.count, at: MonotonicClock.now) {
      isPaused = true
      return Int(CURL_WRITEFUNC_PAUSE)
    }
    guard let sink else { return bytes.count }
    if !hasBegun {
      hasBegun = true
      isWanted = sink.begin(head())
    }
    if isWanted { return sink.receive(bytes) ? bytes.count : -1 }
    dropped += bytes.count
    return dropped <= Self.maxDropped ? bytes.count : -1
  }

  private func head() -> ResponseHead {
    let length = ccurl_get_offset(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)
    return ResponseHead(
      status: ccurl_get_long(handle, CURLINFO_RESPONSE_CODE), contentLength: length >= 0 ? Int(length) : nil,
      etag: field("ETag"), lastModified: field("Last-Modified"), contentRange: field("Content-Range"))
  }

  private func field(_ name: String) -> String? { ccurl_header(handle, name).map { String(cString: $0) } }
}
