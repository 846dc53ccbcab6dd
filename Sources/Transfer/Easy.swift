internal import AdvisorCore
internal import CCurl

/// A libcurl easy handle: one transfer at a time, and the connections it keeps alive when used by itself.
struct Easy: ~Copyable {
  let handle: UnsafeMutableRawPointer
  /// Where libcurl writes what went wrong; it must outlive the handle's transfers.
  private let errorText: UnsafeMutablePointer<CChar>
  private let body: Body
  private var connectTimeoutSeconds = 0.0
  /// What the handle was last prepared for.
  private var request = TransferRequest("")
  /// Header fields of the request; libcurl reads them until the transfer ends.
  private var fields: UnsafeMutablePointer<curl_slist>?

  /// - Throws: ``AdvisorError`` (unavailable) when libcurl is missing or lacks a feature that safety needs.
  static func make(_ options: TransferOptions, limit: RateLimit? = nil) throws(AdvisorError) -> Easy {
    try load()
    guard let handle = ccurl_easy_init() else { throw outOfMemory }
    var easy = Easy(owning: handle, limit)
    try easy.configure(options)
    return easy
  }

  private init(owning handle: UnsafeMutableRawPointer, _ limit: RateLimit?) {
    self.handle = handle
    body = Body(handle, limit)
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.pointee = 0
  }

  deinit {
    ccurl_easy_cleanup(handle)
    errorText.deallocate()
    ccurl_list_free(fields)
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

  private mutating func configure(_ options: TransferOptions) throws(AdvisorError) {
    connectTimeoutSeconds = Double(options.connectTimeoutSeconds)
    try set(CURLOPT_CONNECTTIMEOUT, options.connectTimeoutSeconds)
    // Name resolution must not use SIGALRM in a program with threads.
    try set(CURLOPT_NOSIGNAL, 1)
    try check(ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"))
    try check(ccurl_set_text(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https"))
    try set(CURLOPT_FOLLOWLOCATION, 1)
    try set(CURLOPT_MAXREDIRS, options.maxRedirects)
    // Four times libcurl's own: fewer calls for large bodies, and 256 in flight still fit in 16 MiB.
    try set(CURLOPT_BUFFERSIZE, 64 * 1024)
    if let name = options.userAgent { try check(ccurl_set_text(handle, CURLOPT_USERAGENT, name)) }
    if let seconds = options.timeoutSeconds { try set(CURLOPT_TIMEOUT_MS, Int(min(max(1, seconds * 1000), 1e12))) }
    if options.usesNetrc { try set(CURLOPT_NETRC, Int(CURL_NETRC_OPTIONAL.rawValue)) }
    if let file = options.certificates { try check(ccurl_set_text(handle, CURLOPT_CAINFO, file)) }
    if !options.usesProxy { try check(ccurl_set_text(handle, CURLOPT_PROXY, "")) }
    try check(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText))
    try check(ccurl_set_writer(handle, Body.receive, Unmanaged.passUnretained(body).toOpaque()))
  }

  /// Makes the handle ready for a request; without a sink the body is counted and dropped.
  mutating func prepare(_ request: TransferRequest, sink: (any TransferSink)?) {
    // libcurl copies and parses the address, so one that is used again is left alone.
    if request.url != self.request.url {
      ccurl_set_text(handle, CURLOPT_URL, request.url)
      // Where many may share one HTTP/2 connection, the first shows whether they do; plain HTTP never does.
      ccurl_set_long(handle, CURLOPT_PIPEWAIT, request.url.prefix(6).lowercased() == "https:" ? 1 : 0)
    }
    if request.offset != self.request.offset || request.ifRange != self.request.ifRange { askForRange(request) }
    if request.connectTimeoutSeconds != self.request.connectTimeoutSeconds {
      let seconds = request.connectTimeoutSeconds ?? connectTimeoutSeconds
      ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(seconds * 1000)))
    }
    self.request = request
    errorText.pointee = 0
    body.begin(sink)
  }

  private mutating func askForRange(_ request: TransferRequest) {
    // Not CURLOPT_RESUME_FROM, with which a server that sends the whole is an error.
    ccurl_set_text(handle, CURLOPT_RANGE, request.offset > 0 ? "\(request.offset)-" : nil)
    ccurl_list_free(fields)
    fields = request.ifRange.flatMap { ccurl_list_append(nil, "If-Range: \($0)") }
    ccurl_set_pointer(handle, CURLOPT_HTTPHEADER, fields)
  }

  /// Lets a transfer that the rate limit has paused go on.
  func resume() { if body.resume() { ccurl_resume(handle) } }

  /// Seconds in which the transfer has received nothing, `passed` of them since the last call; those in which it
  /// waited for a place on a connection are the others' doing.
  func idleSeconds(after passed: Double) -> Double {
    body.idleSeconds(after: passed, isWaiting: ccurl_get_offset(handle, CURLINFO_NAMELOOKUP_TIME_T) == 0)
  }

  /// The TCP handshake of the transfer, once its connection stands; 0 before, and where one was used again.
  var handshakeSeconds: Double { sinceLookup(CURLINFO_CONNECT_TIME_T) }

  /// How long the transfer had been under way when libcurl last looked at it, since it knew the address; 0 before that.
  var pendingSeconds: Double {
    ccurl_get_offset(handle, CURLINFO_CONNECT_TIME_T) > 0 ? 0 : sinceLookup(CURLINFO_TOTAL_TIME_T)
  }

  private func sinceLookup(_ time: CURLINFO) -> Double {
    let (until, lookup) = (ccurl_get_offset(handle, time), ccurl_get_offset(handle, CURLINFO_NAMELOOKUP_TIME_T))
    return until > 0 && lookup > 0 ? seconds(until - lookup) : 0
  }

  /// From when the connection stood to the first byte of the answer; 0 before that.
  var waitSeconds: Double {
    let begun = ccurl_get_offset(handle, CURLINFO_STARTTRANSFER_TIME_T)
    return begun > 0 ? seconds(begun - ccurl_get_offset(handle, CURLINFO_CONNECT_TIME_T)) : 0
  }

  /// How the transfer ended; lets go of its sink.
  ///
  /// - Parameter why: in place of libcurl's words.
  func finish(_ code: CURLcode, why: String? = nil) -> TransferResult {
    body.end(wholly: code == CURLE_OK)
    var error = why
    if code != CURLE_OK, error == nil {
      let text = String(cString: errorText.pointee == 0 ? ccurl_easy_strerror(code) : UnsafePointer(errorText))
      error = WebAddress.withoutSecrets(text)
    }
    let figures = ccurl_figures(handle)
    var result = TransferResult(
      status: figures.status, bytes: Int(figures.body_bytes), headBytes: figures.head_bytes,
      connectSeconds: seconds(max(figures.connected, figures.encrypted)),
      firstByteSeconds: seconds(figures.first_byte), totalSeconds: seconds(figures.total),
      retryAfterSeconds: figures.retry_after > 0 ? Int(figures.retry_after) : nil,
      error: error, isTransient: code != CURLE_OK && Self.transient.contains(code))
    result.handshakeSeconds = handshakeSeconds
    result.isConnectTimeout =
      request.connectTimeoutSeconds != nil && code == CURLE_OPERATION_TIMEDOUT && result.connectSeconds == 0
    result.isMultiplexed = ccurl_get_long(handle, CURLINFO_HTTP_VERSION) >= CURL_HTTP_VERSION_2_0
    result.isRefused = result.status == 0 && Self.refused.contains(code)
    return result
  }

  private static let refused: [CURLcode] = [
    CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
  ]

  /// What may be otherwise at the next try: names that do not resolve, connections refused or broken, time that ran out.
  private static let transient: [CURLcode] = [
    CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_HTTP2, CURLE_PARTIAL_FILE,
    CURLE_OPERATION_TIMEDOUT, CURLE_SSL_CONNECT_ERROR, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
    CURLE_HTTP2_STREAM,
  ]

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
