public import AdvisorCore
internal import CCurl

/// Downloads one thing after another, over a connection that stays open between them.
public struct Connection: ~Copyable {
  private var easy: Easy

  /// - Throws: ``AdvisorError`` (unavailable) when libcurl cannot be loaded.
  public init(_ options: TransferOptions = TransferOptions()) throws(AdvisorError) {
    let easy = try Easy.make(options)
    // A loop looks for itself, and sooner.
    try easy.set(CURLOPT_LOW_SPEED_LIMIT, 1)
    try easy.set(CURLOPT_LOW_SPEED_TIME, Int(options.stallTimeoutSeconds.rounded(.up)))
    self.easy = easy
  }

  /// Downloads `url` and blocks until it has ended; without a sink the body is counted and dropped.
  public mutating func get(_ url: String, into sink: (any TransferSink)? = nil) -> TransferResult {
    easy.prepare(TransferRequest(url), sink: sink)
    return easy.finish(ccurl_easy_perform(easy.handle))
  }
}
