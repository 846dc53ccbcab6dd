import AdvisorCore
import FoundationEssentials
import Glibc
import Testing

@testable import Probe

@Suite struct FolderTreeTests {
  /// A folder with a file, links and an empty folder in it.
  func withTree(_ body: (FolderTree) throws -> Void) throws {
    let manager = FileManager.default
    let root = manager.temporaryDirectory.appending(path: "tree-\(UUID().uuidString)")
    defer { try? manager.removeItem(at: root) }
    try manager.createDirectory(at: root.appending(path: "sys/empty"), withIntermediateDirectories: true)
    try bytes(String(repeating: "0123456789", count: 1000)).withUnsafeBytes {
      try Data($0).write(to: root.appending(path: "sys/file"))
    }
    for (link, target) in [
      ("within", "/sys/file"), ("outside", "/../../../../proc/version"), ("host", "/proc/version"),
    ] {
      try manager.createSymbolicLink(atPath: root.appending(path: link).path, withDestinationPath: target)
    }
    try body(try FolderTree(root: root.path))
  }

  @Test func readsWholeAndPart() throws {
    try withTree { tree in
      #expect(tree.read("/sys/file", limit: 1 << 20)?.count == 10_000)
      #expect(tree.read("/sys/file", limit: 5) == bytes("01234"))
      #expect(tree.read("/sys/none", limit: 5) == nil)
      #expect(tree.read("/sys", limit: 5) == nil)
    }
  }

  @Test func listsNames() throws {
    try withTree { tree in
      #expect(tree.list("/sys").map(Set.init) == ["file", "empty"])
      #expect(tree.list("/sys/empty") == [])
      #expect(tree.list("/sys/file") == nil)
    }
  }

  /// A recorded machine's links lead to its own files, never to the host's.
  @Test func linksStayBelowTheRoot() throws {
    try withTree { tree in
      #expect(tree.read("/within", limit: 5) == bytes("01234"))
      #expect(tree.read("/outside", limit: 5) == nil)
      #expect(tree.read("/host", limit: 5) == nil)
      #expect(tree.read("/../../../../proc/version", limit: 5) == nil)
    }
  }

  @Test func refusesWhatIsNoFolder() {
    #expect(throws: AdvisorError.self) { try FolderTree(root: "/no/such/folder") }
    #expect(throws: AdvisorError.self) { try FolderTree(root: "/proc/version") }
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
