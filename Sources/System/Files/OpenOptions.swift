private import Glibc

/// How a file is opened (open(2)).
package struct OpenOptions: OptionSet, Sendable {
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// `O_RDONLY`, which is no bit of its own.
  package static let reading = OpenOptions(rawValue: O_RDONLY)
  /// `O_WRONLY`
  package static let writing = OpenOptions(rawValue: O_WRONLY)
  /// `O_RDWR`
  package static let readingAndWriting = OpenOptions(rawValue: O_RDWR)
  /// `O_APPEND`
  package static let appending = OpenOptions(rawValue: O_APPEND)
  package static let creating = OpenOptions(rawValue: O_CREAT)
  package static let truncating = OpenOptions(rawValue: O_TRUNC)
  /// `O_NONBLOCK`: opening a pipe does not wait for its other end either.
  package static let nonBlocking = OpenOptions(rawValue: O_NONBLOCK)
  /// `O_DIRECTORY`: fails for all but a folder.
  package static let folder = OpenOptions(rawValue: O_DIRECTORY)
  /// `O_NOFOLLOW`: fails where the last name is a symbolic link.
  package static let notFollowing = OpenOptions(rawValue: O_NOFOLLOW)
  /// `O_DIRECT`: past the page cache, on file systems that can.
  package static let direct = OpenOptions(rawValue: directFlag)

  // The header gives it to C programs with _GNU_SOURCE alone; it differs on ARM.
  #if arch(arm64) || arch(arm)
    private static let directFlag: Int32 = 0o200000
  #else
    private static let directFlag: Int32 = 0o40000
  #endif
}
