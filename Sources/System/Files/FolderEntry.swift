package import Glibc

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
      do { return try open(O_RDWR | O_APPEND) } catch { guard error.code == ENOENT else { throw error } }
      do { return try create(mode: mode) } catch { guard error.code == EEXIST else { throw error } }
    }
  }

  /// Opens what is there: a file, a device or a pipe.
  package func open(_ flags: Int32) throws(WriteFault) -> Descriptor {
    // A pipe of the user's own waits for its reader; one that was planted must not stop us.
    let waits = status.map { $0.isPipe && !isPlanted($0) } ?? false
    let number = openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | (waits ? 0 : O_NONBLOCK))
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

  /// What has the name, a link itself and not what it leads to; nil where nothing has.
  package var status: stat? {
    var status = stat()
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
  }

  /// Whether another user may have put it there: a file, a pipe, a device or a link of theirs, or a hard link to a file of
  /// ours.
  ///
  /// - Parameter isPassed: whether it is a link on the way to other names.
  package func isPlanted(_ entry: stat, isPassed: Bool = false) -> Bool {
    var parent = stat()
    guard fstat(folder, &parent) == 0 else { return true }
    let own = [geteuid(), 0]
    guard parent.isShared || !own.contains(parent.st_uid) else { return false }
    if own.contains(entry.st_uid) { return entry.isFile && entry.st_nlink > 1 }
    guard !parent.isShared, entry.st_uid == parent.st_uid else { return true }
    // In a folder of their own they may have files, and links to folders, but no name that leads elsewhere or waits.
    return !entry.isFile && !isPassed
  }
}

extension Descriptor {
  /// What the file is; nil where the system does not say.
  package var status: stat? {
    var status = stat()
    return fstat(number, &status) == 0 ? status : nil
  }
}

extension stat {
  package var isFile: Bool { st_mode & S_IFMT == S_IFREG }
  package var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
  package var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
  package var isPipe: Bool { st_mode & S_IFMT == S_IFIFO }

  /// Whether others than its owner, and a group that works together, may write in the folder.
  fileprivate var isShared: Bool {
    st_mode & 0o0002 != 0 || st_mode & 0o1020 == 0o1020
  }
}
