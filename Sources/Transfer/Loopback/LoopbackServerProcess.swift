public import AdvisorCore
import System

/// A loopback server in a child process, which ends with this value.
public struct LoopbackServerProcess: ~Copyable {
  public let port: UInt16
  /// The child's process id, for who wants to pin it.
  public var id: Int32 { child.id }
  /// It has nothing to save, and a stopped one would never see its input close: it is killed with this value.
  private let child: ChildProcess
  /// The other end of the socket that is its standard input and output: the server ends when this closes.
  private let lifeline: Descriptor

  private init(port: UInt16, child: consuming ChildProcess, lifeline: consuming Descriptor) {
    self.port = port
    self.child = child
    self.lifeline = lifeline
  }

  /// Starts the server, and returns when it listens.
  ///
  /// - Parameter executable: the program, which calls ``LoopbackServer/main()`` when its first argument is
  ///   ``LoopbackServer/argument``; by default the one that is running.
  /// - Throws: ``AdvisorError`` (unavailable) when the server cannot start or cannot listen, (temporary) when a limit on
  ///   processes, descriptors or memory is reached.
  public static func start(executable: String = "/proc/self/exe") throws(AdvisorError) -> LoopbackServerProcess {
    let ends = try SocketPair()
    // A group of its own: the terminal's Ctrl-C is for the parent to handle.
    let child = try ChildProcess(
      Launch([executable, LoopbackServer.argument], input: ends.far.number, output: ends.far.number, ownGroup: true))
    // Else a server that ends before it listens would not be noticed.
    _ = ends.far.close()
    guard let port = UInt16(line(from: ends.near)) else {
      throw AdvisorError(
        .unavailable, "the calibration server cannot start: it ended before it listened",
        advice: "check the limits on processes and open files (ulimit -a) and that the loopback network is up")
    }
    return LoopbackServerProcess(port: port, child: child, lifeline: ends.near)
  }

  /// The address that answers a number of bytes after a latency.
  public func url(bytes: Int, latencySeconds: Double = 0) -> String {
    Self.url(port: port, bytes: bytes, latencySeconds: latencySeconds)
  }

  /// The same of a server that is known by its port.
  public static func url(port: UInt16, bytes: Int, latencySeconds: Double = 0) -> String {
    let latency = latencySeconds > 0 ? "?latency=\(Int((latencySeconds * 1e6).rounded()))us" : ""
    return "http://127.0.0.1:\(port)/bytes/\(bytes)\(latency)"
  }

  /// CPU time that the server has used; nil when it does not answer.
  public func cpuSeconds() -> Double? {
    let text = TextSink()
    guard var connection = try? Connection(.loopback),
      connection.get("http://127.0.0.1:\(port)/cpu", into: text).succeeded
    else { return nil }
    return Double(String(decoding: text.bytes, as: UTF8.self).trimmingASCIISpace)
  }

  /// What comes before the first line end, or before the end of the file.
  private static func line(from socket: borrowing Descriptor) -> String {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      guard withUnsafeMutableBytes(of: &byte, { socket.read(into: $0) }) == 1, byte != UInt8(ascii: "\n") else {
        return String(decoding: line, as: UTF8.self)
      }
      line.append(byte)
    }
  }
}

/// Keeps a short body.
private final class TextSink: TransferSink {
  private(set) var bytes: [UInt8] = []

  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    self.bytes.append(contentsOf: bytes)
    return self.bytes.count <= 4096
  }
}
