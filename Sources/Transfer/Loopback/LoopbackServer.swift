private import AdvisorCore
private import Glibc

/// The built-in calibration server: HTTP/1.1 on 127.0.0.1, in a process of its own so that its CPU can be told apart.
///
/// - `GET /bytes/65536?latency=20ms` answers so many bytes after so long.
/// - `GET /cpu` answers the CPU time that the server has used, in seconds.
public enum LoopbackServer {
  /// The argument with which the program is this server and nothing else.
  public static let argument = "__serve"

  /// Prints the port and a line end, then serves until standard input, a pipe or socket, closes: it cannot outlive its parent.
  public static func main() -> Never {
    raiseOpenFileLimit()
    do {
      try serve()
      exit(0)
    } catch {
      write(STDERR_FILENO, "advisor: \(error)\n")
      exit(error.code.rawValue)
    }
  }

  private static func serve() throws(AdvisorError) {
    let listener = try LoopbackListener.open()
    var service = try LoopbackService.make(listener: listener.descriptor, lifeline: STDIN_FILENO)
    write(STDOUT_FILENO, "\(listener.port)\n")
    close(STDOUT_FILENO)
    try service.run()
  }

  /// Every idle connection takes a descriptor.
  private static func raiseOpenFileLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  private static func write(_ descriptor: Int32, _ text: String) {
    var text = text
    text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }
}
