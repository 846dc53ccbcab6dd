public import AdvisorCore
import Glibc
import System

/// What the program says to people: data on stdout, the rest on stderr, colour only where somebody sees it.
public enum Terminal {
  /// Lets a reader such as `head` close the pipe without a complaint from us.
  public static func quietOnBrokenPipe() { signal(SIGPIPE, SIG_DFL) }

  /// Takes the numbers of standard streams that the shell has closed (`2>&-`): else the next file to be opened, such as a
  /// journal, would be what tasks write their output to. They stay unusable, as glibc leaves them to privileged programs
  /// (csu/check_fds.c): reading and writing fails.
  public static func occupyClosedStreams() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
      // The lowest number that is free is this one.
      _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// - Throws: ``AdvisorError`` where stdout cannot take it: a full disk, a closed descriptor.
  public static func output(_ text: String) throws(AdvisorError) {
    guard write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO) else {
      let code = errno
      throw AdvisorError(
        .cannotWrite, "cannot write to stdout: \(String(cString: strerror(code)))",
        advice: code == EBADF ? "leave stdout open: >/dev/null" : "check the disk that stdout is redirected to")
    }
  }

  /// Tells people something, without what would make their terminal do anything else.
  public static func note(_ text: String) { _ = write(text.harmless + "\n", to: STDERR_FILENO) }

  public static func complain(_ error: AdvisorError) {
    let (problem, advice) = (bounded(error.problem), bounded(error.advice))
    _ = write("\(Style.bold("advisor:")) \(problem)\n  \(Style.dim("→")) \(advice)\n", to: STDERR_FILENO)
  }

  /// A path is of at most 4,096 bytes (PATH_MAX), and nothing that is longer helps anyone.
  private static func bounded(_ text: String) -> String { text.shortened(to: 5000).harmless }

  public static func exit(_ status: Int32) -> Never { Glibc.exit(status) }

  /// Columns of the terminal behind stderr; 80 where there is none.
  public static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  public static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes all of the text, however often the kernel takes only a part of it.
  public static func write(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { FileWriting.writeAll(UnsafeRawBufferPointer($0), to: descriptor) == 0 }
  }
}
