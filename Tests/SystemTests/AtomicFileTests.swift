import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing

@testable import AdvisorCore
@testable import System

@Suite("Files that are written whole or not at all") struct AtomicFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("A file is replaced, and nothing is left beside it")
  func file() throws {
    for text in ["first", "second"] { try AtomicFile.write(Array(text.utf8), to: "\(folder.path)/file") }
    #expect(try String(contentsOfFile: "\(folder.path)/file", encoding: .utf8) == "second")
    #expect(folder.names == ["file"])
  }

  @Test("A file keeps its mode when it is replaced: one that nobody else may read stays so", arguments: [0o600, 0o664])
  func mode(_ mode: Int) throws {
    let path = "\(folder.path)/file"
    try AtomicFile.write([1], to: path)
    chmod(path, mode_t(mode))
    try AtomicFile.write([2], to: path)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == mode)
  }

  @Test("What fails half-way leaves the file as it was, and nothing beside it")
  func failure() throws {
    let path = "\(folder.path)/file"
    try AtomicFile.write([1], to: path)
    #expect(throws: AdvisorError.self) {
      try AtomicFile.write(to: path) { file throws(AdvisorError) in
        _ = file.write([2])
        throw AdvisorError(.cannotWrite, "the disk is full", advice: "make room")
      }
    }
    #expect(FileManager.default.contents(atPath: path) == Data([1]))
    #expect(folder.names == ["file"])
  }

  @Test("A folder is not replaced, and that is found out beforehand")
  func directory() throws {
    #expect(throws: AdvisorError.self) { try AtomicFile.write([1], to: folder.path) }
    #expect(throws: AdvisorError.self) { try AtomicFile.check(folder.path) }
  }

  @Test("A device is written to, not replaced, whoever may replace it", arguments: [("null", nil), ("full", ENOSPC)])
  func device(name: String, problem: Int32?) throws {
    let path = "\(folder.path)/device"
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/\(name)")
    var error: AdvisorError?
    do { try AtomicFile.write([1], to: path) } catch let caught { error = caught }
    #expect(error?.code == (problem == nil ? nil : .cannotWrite))
    if let problem { #expect(error?.problem.contains(String(cString: strerror(problem))) == true) }
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == "/dev/\(name)")
  }
}
