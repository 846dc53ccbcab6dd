private import Synchronization

/// Hands on another tree's files, and keeps what was read.
final class RecordingTree: FileTree {
  private let source: any FileTree
  private let recorded = Mutex<[String: [UInt8]]>([:])

  init(_ source: any FileTree) { self.source = source }

  var isLive: Bool { source.isLive }

  /// What was read, by path.
  var files: [String: [UInt8]] { recorded.withLock { $0 } }

  func read(_ path: String, limit: Int) -> [UInt8]? {
    guard let bytes = source.read(path, limit: limit) else { return nil }
    recorded.withLock { files in
      // A file may be read in part first, then whole.
      if files[path].map({ $0.count < bytes.count }) ?? true { files[path] = bytes }
    }
    return bytes
  }

  func list(_ path: String) -> [String]? { source.list(path) }
  func lacks(_ path: String) -> Bool { source.lacks(path) }
}
