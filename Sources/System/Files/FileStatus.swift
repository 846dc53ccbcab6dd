private import Glibc

/// What stat(2) tells of a file.
package struct FileStatus: Sendable {
  private let status: stat

  /// What a path leads to; nil where it leads nowhere, and `errno` says why.
  ///
  /// - Parameter following: false tells of a link itself where the last name is one.
  package init?(path: UnsafePointer<CChar>, following: Bool = true) {
    self.init(name: path, in: AT_FDCWD, following: following)
  }

  /// What has a name in an open folder; nil where nothing has, and `errno` says why.
  package init?(name: UnsafePointer<CChar>, in folder: Int32, following: Bool = false) {
    var status = stat()
    guard fstatat(folder, name, &status, following ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    self.status = status
  }

  /// What is open; nil where the system does not say, and `errno` says why.
  package init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.status = status
  }

  package var isFile: Bool { kind == S_IFREG }
  package var isFolder: Bool { kind == S_IFDIR }
  package var isLink: Bool { kind == S_IFLNK }
  package var isPipe: Bool { kind == S_IFIFO }
  package var isCharacterDevice: Bool { kind == S_IFCHR }
  private var kind: UInt32 { status.st_mode & S_IFMT }

  /// `/dev/null`, by its number (Linux's admin-guide/devices.txt).
  package var isNullDevice: Bool { isCharacterDevice && status.st_rdev == 1 << 8 | 3 }

  package var bytes: Int { Int(status.st_size) }
  package var inode: UInt64 { UInt64(status.st_ino) }
  package var device: UInt64 { UInt64(status.st_dev) }
  package var links: Int { Int(status.st_nlink) }
  package var owner: UInt32 { status.st_uid }
  /// The permission bits, with those for set-user-ID, set-group-ID and the sticky bit.
  package var permissions: UInt32 { status.st_mode & 0o7777 }
  /// When the contents were last changed.
  package var modified: (seconds: Int, nanoseconds: Int) { (status.st_mtim.tv_sec, status.st_mtim.tv_nsec) }
}

/// What this process may do with a path (access(2)); where it may not, `errno` says why.
package enum FileAccess {
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
  package static func canRead(_ path: String) -> Bool { access(path, R_OK) == 0 }
  package static func canWrite(_ name: String, in folder: Int32) -> Bool { faccessat(folder, name, W_OK, 0) == 0 }
  /// Whether it may run a program, or go through a folder.
  package static func canExecute(_ path: String) -> Bool { access(path, X_OK) == 0 }
}

extension Descriptor {
  /// What the file is; nil where the system does not say.
  package var status: FileStatus? { FileStatus(descriptor: number) }
}
