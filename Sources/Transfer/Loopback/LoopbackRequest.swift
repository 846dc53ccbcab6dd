internal import AdvisorCore

/// What a client asks of the loopback server, read from the head of an HTTP/1.x request (RFC 9112).
struct LoopbackRequest: Equatable {
  enum Target: Equatable {
    /// A number of bytes of filling.
    case bytes(Int)
    /// The CPU time that the server has used, in seconds.
    case cpu
    /// Something that cannot be served, with the HTTP status that says why.
    case refused(Int)
  }

  var target: Target
  var latencyNanoseconds: UInt64 = 0
  var keepsAlive = true

  /// The most bytes of one body: 1 PiB, far from the overflow of any sum of a few.
  static let maxBytes = 1 << 50
  /// The longest latency, one hour.
  static let longestLatencySeconds = 3600.0

  /// Reads a head: the request line and the fields, each with its line end, without the empty line.
  ///
  /// A request that cannot be understood ends the connection, for where the next one starts is not known.
  init(head: some Collection<UInt8>) {
    let lines = head.split(separator: UInt8(ascii: "\n")).map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    let words = lines.first?.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false) ?? []
    guard words.count == 3, !words[0].isEmpty, words[1].first == UInt8(ascii: "/") else {
      self.init(target: .refused(400), keepsAlive: false)
      return
    }
    let version = String(decoding: words[2], as: UTF8.self)
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
      self.init(target: .refused(505), keepsAlive: false)
      return
    }
    guard words[0].elementsEqual("GET".utf8) else {
      self.init(target: .refused(405), keepsAlive: false)
      return
    }
    self.init(path: String(decoding: words[1], as: UTF8.self))
    if version == "HTTP/1.0" { keepsAlive = false }
    for line in lines.dropFirst() { read(field: String(decoding: line, as: UTF8.self)) }
  }

  private init(target: Target, keepsAlive: Bool) {
    self.target = target
    self.keepsAlive = keepsAlive
  }

  /// Reads `/cpu` or `/bytes/65536?latency=20ms`.
  private init(path: String) {
    let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let names = parts[0].split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    switch names.first {
    case "cpu" where names.count == 1: target = .cpu
    case "bytes" where names.count == 2:
      let bytes = names.last.flatMap { Int($0) } ?? -1
      target = (0...Self.maxBytes).contains(bytes) ? .bytes(bytes) : .refused(400)
    default: target = .refused(404)
    }
    guard parts.count == 2 else { return }
    for pair in parts[1].split(separator: "&") { read(parameter: pair) }
  }

  private mutating func read(parameter: Substring) {
    let parts = parameter.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, parts[0] == "latency", let seconds = Quantity.seconds(parts[1]),
      seconds <= Self.longestLatencySeconds
    else {
      target = .refused(400)
      return
    }
    latencyNanoseconds = UInt64(seconds * 1e9)
  }

  private mutating func read(field: String) {
    guard let colon = field.firstIndex(of: ":") else {
      (target, keepsAlive) = (.refused(400), false)
      return
    }
    let value = field[field.index(after: colon)...].trimmingASCIISpace.lowercased()
    switch field[..<colon].lowercased() {
    case "connection" where value == "close": keepsAlive = false
    // No request here has a body, and one that is not read would be taken for the next request.
    case "content-length" where value != "0": (target, keepsAlive) = (.refused(400), false)
    case "transfer-encoding": (target, keepsAlive) = (.refused(400), false)
    default: break
    }
  }
}
