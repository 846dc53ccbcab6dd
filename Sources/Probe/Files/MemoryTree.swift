/// Files that are held in memory: the contents of an archive, or a machine made up for a test.
public struct MemoryTree: FileTree {
  public let isLive = false
  private let files: [String: [UInt8]]
  /// The names in each folder.
  private let folders: [String: Set<String>]

  /// - Parameter files: contents by absolute path.
  public init(_ files: [String: [UInt8]]) {
    self.files = files
    var folders: [String: Set<String>] = [:]
    for path in files.keys {
      var rest = path[...]
      while let slash = rest.lastIndex(of: "/") {
        let isNew = folders[String(rest[..<slash]), default: []].insert(String(rest[slash...].dropFirst())).inserted
        guard isNew else { break }
        rest = rest[..<slash]
      }
    }
    self.folders = folders
  }

  public init(texts: [String: String]) { self.init(texts.mapValues { Array($0.utf8) }) }

  public func read(_ path: String, limit: Int) -> [UInt8]? { files[path].map { Array($0.prefix(limit)) } }

  public func list(_ path: String) -> [String]? { folders[path].map(Array.init) }
}
