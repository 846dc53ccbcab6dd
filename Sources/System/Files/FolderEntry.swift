private import CLinux
private import Glibc

/// A name in a folder that is held open: the one place where files and folders are made and opened for writing.
///
/// No symbolic link is followed. What another user may have put under the name is not written to: the rules of
/// `fs.protected_symlinks`, `protected_regular`, `protected_fifos` and `protected_hardlinks` (proc_sys_fs(5)), on every
/// machine and in folders without the sticky bit too.
package struct FolderEntry: Sendable {
  /// The folder's descriptor, which outlives this value.
  package let folder: Int32
  package let name: String

  package init(_ name: String, in folder: Int32) {
    self.name = name
    self.folder = folder
  }

  /// A path from the working directory, whose folders are looked up as they are: for folders of our own.
  package init(path: String) { self.init(path, in: AT_FDCWD) }

  /// Makes a file that was not there.
  package func create(mode: UInt32 = 0o666) throws(WriteFault) -> Descriptor {
    let number = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard let file = Descriptor(owning: number) else { throw WriteFault(errno) }
    return file
  }

  /// Makes a file in place of what has the name.
  package func recreate(mode: UInt32 = 0o666) throws(WriteFault) -> Descriptor {
    guard unlinkat(folder, name, 0) == 0 || errno == ENOENT else { throw WriteFault(errno) }
    return try create(mode: mode)
  }

  /// Opens the file, to append to it, and makes it where it is missing.
  package func append(mode: UInt32 = 0o666) throws(WriteFault) -> Descriptor {
    while true {
      do { return try open([.readingAndWriting, .appending]) } catch { guard error.code == ENOENT else { throw error } }
      do { return try create(mode: mode) } catch { guard error.code == EEXIST else { throw error } }
    }
  }

  /// Opens what is there: a file, a device or a pipe.
  package func open(_ options: OpenOptions) throws(WriteFault) -> Descriptor {
    // A pipe of the user's own waits for its reader; one that was planted must not stop us.
    let waits = status.map { $0.isPipe && !isPlanted($0) } ?? false
    let number = openat(
      folder, name, options.rawValue | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | (waits ? 0 : O_NONBLOCK))
    guard let file = Descriptor(owning: number) else { throw errno == ELOOP ? .planted : WriteFault(errno) }
    guard let status = file.status, !isPlanted(status) else { throw .planted }
    if !waits { _ = fcntl(file.number, F_SETFL, fcntl(file.number, F_GETFL) & ~O_NONBLOCK) }
    return file
  }

  /// Opens a folder, and makes it where it is missing.
  package func openFolder(making mode: UInt32 = 0o777) throws(WriteFault) -> Descriptor {
    let code = mkdirat(folder, name, mode) == 0 ? 0 : errno
    let number = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard let opened = Descriptor(owning: number) else {
      throw status?.isLink == true ? .planted : WriteFault(errno == ENOENT ? code : errno)
    }
    return opened
  }

  package func remove() { unlinkat(folder, name, 0) }

  /// Gives it another name in its folder, in place of what has that. Returns 0 or the errno.
  package func rename(to other: String) -> Int32 { renameat(folder, name, folder, other) == 0 ? 0 : errno }

  /// Gives the name, which must be free, to a file that is open without one. Returns 0 or the errno.
  package func link(_ file: Int32) -> Int32 { -clinux_link(file, folder, name) }

  /// What has the name, a link itself and not what it leads to; nil where nothing has.
  package var status: FileStatus? { FileStatus(name: name, in: folder) }

  /// Whether another user may have put it there: a file, a pipe, a device or a link of theirs, or a hard link to a file of
  /// ours.
  ///
  /// - Parameter isPassed: whether it is a link on the way to other names.
  package func isPlanted(_ entry: FileStatus, isPassed: Bool = false) -> Bool {
    guard let parent = FileStatus(descriptor: folder) else { return true }
    let own = [geteuid(), 0]
    guard parent.isShared || !own.contains(parent.owner) else { return false }
    if own.contains(entry.owner) { return entry.isFile && entry.links > 1 }
    guard !parent.isShared, entry.owner == parent.owner else { return true }
    // In a folder of their own they may have files, and links to folders, but no name that leads elsewhere or waits.
    return !entry.isFile && !isPassed
  }

  /// The names in an open folder, as ``Descriptor/names()`` has them.
  package static func names(in folder: Int32) -> [String]? {
    Descriptor(opening: ".", in: folder, .folder)?.names()
  }
}

extension Descriptor {
  /// The names in this folder, in no order, without `.` and `..`, as bytes are read as UTF-8; nil where they cannot be
  /// read.
  package consuming func names() -> [String]? {
    guard let list = fdopendir(number) else { return nil }
    _ = release()
    defer { closedir(list) }
    var names: [String] = []
    while let entry = readdir(list) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

extension FileStatus {
  /// Whether others than its owner, and a group that works together, may write in the folder.
  fileprivate var isShared: Bool {
    permissions & 0o0002 != 0 || permissions & 0o1020 == 0o1020
  }
}
