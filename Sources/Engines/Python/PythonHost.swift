internal import AdvisorCore
private import FoundationEssentials
internal import System
internal import Tasks

/// The interpreter that imports the function's module, and the messages to it and from it; it and its workers end with this value,
/// and with this process.
final class PythonHost {
  /// Readable when there is something to do: a message to read, or room for what waits to be written.
  var descriptor: Int32 { poll.descriptor }

  private var child: ChildProcess?
  private let protector: ProcessGuard
  private var poll: EventPoll
  private var input: Descriptor?
  private let output: Descriptor
  private var received: [UInt8] = []
  private var place = 0
  private var unsent: [UInt8] = []
  private var sent = 0
  private var watchesInput = false

  /// - Parameter startMethod: of its workers; nil leaves it to what the import shows.
  /// - Throws: ``AdvisorError`` where there is no such program, or a limit of the system is reached.
  init(
    _ program: String, function: String, startMethod: PythonStart.Method?, _ options: TaskOptions
  ) throws(AdvisorError) {
    protector = try ProcessGuard(capacity: 1)
    poll = try EventPoll.make()
    let requests = try Pipe()
    let replies = try Pipe()
    let source = PythonSource.host
    unsent = source
    let method = startMethod.map { [$0.rawValue, "as requested"] } ?? ["auto", ""]
    var launch = Launch(
      [program, "-c", PythonSource.hostStart, "0", "\(source.count)", function] + method,
      environment: options.environment,
      directory: options.directory, input: requests.reading.number,
      output: replies.writing.number)
    launch.niceness = options.niceness
    do {
      child = try ChildProcess(launch, protection: protector.entry(0))
    } catch  where error.code == .unavailable && options.directory == nil {
      throw PythonInterpreter.isMissing(program)
    }
    OpenFile.setNonBlocking(requests.writing.number)
    input = consume requests.writing
    output = replies.reading
    try poll.add(output.number, as: 0)
    try flush()
  }

  /// One that a Python process has made of itself: it ends when its messages do.
  init(_ descriptors: PythonHostDescriptors) throws(AdvisorError) {
    protector = try ProcessGuard(capacity: 1)
    poll = try EventPoll.make()
    guard
      descriptors.requests != descriptors.replies, OpenFile.isOpen(descriptors.requests),
      OpenFile.isOpen(descriptors.replies), let requests = Descriptor(owning: descriptors.requests),
      let replies = Descriptor(owning: descriptors.replies)
    else {
      throw AdvisorError(
        .usage, "--host: \(descriptors.requests) and \(descriptors.replies) are no two open descriptors",
        advice: "call advisor.map in Python, which opens them")
    }
    OpenFile.setNonBlocking(requests.number)
    input = consume requests
    output = replies
    try poll.add(output.number, as: 0)
  }

  deinit {
    // Killed and reaped before the guard ends, in whose memory it stands.
    child = nil
  }

  // MARK: Messages

  /// Takes a message along; ``flush()`` sends it.
  func send(_ header: String, _ payload: [UInt8] = []) {
    unsent += header.utf8
    unsent.append(UInt8(ascii: "\n"))
    unsent += payload
  }

  /// Sends as much as the interpreter takes now; the rest goes when it has room.
  func flush() throws(AdvisorError) {
    guard let input = input?.number else { return }
    while sent < unsent.count {
      let count = unsent.withUnsafeBytes { OpenFile.writeSome(input, UnsafeRawBufferPointer(rebasing: $0[sent...])) }
      // One that is gone is seen where its replies end.
      guard count > 0 else { break }
      sent += count
    }
    // What is left is moved only where that is the smaller part: a value may be long.
    if 2 * sent >= unsent.count {
      unsent.removeFirst(sent)
      sent = 0
    }
    guard watchesInput == unsent.isEmpty else { return }
    if unsent.isEmpty { poll.remove(input) } else { try poll.add(input, as: 1, for: .writing) }
    watchesInput = !unsent.isEmpty
  }

  /// The messages that have come; nil after the last, when the interpreter has closed its end.
  func messages() throws(AdvisorError) -> [(PythonMessage, [UInt8])]? {
    try flush()
    var found: [(PythonMessage, [UInt8])] = []
    var isOpen = true
    while isOpen, isReadable {
      isOpen = fill()
      while let message = next() { found.append(message) }
    }
    return found.isEmpty && !isOpen ? nil : found
  }

  private var isReadable: Bool { Poll.waitToRead(output.number, milliseconds: 0) > 0 }

  private func fill() -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 256 * 1024, alignment: 1) { buffer in
      let count = output.read(into: buffer)
      if count > 0 {
        received.removeSubrange(..<place)
        place = 0
        received += buffer[..<count]
      }
      return count > 0
    }
  }

  private func next() -> (PythonMessage, [UInt8])? {
    guard let end = received[place...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let header = try? JSONDecoder().decode(PythonMessage.self, from: Data(received[place..<end]))
    // What is no message is none of ours: a start-up file that prints, before anything of ours runs.
    guard let header else {
      place = end + 1
      return next()
    }
    let bytes = header.bytes ?? 0
    guard received.count >= end + 1 + bytes else { return nil }
    place = end + 1 + bytes
    return (header, Array(received[end + 1..<place]))
  }

  /// Sends a signal to it and its workers; not to one that was there before.
  func signal(_ signal: Int32) { child?.killGroup(signal) }

  /// Lets it end: its workers are idle, or are killed by it; kills all where that takes too long.
  func stop(within patience: Duration) {
    input = nil
    guard let child = child.take() else { return }
    if !child.ends(within: patience) { child.killGroup(Signal.kill) }
    _ = child.wait()
  }
}

/// Of a host that has not been started by us: where it reads, and where it answers.
public struct PythonHostDescriptors: Sendable, Hashable {
  public var requests: Int32
  public var replies: Int32

  public init(requests: Int32, replies: Int32) {
    self.requests = requests
    self.replies = replies
  }
}

/// What the host tells.
struct PythonMessage: Decodable {
  // Once, at the start.
  var ready: Bool?
  var isAsync: Bool?
  var holdsGIL: Bool?
  var version: String?
  /// How workers start, and why so.
  var method: PythonStart.Method?
  var reason: String?
  /// What the module holds that calls in threads would share to their harm.
  var unshared: String?
  /// Why there is nothing to call: version, module, import, function, call.
  var refused: String?
  var why: String?

  var note: String?
  var withdrawn: Int?
  /// Of each worker: seconds of its calls so far, of CPU, in the run queue, and the bytes that it has grown by a call.
  var looked: [[Double]]?

  // Of a task that has ended.
  var ended: Int?
  /// Nil where it has succeeded, or its worker has ended.
  var how: String?
  var status: Int32?
  var signal: Int32?
  var bytes: Int?
  /// Of the bytes, those that are the result; the rest is what it printed.
  var output: Int?
  var started: Double?
  var wall: Double?
  var cpu: Double?
  var queued: Double?
  /// CPU seconds of its worker around a call, and of the host for handing one over, in the mean of all so far.
  var around: Double?
  var handing: Double?
  /// Seconds until each of its worker's threads had started.
  var growth: Double?
  /// Resident memory of its worker, now and before its first call, in bytes.
  var rss: Int?
  var base: Int?
  var threads: Int?
  var pid: Int32?
}
