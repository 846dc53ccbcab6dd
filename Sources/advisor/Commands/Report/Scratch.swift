import AdvisorCore
import FoundationEssentials
import System

/// A folder that is gone when it is no longer needed, and that nobody else may look into.
struct Scratch: ~Copyable {
  private let folder: String

  init() throws(AdvisorError) {
    let parent = FileManager.default.temporaryDirectory.path
    folder = try WriteFault.named(parent, advice: "check the disk behind TMPDIR") { () throws(WriteFault) in
      try ScratchFolder.make(in: parent, prefix: "advisor-")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Makes an empty file.
  func make(_ name: String) throws(AdvisorError) -> Descriptor {
    try WriteFault.named(path(name), advice: "check the disk behind TMPDIR") { () throws(WriteFault) in
      try FolderEntry(path: path(name)).create(mode: 0o600)
    }
  }

  func write(_ text: String, to name: String) throws(AdvisorError) {
    let code = try make(name).write([UInt8](text.utf8))
    guard code == 0 else { throw WriteFault(code).error(path(name), advice: "check the disk behind TMPDIR") }
  }
}
