public import AdvisorCore
private import System

/// GNU make's job server: a pipe with a token for each job that may run beside the first of each of its users (GNU make
/// manual, “POSIX Jobserver Interaction”).
public final class JobServer {
  /// How the tasks find it.
  public enum Style: String, Sendable, CaseIterable {
    /// By two descriptors that they inherit, as make 4.2 to 4.3 and all later ones know it.
    case pipe
    /// By a path, as make 4.4 and ninja 1.13 do: programs between need not hand descriptors on.
    case fifo
  }

  private let reading: Descriptor
  private let writing: Descriptor
  /// The pipe itself where it is our own, which is closed with this value.
  private var shared: [Int32] = []
  /// Tokens that there are in all, where they are our own.
  private var tokens = 0
  /// Descriptors that tasks are to inherit.
  private(set) var inherited: [Int32] = []

  /// Where tokens are waited for, and where they are given back.
  package var descriptor: Int32 { reading.number }
  package var returnDescriptor: Int32 { writing.number }

  private init(_ reading: consuming Descriptor, _ writing: consuming Descriptor) {
    self.reading = reading
    self.writing = writing
  }

  deinit { for number in shared { OpenFile.close(number) } }

  /// The job server of the make that has started this process; nil where there is none, or none for us: make hands its
  /// descriptors only to commands with `+` or `$(MAKE)` in them.
  ///
  /// - Parameter flags: the value of `MAKEFLAGS`.
  public static func client(flags: String) -> JobServer? {
    let words = flags.split(separator: " ").map(String.init)
    let options = ["--jobserver-auth=", "--jobserver-fds="]
    guard let word = words.last(where: { word in options.contains { word.hasPrefix($0) } }),
      let value = word.split(separator: "=", maxSplits: 1).last.map(String.init)
    else { return nil }
    if value.hasPrefix("fifo:") { return open(String(value.dropFirst(5)), String(value.dropFirst(5))) }
    let numbers = value.split(separator: ",").compactMap { Int32($0) }
    guard numbers.count == 2, numbers.allSatisfy({ FileStatus(descriptor: $0)?.isPipe == true }) else { return nil }
    // Opened again, so that reading does not wait here while it does for all who share make's own descriptors.
    return open("/proc/self/fd/\(numbers[0])", "/proc/self/fd/\(numbers[1])")
  }

  private static func open(_ read: String, _ write: String) -> JobServer? {
    // Reading first: a pipe without a reader cannot be opened for writing without waiting.
    guard let reading = Descriptor(opening: read, .nonBlocking), reading.status?.isPipe == true,
      let writing = Descriptor(opening: write, [.writing, .nonBlocking])
    else { return nil }
    return JobServer(reading, writing)
  }

  /// A new one, and what `MAKEFLAGS` has to say of it.
  ///
  /// - Parameters:
  ///   - jobs: jobs at once, of all tasks and what they start together.
  ///   - style: how they find it.
  /// - Throws: `AdvisorError` (temporary) when the system is short of descriptors.
  public static func serve(jobs: Int, _ style: Style) throws(AdvisorError) -> (server: JobServer, flags: String) {
    let pipe = try Pipe()
    let path = { (number: Int32) in "/proc/self/fd/\(number)" }
    // Opened again, so that reading waits for those whom the pipe itself is handed to.
    guard let server = open(path(pipe.reading.number), path(pipe.writing.number)) else {
      throw AdvisorError(
        .temporary, "cannot make a job server: \(Errno.last.text)", advice: "leave --jobserver out, or mount /proc")
    }
    // A pipe takes at least 4096 bytes without waiting (PIPE_BUF, pipe(7)).
    server.tokens = max(1, min(jobs, 4096)) - 1
    server.replaceLost()
    server.shared = [pipe.reading.release(), pipe.writing.release()]
    if style == .pipe {
      server.inherited = server.shared
      server.shared.forEach(OpenFile.setInheritable)
    }
    let place =
      style == .pipe
      ? server.shared.map { "\($0)" }.joined(separator: ",") : "fifo:/proc/\(OwnProcess.id)/fd/\(server.shared[0])"
    return (server, "-j\(jobs) --jobserver-auth=\(place)")
  }

  /// A token; nil where all are taken.
  package func take() -> UInt8? {
    var token: UInt8 = 0
    return withUnsafeMutableBytes(of: &token) { reading.read(into: $0) } == 1 ? token : nil
  }

  /// Makes up for tokens that were lost with programs that were killed: to be called while nobody has one.
  package func replaceLost() {
    guard tokens > 0, let there = OpenFile.waitingBytes(reading.number), there < tokens else { return }
    for _ in there..<tokens { giveBack(UInt8(ascii: "+")) }
  }

  package func giveBack(_ token: UInt8) { _ = writing.write([token]) }
}
