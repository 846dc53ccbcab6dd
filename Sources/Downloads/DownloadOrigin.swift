internal import Transfer

/// Where a part of a file is from, so that the rest can be asked for: only of what has not changed since.
struct DownloadOrigin: Hashable {
  /// Of the URL, which may hold secrets and is not kept.
  var identity: String
  var etag: String?
  var lastModified: String?

  init(_ identity: String, _ head: ResponseHead) {
    self.identity = identity
    etag = head.etag
    lastModified = head.lastModified
  }

  /// What `If-Range` may hold (RFC 9110, 13.1.5): a strong entity tag, else a date; nil where there is neither.
  var validator: String? {
    if let etag, etag.hasPrefix("\"") { return etag }
    return lastModified
  }

  /// One field a line. Header fields hold no line ends.
  var text: String {
    [("identity", identity), ("etag", etag), ("last-modified", lastModified)]
      .compactMap { name, value in value.map { "\(name) \($0)\n" } }.joined()
  }

  /// Nil where the text is not whole: each line, the last too, has its end.
  init?(text: String) {
    guard text.hasSuffix("\n") else { return nil }
    var fields: [Substring: String] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      if words.count == 2 { fields[words[0]] = String(words[1]) }
    }
    guard let identity = fields["identity"] else { return nil }
    self.identity = identity
    etag = fields["etag"]
    lastModified = fields["last-modified"]
  }
}
