import AdvisorCore
import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing

@testable import Probe

@Suite struct FolderTreeTests {
  /// A folder with a file, links and an empty folder in it.
  func withTree(_ body: (FolderTree) throws -> Void) throws {
    let root = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: "\(root.path)/sys/empty", withIntermediateDirectories: true)
    try root.write("sys/file", String(repeating: "0123456789", count: 1000))
    for (link, target) in [
      ("within", "/sys/file"), ("outside", "/../../../../proc/version"), ("host", "/proc/version"),
    ] {
      try FileManager.default.createSymbolicLink(atPath: "\(root.path)/\(link)", withDestinationPath: target)
    }
    try body(try FolderTree(root: root.path))
  }

  @Test("A file is read whole and in part")
  func readsWholeAndPart() throws {
    try withTree { tree in
      #expect(tree.read("/sys/file", limit: 1 << 20)?.count == 10_000)
      #expect(tree.read("/sys/file", limit: 5) == bytes("01234"))
      #expect(tree.read("/sys/none", limit: 5) == nil)
      #expect(tree.read("/sys", limit: 5) == nil)
    }
  }

  @Test("Names are listed")
  func listsNames() throws {
    try withTree { tree in
      #expect(tree.list("/sys").map(Set.init) == ["file", "empty"])
      #expect(tree.list("/sys/empty") == [])
      #expect(tree.list("/sys/file") == nil)
    }
  }

  /// A recorded machine's links lead to its own files, never to the host's.
  @Test("Links stay below the root")
  func linksStayBelowTheRoot() throws {
    try withTree { tree in
      #expect(tree.read("/within", limit: 5) == bytes("01234"))
      #expect(tree.read("/outside", limit: 5) == nil)
      #expect(tree.read("/host", limit: 5) == nil)
      #expect(tree.read("/../../../../proc/version", limit: 5) == nil)
    }
  }

  @Test("What is no folder is refused")
  func refusesWhatIsNoFolder() {
    #expect(throws: AdvisorError.self) { try FolderTree(root: "/no/such/folder") }
    #expect(throws: AdvisorError.self) { try FolderTree(root: "/proc/version") }
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
