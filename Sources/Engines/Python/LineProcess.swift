public import AdvisorCore
public import System

/// A program that answers in lines on its standard output; it and its group end with this value, and with this process.
///
/// What it writes to standard error is kept, to be quoted where it fails.
public final class LineProcess {
  public enum Answer: Sendable, Hashable {
    case line(String)
    /// Nothing came in time.
    case nothingYet
    /// It has closed its output.
    case end
  }

  private var child: ChildProcess?
  private let output: Descriptor
  private let complaints: Descriptor
  private let protector: ProcessGuard
  private var received: [UInt8] = []

  /// - Parameters:
  ///   - arguments: the program's name first.
  ///   - environment: nil is this process's own.
  ///   - directory: where it runs; nil is this process's own working directory.
  /// - Throws: ``AdvisorError`` where there is no such program, or a limit of the system is reached.
  public init(
    _ arguments: [String], environment: [String]? = nil, directory: String? = nil
  ) throws(AdvisorError) {
    protector = try ProcessGuard(capacity: 1)
    let pipe = try Pipe()
    guard let complaints = Descriptor(unnamedIn: "/tmp") else {
      throw AdvisorError(
        .cannotWrite, "cannot make a temporary file: \(Errno.last.text)",
        advice: "make room in /tmp, or raise the limit on open files")
    }
    output = pipe.reading
    let launch = Launch(
      arguments, environment: environment, directory: directory, output: pipe.writing.number, error: complaints.number)
    self.complaints = complaints
    child = try ChildProcess(launch, protection: protector.entry(0))
  }

  deinit {
    // Killed and reaped before the guard ends, in whose memory it stands.
    child = nil
  }

  /// The next line, once it is there.
  public func next(within seconds: Double) -> Answer {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: received[..<end], as: UTF8.self)
        received.removeSubrange(...end)
        return .line(line)
      }
      let milliseconds = Int32(max(0, min(seconds, 1e6)) * 1000)
      guard Poll.waitToRead(output.number, milliseconds: milliseconds) > 0 else { return .nothingYet }
      guard fill() else { return .end }
    }
  }

  private func fill() -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer in
      let count = output.read(into: buffer)
      if count > 0 { received += buffer[..<count] }
      return count > 0
    }
  }

  /// Waits until it has ended.
  public func wait() -> Exit? { child.take()?.wait() }

  /// The last line that it wrote to standard error; nil where it wrote none.
  public var lastComplaint: String? {
    let end = complaints.status?.bytes ?? 0
    var text = [UInt8](repeating: 0, count: min(end, 64 * 1024))
    let count = text.withUnsafeMutableBytes { OpenFile.read(complaints.number, into: $0, at: end - $0.count) }
    text.removeSubrange(max(0, count)...)
    return String(decoding: text, as: UTF8.self).split(separator: "\n").last.map { $0.printable }
  }
}
