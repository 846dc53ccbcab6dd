private import CLinux
private import Glibc

/// A path taken apart as path_resolution(7) does, but for links that another user may have planted: the folder, held open,
/// and the name in it.
package struct ResolvedPath: ~Copyable, Sendable {
  /// The folder that the file is in.
  private var folder: Descriptor
  private var name = "."
  /// The names to come, the next one last.
  private var ahead: [String] = []
  private var links = 0
  /// As the kernel's own limit (path_resolution(7)).
  private static let maxLinks = 40

  private init(_ folder: consuming Descriptor) { self.folder = folder }

  /// Resolves all but the last name: that of a file, whether or not it is there.
  package static func file(_ path: String) throws(WriteFault) -> ResolvedPath { try resolve(path, missing: nil) }

  /// - Parameter missing: the mode of folders that are made where they are missing, with the last one; nil makes none.
  private static func resolve(_ path: String, missing: UInt32?) throws(WriteFault) -> ResolvedPath {
    guard !path.isEmpty else { throw WriteFault(ENOENT) }
    var place = ResolvedPath(try root(of: path))
    place.ahead = names(in: path)
    while let next = place.ahead.popLast() {
      place.name = next
      let isLast = place.ahead.isEmpty
      if let missing { try place.makeFolder(missing) }
      if try !place.follow(), !isLast { place.folder = try place.openFolder() }
    }
    return place
  }

  /// Opens a folder, to make files in it, and makes it and those above it where they are missing.
  package static func folder(_ path: String, making mode: UInt32 = 0o777) throws(WriteFault) -> Descriptor {
    let place = try resolve(path, missing: mode)
    return try place.entry.openFolder(making: mode)
  }

  package var entry: FolderEntry { FolderEntry(name, in: folder.number) }

  /// The file of our own open descriptor, as `/dev/stdout` names one; nil where the path is no such thing.
  ///
  /// What `/proc/self/fd` has in its links is no path (proc_pid_fd(5)): only the kernel can follow them.
  package func openDescriptor(_ options: OpenOptions) -> Descriptor? {
    guard isInProc, entry.status?.isLink == true else { return nil }
    return Descriptor(owning: openat(folder.number, name, options.rawValue | O_CLOEXEC))
  }

  /// Opens a file for reading and for writing to its end, and makes it where it is missing.
  package static func append(to path: String, mode: UInt32 = 0o666) throws(WriteFault) -> Descriptor {
    let place = try file(path)
    if let file = place.openDescriptor([.readingAndWriting, .appending]) { return file }
    return try place.entry.append(mode: mode)
  }

  private func makeFolder(_ mode: UInt32) throws(WriteFault) {
    guard mkdirat(folder.number, name, mode) != 0 else { return }
    let code = errno
    guard code == EEXIST || entry.status != nil else { throw WriteFault(code) }
  }

  /// Goes where the name leads, should it be a link; a last one that may be planted stays as it is.
  private mutating func follow() throws(WriteFault) -> Bool {
    guard let status = entry.status, status.isLink else { return false }
    if isInProc {
      guard !ahead.isEmpty else { return false }
      folder = try openFolder(following: true)
      return true
    }
    guard !entry.isPlanted(status, isPassed: !ahead.isEmpty) else {
      guard !ahead.isEmpty else { return false }
      throw .planted
    }
    links += 1
    guard links <= Self.maxLinks else { throw WriteFault(ELOOP) }
    let target = try target()
    if target.hasPrefix("/") { folder = try Self.root(of: target) }
    ahead += Self.names(in: target)
    return true
  }

  private func target() throws(WriteFault) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlinkat(folder.number, name, &buffer, buffer.count)
    guard count > 0 else { throw WriteFault(errno) }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func openFolder(following: Bool = false) throws(WriteFault) -> Descriptor {
    try Self.openFolder(name, in: folder.number, following: following)
  }

  private var isInProc: Bool { clinux_is_proc(folder.number) != 0 }

  private static func root(of path: String) throws(WriteFault) -> Descriptor {
    try openFolder(path.hasPrefix("/") ? "/" : ".", in: AT_FDCWD, following: false)
  }

  private static func openFolder(_ name: String, in folder: Int32, following: Bool) throws(WriteFault) -> Descriptor {
    let number = clinux_open_folder(folder, name, following ? 1 : 0)
    guard let opened = Descriptor(owning: number) else { throw WriteFault(-number) }
    return opened
  }

  /// The last first; a slash at the end asks for a folder.
  private static func names(in path: String) -> [String] {
    (path.split(separator: "/").map(String.init) + (path.hasSuffix("/") ? ["."] : [])).reversed()
  }
}
