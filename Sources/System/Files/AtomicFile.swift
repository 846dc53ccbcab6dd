private import CLinux
private import Glibc
public import AdvisorCore

/// Writes a file so that no reader, crash or full disk ever leaves half of it.
public enum AtomicFile {
  /// Writes beside the destination, syncs, and renames over it. A device or a pipe, such as `/dev/stdout`, is written to instead.
  ///
  /// - Throws: ``AdvisorError`` that names the file; nothing is left behind then.
  public static func write(_ bytes: [UInt8], to path: String) throws(AdvisorError) {
    try write(to: path) { file throws(AdvisorError) in
      let code = file.write(bytes)
      guard code == 0 else { throw WriteFault(code).error(path) }
    }
  }

  /// Has a file written, as by a program that is started, and keeps it where that succeeds.
  ///
  /// - Parameter mode: of a new file, less the umask; a file of the user's own keeps its mode.
  package static func write(
    to path: String, mode: UInt32 = 0o644, _ body: (borrowing Descriptor) throws(AdvisorError) -> Void
  ) throws(AdvisorError) {
    let place = try WriteFault.named(path) { () throws(WriteFault) in try ResolvedPath.file(path) }
    if let file = try WriteFault.named(path, { () throws(WriteFault) in try special(place) }) { return try body(file) }
    let new = try WriteFault.named(path) { () throws(WriteFault) in try Replacement(of: place.entry, mode: mode) }
    try body(new.file)
    try WriteFault.named(path) { () throws(WriteFault) in try new.commit() }
  }

  /// Checks that the file could be written, and leaves nothing behind: for whoever would lose a minute of work.
  ///
  /// - Throws: ``AdvisorError`` that names the file.
  public static func check(_ path: String) throws(AdvisorError) {
    try WriteFault.named(path) { () throws(WriteFault) in
      let place = try ResolvedPath.file(path)
      guard try special(place) == nil else { return }
      _ = try Replacement(of: place.entry, mode: 0o600)
    }
  }

  /// What must not be replaced: a device, a pipe, and what a descriptor of our own is open for.
  private static func special(_ place: borrowing ResolvedPath) throws(WriteFault) -> Descriptor? {
    if let file = place.openDescriptor([.writing, .appending]) { return file }
    let entry = place.entry
    guard let status = entry.status, !status.isFile, !entry.isPlanted(status) else { return nil }
    return try entry.open(.writing)
  }
}

/// A file that is to take the place of another.
private struct Replacement: ~Copyable {
  let file: Descriptor
  private let isNamed: Bool
  private let target: FolderEntry
  private let temporary: FolderEntry

  init(of target: FolderEntry, mode: UInt32) throws(WriteFault) {
    self.target = target
    temporary = FolderEntry(".advisor-\(String(UInt64.random(in: 0...UInt64.max), radix: 36)).tmp", in: target.folder)
    // Without a name for as long as can be, it is gone with this process.
    if let file = Descriptor(unnamedIn: target.folder, mode: mode) {
      self.file = file
      isNamed = false
    } else {
      file = try temporary.create(mode: mode)
      isNamed = true
    }
    if let status = target.status, status.isFile, status.owner == geteuid() {
      fchmod(file.number, status.permissions & 0o777)
    }
  }

  deinit { temporary.remove() }

  func commit() throws(WriteFault) {
    guard fsync(file.number) == 0 else { throw WriteFault(errno) }
    if !isNamed {
      let code = clinux_link(file.number, temporary.folder, temporary.name)
      guard code == 0 else { throw WriteFault(-code) }
    }
    guard renameat(temporary.folder, temporary.name, target.folder, target.name) == 0 else { throw WriteFault(errno) }
  }
}
