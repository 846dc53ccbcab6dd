private import AdvisorCore
private import System

/// The built-in calibration server: HTTP/1.1 on 127.0.0.1, in a process of its own so that its CPU can be told apart.
///
/// - `GET /bytes/65536?latency=20ms` answers 65,536 bytes after 20 ms.
/// - `GET /cpu` answers the CPU time that the server has used, in seconds.
public enum LoopbackServer {
  /// The argument with which the program is this server and nothing else.
  public static let argument = "__serve"

  /// Prints the port and a line end, then serves until standard input, a pipe or socket, closes: it cannot outlive its parent.
  public static func main() -> Never {
    raiseOpenFileLimit()
    do {
      try serve()
      OwnProcess.exit(0)
    } catch {
      write(StandardStream.error, "advisor: \(error)\n")
      OwnProcess.exit(error.code.rawValue)
    }
  }

  private static func serve() throws(AdvisorError) {
    let listener = try LoopbackListener.open()
    var service = try LoopbackService.make(listener: listener.descriptor, lifeline: StandardStream.input)
    write(StandardStream.output, "\(listener.port)\n")
    OpenFile.close(StandardStream.output)
    try service.run()
  }

  /// Every idle connection takes a descriptor.
  private static func raiseOpenFileLimit() {
    guard var limit = ResourceLimit(.openFiles) else { return }
    limit.soft = limit.hard
    limit.apply(to: .openFiles)
  }

  private static func write(_ descriptor: Int32, _ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { FileWriting.writeAll($0, to: descriptor) }
  }
}
