private import Glibc

/// The descriptors that every program starts with.
package enum StandardStream {
  package static let input: Int32 = 0
  package static let output: Int32 = 1
  package static let error: Int32 = 2

  package static func isTerminal(_ stream: Int32) -> Bool { isatty(stream) == 1 }

  /// Columns of the terminal behind a stream; nil where there is none, or it does not tell.
  package static func columns(_ stream: Int32) -> Int? {
    var size = winsize()
    return ioctl(stream, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
  }

  /// Takes the numbers of streams that are closed, so that no file that is opened later gets one of them. They stay
  /// unusable, as glibc leaves them to privileged programs (csu/check_fds.c): reading and writing fails.
  package static func occupyClosed() {
    for stream in [input, output, error] where fcntl(stream, F_GETFD) < 0 {
      // The lowest number that is free is this one.
      _ = open("/dev/null", stream == input ? O_WRONLY : O_RDONLY)
    }
  }
}
