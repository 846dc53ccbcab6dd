import FoundationEssentials
import Glibc
import Testing
@testable import Engines

/// What a killed run has left is removed by the next one; what may be somebody's is not.
@Suite struct RunFolderTests {
  private let parent: String

  init() throws {
    parent = FileManager.default.temporaryDirectory.appending(path: "advisor-run-folder-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
  }

  private func folder() throws -> RunFolder {
    try RunFolder(in: parent, prefix: "advisor-x-", advice: "none")
  }

  private var names: Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [])
  }

  @Test func onlyThoseWithoutAnOwnerAreRemoved() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    // Its lock ends with it, as with a process that is killed; the folder stays.
    let dead = try folder().name
    let alive = try folder()
    let others = ["advisor-x-unowned", "advisor-y-other"]
    for name in others {
      try FileManager.default.createDirectory(atPath: "\(parent)/\(name)", withIntermediateDirectories: false)
    }
    try Data().write(to: URL(filePath: "\(parent)/advisor-y-other/owner"))
    symlink("advisor-y-other", "\(parent)/advisor-x-link")
    let new = try folder()
    #expect(new.removeThoseOfTheDead { _, name in name } == [dead])
    #expect(names == Set([alive.name, new.name, "advisor-x-link"] + others))
    new.remove()
    #expect(!names.contains(new.name))
  }

  @Test func aParentThatIsNotThereIsNamed() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    #expect {
      _ = try RunFolder(in: "\(parent)/none", prefix: "a", advice: "make it")
    } throws: { "\($0)".contains("cannot make a folder in \(parent)/none") && "\($0)".contains("make it") }
  }
}
