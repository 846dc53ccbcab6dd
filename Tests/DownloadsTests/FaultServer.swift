import AdvisorTestSupport
import Foundation
import Glibc
import Synchronization
import Testing
@testable import Downloads

/// An HTTP server whose answers a test writes, down to the byte: each connection has a thread, each request calls the test.
final class FaultServer: Sendable {
  struct Request: Sendable {
    var path: String
    /// Names in lower case.
    var fields: [String: String]
    /// How often the path was asked for before.
    var earlier: Int
    /// Requests that are being answered, this one included.
    var underWay: Int

    /// Where the wanted range begins.
    var start: Int? {
      fields["range"].flatMap { Int($0.dropFirst("bytes=".count).prefix { $0 != "-" }) }
    }
  }

  struct Answer: Sendable {
    var bytes: [UInt8] = []
    /// Before the bytes.
    var delaySeconds = 0.0
    /// After the bytes: what keeps the client waiting.
    var stallSeconds = 0.0
    var closes = false

    /// A whole response, whose length may be a lie.
    init(
      _ status: Int = 200, _ body: [UInt8] = [], length: Int? = nil, fields: [String] = [], delaySeconds: Double = 0,
      stallSeconds: Double = 0, closes: Bool = false
    ) {
      let head = ["HTTP/1.1 \(status) x", "Content-Length: \(length ?? body.count)"] + fields
      bytes = Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
      self.delaySeconds = delaySeconds
      self.stallSeconds = stallSeconds
      self.closes = closes
    }
  }

  private struct State: Sendable {
    var requests: [Request] = []
    var underWay = 0
    var maxUnderWay = 0
  }

  let port: UInt16
  private let listener: Int32
  private let state = Mutex(State())

  init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let isBound = withUnsafeMutableBytes(of: &address) { bytes -> Bool in
      guard let base = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress else { return false }
      return bind(listener, base, length) == 0 && listen(listener, 128) == 0
        && getsockname(listener, base, &length) == 0
    }
    try #require(isBound)
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        Thread.detachNewThread { [weak self] in
          self?.serve(connection, answer)
          close(connection)
        }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  var requests: [Request] { state.withLock { $0.requests } }
  var maxUnderWay: Int { state.withLock { $0.maxUnderWay } }

  private func serve(_ connection: Int32, _ answer: (Request) -> Answer) {
    while let request = read(from: connection) {
      let answer = answer(request)
      usleep(UInt32(answer.delaySeconds * 1e6))
      let sent = send(connection, answer.bytes, answer.bytes.count, Int32(MSG_NOSIGNAL))
      usleep(UInt32(answer.stallSeconds * 1e6))
      state.withLock { $0.underWay -= 1 }
      guard sent == answer.bytes.count, !answer.closes else { return }
    }
  }

  private func read(from connection: Int32) -> Request? {
    var head: [UInt8] = []
    var byte: UInt8 = 0
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      guard recv(connection, &byte, 1, 0) == 1 else { return nil }
      head.append(byte)
    }
    let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    let path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
    return state.withLock { state in
      state.underWay += 1
      state.maxUnderWay = max(state.maxUnderWay, state.underWay)
      let request = Request(
        path: path, fields: fields, earlier: state.requests.count { $0.path == path }, underWay: state.underWay)
      state.requests.append(request)
      return request
    }
  }
}

extension TemporaryFolder {
  /// What is in it, by name, but for the record of what was downloaded.
  var files: [String: [UInt8]] {
    Dictionary(uniqueKeysWithValues: names.filter { $0 != DownloadRecord.fileName }.map { ($0, contents(of: $0)) })
  }

  /// The files as texts.
  var texts: [String: String] { files.mapValues { String(decoding: $0, as: UTF8.self) } }
}
