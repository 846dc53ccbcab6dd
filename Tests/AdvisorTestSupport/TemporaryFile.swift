import AdvisorCore
import Glibc

import System

/// A file that lives as long as this value.
package final class TemporaryFile {
  package let path: String

  package init(_ text: String = "") throws {
    var name = Array("/tmp/advisor-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else {
      throw AdvisorError(.cannotWrite, "cannot make a file below /tmp", advice: "free space there")
    }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let bytes = Array(text.utf8)
    let fault = bytes.withUnsafeBytes { FileWriting.writeAll($0, to: descriptor) }
    close(descriptor)
    guard fault == 0 else { throw AdvisorError(.cannotWrite, "cannot write \(path)", advice: "free space there") }
  }

  deinit { unlink(path) }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  package var bytes: [UInt8] {
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = read(descriptor, &buffer, buffer.count), count > 0 { result += buffer.prefix(count) }
    return result
  }
}
