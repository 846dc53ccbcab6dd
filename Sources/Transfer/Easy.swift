internal import AdvisorCore
internal import CCurl

/// A libcurl easy handle: one transfer at a time, and the connections it keeps alive when used by itself.
struct Easy: ~Copyable {
  let handle: UnsafeMutableRawPointer
  /// Where libcurl writes what went wrong; it must outlive the handle's transfers.
  private let errorText: UnsafeMutablePointer<CChar>
  private let body = Body()
  private var url = ""

  /// - Throws: ``AdvisorError`` (unavailable) when libcurl is missing or lacks a feature that safety needs.
  static func make(_ options: TransferOptions) throws(AdvisorError) -> Easy {
    try load()
    guard let handle = ccurl_easy_init() else { throw outOfMemory }
    let easy = Easy(owning: handle)
    try easy.configure(options)
    return easy
  }

  private init(owning handle: UnsafeMutableRawPointer) {
    self.handle = handle
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.pointee = 0
  }

  deinit {
    ccurl_easy_cleanup(handle)
    errorText.deallocate()
  }

  static func load() throws(AdvisorError) {
    guard let problem = ccurl_load() else { return }
    throw AdvisorError(
      .unavailable, "libcurl, which downloads need, cannot be loaded: \(String(cString: problem))",
      advice: "install it: apt-get install libcurl4")
  }

  static var outOfMemory: AdvisorError {
    AdvisorError(.temporary, "libcurl is out of memory", advice: "close other programs and try again")
  }

  private func configure(_ options: TransferOptions) throws(AdvisorError) {
    // Name resolution must not use SIGALRM in a program with threads.
    try set(CURLOPT_NOSIGNAL, 1)
    try check(ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"))
    try check(ccurl_set_text(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https"))
    try set(CURLOPT_FOLLOWLOCATION, 1)
    try set(CURLOPT_MAXREDIRS, 10)
    try set(CURLOPT_CONNECTTIMEOUT, options.connectTimeoutSeconds)
    try set(CURLOPT_LOW_SPEED_LIMIT, 1)
    try set(CURLOPT_LOW_SPEED_TIME, options.stallTimeoutSeconds)
    // Four times libcurl's own: fewer calls for large bodies, and 256 in flight still fit in 16 MiB.
    try set(CURLOPT_BUFFERSIZE, 64 * 1024)
    try check(ccurl_set_text(handle, CURLOPT_USERAGENT, "advisor"))
    if !options.usesProxy { try check(ccurl_set_text(handle, CURLOPT_PROXY, "")) }
    try check(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText))
    try check(ccurl_set_writer(handle, receiveBody, Unmanaged.passUnretained(body).toOpaque()))
  }

  /// Makes the handle ready to fetch `url`; without a sink the body is counted and dropped.
  mutating func prepare(_ url: String, sink: (any TransferSink)?) {
    // libcurl copies and parses the address, so one that is used again is left alone.
    if url != self.url {
      ccurl_set_text(handle, CURLOPT_URL, url)
      self.url = url
    }
    errorText.pointee = 0
    body.sink = sink
  }

  /// How the transfer ended; lets go of its sink.
  func finish(_ code: CURLcode) -> TransferResult {
    body.sink = nil
    var error: String?
    if code != CURLE_OK {
      error = String(cString: errorText.pointee == 0 ? ccurl_easy_strerror(code) : UnsafePointer(errorText))
    }
    let connected = ccurl_get_offset(handle, CURLINFO_CONNECT_TIME_T)
    let encrypted = ccurl_get_offset(handle, CURLINFO_APPCONNECT_TIME_T)
    return TransferResult(
      status: ccurl_get_long(handle, CURLINFO_RESPONSE_CODE),
      bytes: Int(ccurl_get_offset(handle, CURLINFO_SIZE_DOWNLOAD_T)),
      connectSeconds: seconds(max(connected, encrypted)),
      firstByteSeconds: seconds(ccurl_get_offset(handle, CURLINFO_STARTTRANSFER_TIME_T)),
      totalSeconds: seconds(ccurl_get_offset(handle, CURLINFO_TOTAL_TIME_T)),
      error: error)
  }

  func set(_ option: CURLoption, _ value: Int) throws(AdvisorError) {
    try check(ccurl_set_long(handle, option, value))
  }

  private func check(_ code: CURLcode) throws(AdvisorError) {
    guard code != CURLE_OK else { return }
    throw AdvisorError(
      .unavailable, "libcurl refuses a setting that downloads need: \(String(cString: ccurl_easy_strerror(code)))",
      advice: "install libcurl 7.85 or later")
  }

  /// libcurl's times are in microseconds.
  private func seconds(_ microseconds: Int64) -> Double { Double(microseconds) / 1e6 }
}

/// Gives a sink, which is two words, the one address that libcurl passes on.
private final class Body {
  var sink: (any TransferSink)?
}

private func receiveBody(
  _ bytes: UnsafeMutablePointer<CChar>, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let context, let sink = Unmanaged<Body>.fromOpaque(context).takeUnretainedValue().sink else { return count }
  // libcurl promises a size of 1. A count other than its own ends the transfer.
  return sink.receive(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : -1
}
