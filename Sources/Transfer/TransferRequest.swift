/// What to fetch.
public struct TransferRequest: Sendable, Hashable {
  public var url: String
  /// Where the wanted bytes begin; above 0 asks for a range (RFC 9110, 14.2).
  public var offset = 0
  /// The validator under which the range is wanted, an `ETag` or a date: where it no longer holds, the server sends the
  /// whole (RFC 9110, 13.1.5).
  public var ifRange: String?
  /// How long its connection may take; nil for as long as all may.
  public var connectTimeoutSeconds: Double?

  public init(_ url: String) { self.url = url }
}

/// The head of a response: what is known before its body.
public struct ResponseHead: Sendable, Hashable {
  public var status: Int
  /// Bytes of the body; nil where the server does not say.
  public var contentLength: Int?
  public var etag: String?
  public var lastModified: String?
  public var contentRange: String?

  public init(
    status: Int, contentLength: Int? = nil, etag: String? = nil, lastModified: String? = nil,
    contentRange: String? = nil
  ) {
    self.status = status
    self.contentLength = contentLength
    self.etag = etag
    self.lastModified = lastModified
    self.contentRange = contentRange
  }
}

/// Takes the body of a download as it arrives.
public protocol TransferSink: AnyObject {
  /// The last response has begun; called once, before its body, and not for responses that redirect.
  ///
  /// - Returns: whether the body is wanted. One that is not, is dropped, and the transfer ended where it is long.
  func begin(_ head: ResponseHead) -> Bool

  /// - Parameter bytes: valid during the call only.
  /// - Returns: whether to go on; false ends the transfer with an error.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool
}

extension TransferSink {
  public func begin(_ head: ResponseHead) -> Bool { true }
}
