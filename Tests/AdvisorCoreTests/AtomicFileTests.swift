import Foundation
import Testing

@testable import AdvisorCore

@Suite("Files that are written whole or not at all") struct AtomicFileTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("advisor-\(UUID())").path

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  @Test("A file is replaced, and nothing is left beside it")
  func file() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for text in ["first", "second"] { try AtomicFile.write(Array(text.utf8), to: "\(folder)/file") }
    #expect(try String(contentsOfFile: "\(folder)/file", encoding: .utf8) == "second")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
  }

  @Test("A device is written to, not replaced, whoever may replace it", arguments: [("null", nil), ("full", ENOSPC)])
  func device(name: String, problem: Int32?) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/device"
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/\(name)")
    var error: AdvisorError?
    do { try AtomicFile.write([1], to: path) } catch let caught { error = caught }
    #expect(error?.code == (problem == nil ? nil : .cannotWrite))
    if let problem { #expect(error?.problem.contains(String(cString: strerror(problem))) == true) }
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == "/dev/\(name)")
  }
}
