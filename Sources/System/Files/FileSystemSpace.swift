private import Glibc

/// The room in a file system (statvfs(3)).
package struct FileSystemSpace: Sendable {
  /// What an ordinary user may still write, and all that there is for one, in bytes.
  package let freeBytes: Int
  package let totalBytes: Int
  /// Files that can still be made; nil where the file system sets no number.
  package let freeFiles: Int?
  package let totalFiles: Int?

  /// - Parameter path: of a file or folder in it. Nil where it cannot be asked, and `errno` says why.
  package init?(at path: String) {
    var space = statvfs()
    guard statvfs(path, &space) == 0 else { return nil }
    let block = UInt64(space.f_frsize)
    // What is kept back for root is neither free nor there.
    let kept = UInt64(space.f_bfree) &- UInt64(space.f_bavail)
    freeBytes = Int(clamping: UInt64(space.f_bavail).multipliedReportingOverflow(by: block).partialValue)
    totalBytes = Int(clamping: (UInt64(space.f_blocks) &- kept).multipliedReportingOverflow(by: block).partialValue)
    freeFiles = space.f_files > 0 ? Int(clamping: space.f_favail) : nil
    totalFiles = space.f_files > 0 ? Int(clamping: space.f_files) : nil
  }
}
