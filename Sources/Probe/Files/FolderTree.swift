public import AdvisorCore
private import CLinux
private import Glibc
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
        .badData, "cannot read the folder \(path): \(String(cString: strerror(errno)))",
        advice: "name a folder that holds a copy of a machine's /sys and /proc, or a snapshot archive")
    }
    isLive = false
    cpus = nil
    self.root = consume root
  }

  public func read(_ path: String, limit: Int) -> [UInt8]? {
    guard let file = openFile(path) else { return nil }
    return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
      var bytes: [UInt8] = []
      while bytes.count < limit {
        let count = file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(limit - bytes.count)))
        guard count >= 0 else { return nil }
        guard count > 0 else { break }
        bytes += UnsafeRawBufferPointer(rebasing: buffer[..<count])
        // A file of sysfs comes in one piece, unlike those of procfs; thousands of reads are saved on a large machine.
        if count < buffer.count, path.utf8.starts(with: Self.wholeFiles) { break }
      }
      return bytes
    }
  }

  public func list(_ path: String) -> [String]? {
    guard let file = openFile(path), let folder = fdopendir(file.number) else { return nil }
    _ = file.release()
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  public func lacks(_ path: String) -> Bool {
    errno = 0
    guard openFile(path) == nil else { return false }
    return errno == ENOENT || errno == ENOTDIR
  }

  private func openFile(_ path: String) -> Descriptor? {
    switch root {
    case .some(let root): Self.open(path, in: root)
    case .none: openLive(path)
    }
  }

  private static func open(_ path: String, in root: borrowing Descriptor) -> Descriptor? {
    let number = clinux_open_in_root(root.number, path)
    // Before Linux 5.6 links that lead outside are followed there.
    let isOld = number == -ENOSYS
    return Descriptor(owning: isOld ? openat(root.number, "." + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : number)
  }

  private func openLive(_ path: String) -> Descriptor? {
    switch cpus {
    case .some(let cpus) where path.hasPrefix(Self.cpuFolder):
      Descriptor(
        owning: path.withCString { openat(cpus.number, $0 + Self.cpuFolder.utf8.count, O_RDONLY | O_CLOEXEC) })
    default: Descriptor(opening: path)
    }
  }
}
