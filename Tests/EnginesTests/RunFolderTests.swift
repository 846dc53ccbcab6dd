import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing
@testable import Engines

/// What a killed run has left is removed by the next one; what may be somebody's is not.
@Suite struct RunFolderTests {
  private let parent: TemporaryFolder

  init() throws { parent = try TemporaryFolder() }

  private func folder() throws -> RunFolder {
    try RunFolder(in: parent.path, prefix: "advisor-x-", advice: "none")
  }

  private var names: Set<String> { Set(parent.names) }

  @Test("Only those without an owner are removed")
  func onlyThoseWithoutAnOwnerAreRemoved() throws {
    // Its lock ends with it, as with a process that is killed; the folder stays.
    let dead = try folder().name
    let alive = try folder()
    let others = ["advisor-x-unowned", "advisor-y-other"]
    for name in others {
      try FileManager.default.createDirectory(atPath: "\(parent.path)/\(name)", withIntermediateDirectories: false)
    }
    try parent.write("advisor-y-other/owner", "")
    symlink("advisor-y-other", "\(parent.path)/advisor-x-link")
    let new = try folder()
    #expect(new.removeThoseOfTheDead { _, name in name } == [dead])
    #expect(names == Set([alive.name, new.name, "advisor-x-link"] + others))
    new.remove()
    #expect(!names.contains(new.name))
  }

  @Test("A parent that is not there is named")
  func aParentThatIsNotThereIsNamed() throws {
    #expect {
      _ = try RunFolder(in: "\(parent.path)/none", prefix: "a", advice: "make it")
    } throws: { "\($0)".contains("cannot make a folder in \(parent.path)/none") && "\($0)".contains("make it") }
  }
}
