import AdvisorTestSupport
import Foundation
@testable import System

/// The program's own test server: `/bytes/COUNT` answers so many.
final class TestServer {
  let url: String
  private let process = Process()
  private let lifeline = Foundation.Pipe()

  init() throws {
    let output = Foundation.Pipe()
    process.executableURL = URL(filePath: BuiltProgram.path)
    process.arguments = ["__serve"]
    process.standardInput = lifeline
    process.standardOutput = output
    try process.run()
    let port = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    url = "http://127.0.0.1:\(port.trimmingCharacters(in: .whitespacesAndNewlines))"
  }

  deinit {
    try? lifeline.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
