/// What the loopback server sends: a head, then a text or filling bytes.
///
/// The bytes are a function of this value, so a response that was sent in part goes on from an offset alone.
struct LoopbackResponse: Equatable {
  private(set) var head: [UInt8]
  private(set) var bodyBytes: Int

  /// Bytes of the whole response.
  var count: Int { head.count + bodyBytes }

  /// - Parameter bytes: filling that follows the head.
  init(bytes: Int, keepsAlive: Bool) {
    head = Self.head("200 OK", length: bytes, type: "application/octet-stream", keepsAlive)
    bodyBytes = bytes
  }

  init(text: String, status: String = "200 OK", keepsAlive: Bool) {
    head = Self.head(status, length: text.utf8.count, type: "text/plain", keepsAlive) + Array(text.utf8)
    bodyBytes = 0
  }

  init(refusal: Int, keepsAlive: Bool) {
    let reason =
      switch refusal {
      case 404: "Not Found"
      case 405: "Method Not Allowed"
      case 431: "Request Header Fields Too Large"
      case 505: "HTTP Version Not Supported"
      default: "Bad Request"
      }
    self.init(text: "\(reason)\n", status: "\(refusal) \(reason)", keepsAlive: keepsAlive)
  }

  private static func head(_ status: String, length: Int, type: String, _ keepsAlive: Bool) -> [UInt8] {
    let connection = keepsAlive ? "" : "Connection: close\r\n"
    return Array(
      "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(length)\r\n\(connection)\r\n".utf8)
  }
}
