import AdvisorTestSupport
import Foundation

/// A file system of a few hundred kilobytes in memory, mounted at `disk` in a folder, for one line of shell.
struct TinyDisk {
  private let folder: String

  init(in folder: String) { self.folder = folder }

  /// Whether this process may mount anything: root outside most containers.
  static let canBeMade: Bool = {
    guard getuid() == 0 else { return false }
    let mount = ["unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=64k", "none", "/tmp"]
    return (try? ProgramRun(mount).status) == 0
  }()

  /// The script, which sees the disk; nobody else does, and it is gone when the script has ended.
  func wrap(_ script: String, bytes: Int) -> String {
    "mkdir -p disk; unshare -m sh -c 'mount -t tmpfs -o size=\(bytes) none disk\n\(script)'"
  }
}
