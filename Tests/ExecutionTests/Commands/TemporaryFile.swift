import AdvisorCore
import Glibc
import Testing

@testable import Execution

/// A file that lives as long as this value.
final class TemporaryFile {
  let path: String

  init(_ text: String = "") throws {
    var name = Array("/tmp/advisor-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    try #require(descriptor >= 0)
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let bytes = Array(text.utf8)
    #expect(bytes.withUnsafeBytes { FileWriting.writeAll($0, to: descriptor) } == 0)
    close(descriptor)
  }

  deinit { unlink(path) }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  var bytes: [UInt8] {
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = read(descriptor, &buffer, buffer.count), count > 0 { result += buffer.prefix(count) }
    return result
  }
}
