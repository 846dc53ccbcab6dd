public import AdvisorCore
private import FoundationEssentials
import System
import Executors

/// Runs tasks on a Dask cluster, through a Python program that speaks JSON lines (``PythonSource/dask``).
///
/// Where no scheduler is named, one is started on this machine with its workers; they end with the run, and with this
/// process however it ends.
public final class DaskEngine: Engine {
  public let name = "dask"
  private let options: DaskOptions
  private var child: ChildProcess?
  private var protector: ProcessGuard?
  private var folder: RunFolder?
  private var input: Descriptor?
  private var output: Descriptor?
  public var descriptor: Int32 { output?.number ?? -1 }
  private var outgoing: [UInt8] = []
  private var incoming: [UInt8] = []
  /// Of tasks with a time limit, what it is.
  private var timeouts: [Int: Double] = [:]
  private let encoder = JSONEncoder()
  private let decoder = JSONDecoder()

  public init(_ options: DaskOptions = DaskOptions()) { self.options = options }

  deinit { stop() }

  public func start() throws(AdvisorError) {
    let interpreter = try findInterpreter()
    let folder = try RunFolder(
      in: Environment.temporaryFolder, prefix: "advisor-dask-",
      advice: "make room there, or set TMPDIR to a folder that you may write")
    self.folder = folder
    folder.removeThoseOfTheDead { _, _ in }
    try AtomicFile.write(PythonSource.dask, to: "\(folder.path)/advisor_dask.py")
    try AtomicFile.write(PythonSource.tasks, to: "\(folder.path)/advisor_tasks.py")
    let toPython = try Pipe()
    let fromPython = try Pipe()
    for end in [toPython.writing.number, fromPython.reading.number] { OpenFile.setNonBlocking(end) }
    let protector = try ProcessGuard(capacity: 1)
    self.protector = protector
    child = try ChildProcess(
      Launch(
        [interpreter, "\(folder.path)/advisor_dask.py"] + options.arguments, input: toPython.reading.number,
        output: fromPython.writing.number), protection: protector.entry(0))
    input = consume toPython.writing
    output = consume fromPython.reading
  }

  private func findInterpreter() throws(AdvisorError) -> String {
    do {
      return try CommandLookup.find(options.interpreter)
    } catch {
      throw AdvisorError(
        .unavailable, "there is no Python “\(options.interpreter)” to run Dask with",
        advice: "install it, or name one that has dask.distributed: --interpreter PROGRAM")
    }
  }

  public func submit(_ task: EngineTask) throws(AdvisorError) {
    if let timeout = task.timeoutSeconds { timeouts[task.id] = timeout }
    try send(TaskMessage(task, program: options.program ?? OwnProgram.path))
  }

  public func cancel(_ ids: [Int]) throws(AdvisorError) {
    try send(DaskCancellation(ids: ids))
    flush()
  }

  /// Workers elsewhere go on.
  public func suspend() throws(AdvisorError) { try hold(true) }

  public func resume(after seconds: Double) throws(AdvisorError) { try hold(false) }

  private func hold(_ on: Bool) throws(AdvisorError) {
    guard options.scheduler == nil else { return }
    try send(DaskHold(on: on))
    flush()
  }

  private func send(_ message: some Encodable) throws(AdvisorError) {
    do {
      outgoing += try encoder.encode(message) + [UInt8(ascii: "\n")]
    } catch {
      throw AdvisorError(.badData, "a task cannot be told to Dask: \(error)", advice: "please report this")
    }
  }

  /// Writes what waits; takes in what the other side says meanwhile, which could otherwise not go on.
  public func flush() {
    guard let input = input?.number else { return }
    var sent = 0
    while sent < outgoing.count {
      let count = outgoing.withUnsafeBytes { OpenFile.writeSome(input, UnsafeRawBufferPointer(rebasing: $0[sent...])) }
      if count > 0 {
        sent += count
        continue
      }
      // The end of the other side is seen when it is read from.
      guard count < 0, Errno.last == .wouldBlock else { break }
      if Poll.waitToWrite(input, orRead: descriptor), !receive() { break }
    }
    outgoing.removeAll(keepingCapacity: true)
  }

  /// Reads what is there. False at the end.
  private func receive() -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
      while true {
        let count = OpenFile.read(descriptor, into: buffer)
        guard count > 0 else { return count < 0 && Errno.last == .wouldBlock }
        incoming += buffer[..<count]
      }
    }
  }

  public func events() throws(AdvisorError) -> [EngineEvent] {
    let isThere = receive()
    var events: [EngineEvent] = []
    var start = 0
    while let end = incoming[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = incoming[start..<end]
      start = end + 1
      guard let event = try? decoder.decode(DaskEvent.self, from: Data(line)) else { continue }
      do {
        let timeout = event.id.flatMap { timeouts.removeValue(forKey: $0) }
        if let told = try event.engineEvent(timeoutSeconds: timeout) { events.append(told) }
      } catch {
        // What came before it is still told.
        guard events.isEmpty else {
          start -= line.count + 1
          break
        }
        throw error
      }
    }
    incoming.removeSubrange(..<start)
    if !isThere, events.isEmpty { throw lost() }
    return events
  }

  private func lost() -> AdvisorError {
    var how = "has ended"
    if let child = child.take() {
      child.killGroup(Signal.kill)
      how = child.wait().status.words
    }
    return AdvisorError(
      .unavailable, "the Python program that drives Dask \(how)",
      advice: "see what it wrote above, and run this again")
  }

  /// Lets the Python side say goodbye to a scheduler that stays, then ends it with all that it has started.
  public func stop() {
    input = nil
    output = nil
    if let child = child.take() {
      if options.scheduler != nil { _ = child.ends(within: .seconds(3)) }
      child.killGroup(Signal.kill)
      _ = child.wait()
    }
    protector = nil
    folder?.remove()
    folder = nil
  }
}
