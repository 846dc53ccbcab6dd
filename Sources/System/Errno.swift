private import Glibc

/// Why a system call has failed (errno(3)).
package struct Errno: Error, Hashable, Sendable {
  package let code: Int32

  package init(_ code: Int32) { self.code = code }

  /// The calling thread's `errno`: ask for it before anything else that could call the system.
  package static var last: Errno {
    get { Errno(errno) }
    set { errno = newValue.code }
  }

  /// As strerror(3) puts it.
  package var text: String { String(cString: strerror(code)) }
}

extension Errno {
  /// `EACCES`
  package static let permissionDenied = Errno(EACCES)
  /// `EAGAIN`
  package static let wouldBlock = Errno(EAGAIN)
  /// `EBADF`
  package static let badFileDescriptor = Errno(EBADF)
  /// `ECONNABORTED`
  package static let connectionAborted = Errno(ECONNABORTED)
  /// `EDQUOT`
  package static let diskQuotaExceeded = Errno(EDQUOT)
  /// `EEXIST`
  package static let fileExists = Errno(EEXIST)
  /// `EFBIG`
  package static let fileTooLarge = Errno(EFBIG)
  /// `EINTR`
  package static let interrupted = Errno(EINTR)
  /// `EINVAL`
  package static let invalidArgument = Errno(EINVAL)
  /// `EIO`
  package static let ioError = Errno(EIO)
  /// `EISDIR`
  package static let isDirectory = Errno(EISDIR)
  /// `ELOOP`
  package static let tooManySymbolicLinks = Errno(ELOOP)
  /// `EMFILE`
  package static let tooManyOpenFiles = Errno(EMFILE)
  /// `ENFILE`
  package static let tooManyOpenFilesInSystem = Errno(ENFILE)
  /// `ENOENT`
  package static let noSuchFileOrDirectory = Errno(ENOENT)
  /// `ENOMEM`
  package static let noMemory = Errno(ENOMEM)
  /// `ENOSPC`
  package static let noSpace = Errno(ENOSPC)
  /// `ESRCH`
  package static let noSuchProcess = Errno(ESRCH)
  /// `ENOSYS`
  package static let noFunction = Errno(ENOSYS)
  /// `ENOTDIR`
  package static let notDirectory = Errno(ENOTDIR)
  /// `EPERM`
  package static let notPermitted = Errno(EPERM)
  /// `EPIPE`
  package static let brokenPipe = Errno(EPIPE)
  /// `EROFS`
  package static let readOnlyFileSystem = Errno(EROFS)
  /// `ESTALE`
  package static let staleFileHandle = Errno(ESTALE)
}
