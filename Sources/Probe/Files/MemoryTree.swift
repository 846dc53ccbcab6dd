/// Files that are held in memory: the contents of an archive, or a machine made up for a test.
public struct MemoryTree: FileTree {
  public let isLive = false
  private let files: [String: [UInt8]]

  /// - Parameter files: contents by absolute path.
  public init(_ files: [String: [UInt8]]) { self.files = files }

  public init(texts: [String: String]) { self.init(texts.mapValues { Array($0.utf8) }) }

  public func read(_ path: String, limit: Int) -> [UInt8]? {
    files[path].map { Array($0.prefix(limit)) }
  }

  public func list(_ path: String) -> [String]? {
    let prefix = path.hasSuffix("/") ? path : path + "/"
    let names = Set(
      files.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count).prefix { $0 != "/" }) })
    return names.isEmpty ? nil : Array(names)
  }
}
