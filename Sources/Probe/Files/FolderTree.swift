public import AdvisorCore
private import CLinux
private import Glibc

/// The files below a folder: `/` for this machine, or where another machine's `/sys` and `/proc` were copied to.
public final class FolderTree: FileTree {
  public let isLive: Bool
  private let root: Int32
  /// This machine's `/sys/devices/system/cpu`, or -1: most files are below it, and the kernel walks to it only once.
  private let cpus: Int32
  private static let cpuFolder = "/sys/devices/system/cpu/"
  private static let wholeFiles = "/sys/devices/".utf8

  /// This machine.
  public static let live = FolderTree()

  private init() {
    isLive = true
    root = AT_FDCWD
    cpus = open(Self.cpuFolder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  }

  /// - Throws: `AdvisorError` where the folder cannot be opened.
  public init(root path: String) throws(AdvisorError) {
    isLive = false
    cpus = -1
    root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard root >= 0 else {
      throw AdvisorError(
        .badData, "cannot read the folder \(path): \(String(cString: strerror(errno)))",
        advice: "name a folder that holds a copy of a machine's /sys and /proc, or a snapshot archive")
    }
  }

  deinit {
    for descriptor in [root, cpus] where descriptor >= 0 { close(descriptor) }
  }

  public func read(_ path: String, limit: Int) -> [UInt8]? {
    let descriptor = openFile(path)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
      var bytes: [UInt8] = []
      while bytes.count < limit {
        let count = Glibc.read(descriptor, buffer.baseAddress, min(buffer.count, limit - bytes.count))
        if count < 0, errno == EINTR { continue }
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
    let descriptor = openFile(path)
    guard descriptor >= 0 else { return nil }
    guard let folder = fdopendir(descriptor) else {
      close(descriptor)
      return nil
    }
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

  private func openFile(_ path: String) -> Int32 {
    if isLive {
      guard cpus >= 0, path.hasPrefix(Self.cpuFolder) else { return open(path, O_RDONLY | O_CLOEXEC) }
      return path.withCString { openat(cpus, $0 + Self.cpuFolder.utf8.count, O_RDONLY | O_CLOEXEC) }
    }
    let descriptor = clinux_open_in_root(root, path)
    // Before Linux 5.6 links that lead outside are followed there.
    return descriptor == -ENOSYS ? openat(root, "." + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : descriptor
  }
}
