public import AdvisorCore
import System

/// The files below a folder: `/` for this machine, or where another machine's `/sys` and `/proc` were copied to.
public final class FolderTree: FileTree {
  public let isLive: Bool
  /// Nil for this machine.
  private let root: Descriptor?
  /// This machine's `/sys/devices/system/cpu`, where it is to be used: most files are below it, and the kernel walks to it only once.
  private let cpus: Descriptor?
  private static let cpuFolder = "/sys/devices/system/cpu/"
  private static let wholeFiles = "/sys/devices/".utf8

  /// This machine.
  public static let live = FolderTree()

  private init() {
    isLive = true
    root = nil
    cpus = Descriptor(opening: Self.cpuFolder, .folder)
  }

  /// - Throws: `AdvisorError` where the folder cannot be opened.
  public init(root path: String) throws(AdvisorError) {
    guard let root = Descriptor(opening: path, .folder) else {
      throw AdvisorError(
        .badData, "cannot read the folder \(path): \(Errno.last.text)",
        advice: "name a folder that holds a copy of a machine's /sys and /proc, or a snapshot archive")
    }
    isLive = false
    cpus = nil
    self.root = consume root
  }

  public func read(_ path: String, limit: Int) -> [UInt8]? {
    // Thousands of calls are saved on a large machine.
    openFile(path)?.readStart(atMost: limit, inOnePiece: path.utf8.starts(with: Self.wholeFiles))
  }

  public func list(_ path: String) -> [String]? { openFile(path)?.names() }

  public func lacks(_ path: String) -> Bool {
    guard openFile(path) == nil else { return false }
    return [.noSuchFileOrDirectory, .notDirectory].contains(Errno.last)
  }

  private func openFile(_ path: String) -> Descriptor? {
    switch root {
    case .some(let root): Self.open(path, in: root)
    case .none: openLive(path)
    }
  }

  private static func open(_ path: String, in root: borrowing Descriptor) -> Descriptor? {
    if let file = Descriptor(opening: path, asIfRoot: root.number) { return file }
    // Before Linux 5.6 links that lead outside are followed there.
    return Errno.last == .noFunction ? Descriptor(opening: "." + path, in: root.number, .nonBlocking) : nil
  }

  private func openLive(_ path: String) -> Descriptor? {
    switch cpus {
    case .some(let cpus) where path.hasPrefix(Self.cpuFolder):
      Descriptor(opening: path, skipping: Self.cpuFolder.utf8.count, in: cpus.number)
    default: Descriptor(opening: path)
    }
  }
}
