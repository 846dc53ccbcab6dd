internal import AdvisorCore
private import Glibc

/// A task of a run: its inputs, and how often it was tried.
struct CommandTask {
  /// From 1.
  var sequence: Int
  var inputs: [[UInt8]]
  var attempt = 1
  /// How often the kernel has killed it for want of memory; such an attempt is none of the user's retries.
  var memoryKills = 0
}

/// A place for one task at a time: its process, and the pipes that it writes into.
final class CommandSlot {
  /// From 1: `{%}`.
  let number: Int
  private(set) var task: CommandTask?
  private(set) var arguments: [[UInt8]] = []
  private(set) var output = CapturedOutput()
  private(set) var error = CapturedOutput()
  /// Seconds of the monotonic clock.
  private(set) var startedAt = 0.0
  /// When it is stopped for taking too long, or killed for not having stopped.
  var deadline: Double?
  /// Why it is being stopped; nil while it is not.
  var stop: CommandOutcome.Ending?
  private var child: ChildProcess?
  private var outputPipe: Int32 = -1
  private var errorPipe: Int32 = -1

  init(number: Int) { self.number = number }

  deinit { closePipes() }

  var id: Int32? { child?.id }

  /// Starts a task whose output is watched on `poll`, or goes where this process's own does.
  ///
  /// - Throws: ``AdvisorError``, temporary where the system is short of processes or descriptors.
  func start(
    _ task: CommandTask, _ launch: Launch, at now: Double, captured: Bool, _ poll: borrowing EventPoll
  ) throws(AdvisorError) {
    (output, error) = (CapturedOutput(), CapturedOutput())
    (startedAt, stop, deadline) = (now, nil, nil)
    var launch = launch
    var ends: [Int32] = []
    // The child's ends; ours are kept in the slot.
    defer { ends.forEach { _ = close($0) } }
    do {
      if captured {
        for pipe in [\CommandSlot.outputPipe, \.errorPipe] {
          let pair = try Self.makePipe()
          self[keyPath: pipe] = pair.read
          ends.append(pair.write)
        }
        (launch.output, launch.error) = (ends[0], ends[1])
        try poll.add(outputPipe, as: SlotEvent.output.code(of: self))
        try poll.add(errorPipe, as: SlotEvent.error.code(of: self))
      }
      let child = try ChildProcess(launch)
      try poll.add(child.descriptor, as: SlotEvent.exit.code(of: self))
      self.child = consume child
    } catch {
      closePipes()
      throw error
    }
    self.task = task
    arguments = launch.rawArguments ?? []
  }

  /// Takes what is in a pipe, a bounded part of it at a time, so that one task cannot hold up the others.
  func read(_ event: SlotEvent) throws(AdvisorError) {
    let captured = event == .output ? output : error
    let pipe = event == .output ? outputPipe : errorPipe
    guard pipe >= 0, try Self.take(from: pipe, into: captured) == 0 else { return }
    _ = close(pipe)
    if event == .output { outputPipe = -1 } else { errorPipe = -1 }
  }

  /// Reaps the process, which has ended, and takes what it has left in the pipes; the slot is free then.
  ///
  /// A process that it has left running keeps running, but what that writes goes nowhere.
  func end() throws(AdvisorError) -> (task: CommandTask, exit: Exit)? {
    // An event may be that of the task before: its pidfd, though closed here, is still open for a moment in a child that
    // another thread is starting, and epoll forgets a descriptor only when all its copies are closed.
    guard let task, child?.ends(within: .zero) == true, let child = child.take() else { return nil }
    // Of a task that was stopped nothing stays. Until it is reaped its group's number is its own.
    if stop != nil { child.killGroup(SIGKILL) }
    let exit = child.wait()
    self.task = nil
    defer { closePipes() }
    try drain(outputPipe, into: output)
    try drain(errorPipe, into: error)
    return (task, exit)
  }

  func signal(_ signal: Int32) { child?.killGroup(signal) }

  private func drain(_ pipe: Int32, into captured: CapturedOutput) throws(AdvisorError) {
    while pipe >= 0 {
      var entry = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, 0) > 0, try Self.take(from: pipe, into: captured) > 0 else { return }
    }
  }

  /// Reads once. Returns the bytes read, 0 at the end of the file.
  private static func take(from pipe: Int32, into captured: CapturedOutput) throws(AdvisorError) -> Int {
    try withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 1) { buffer throws(AdvisorError) in
      let count = Glibc.read(pipe, buffer.baseAddress, buffer.count)
      guard count > 0 else { return 0 }
      try captured.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      return count
    }
  }

  private static func makePipe() throws(AdvisorError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw AdvisorError(
        .temporary, "cannot make a pipe for a task's output: \(String(cString: strerror(errno)))",
        advice: "use fewer workers, or raise the limit on open files (ulimit -n)")
    }
    // A child gets its own ends only: all others are closed in it.
    return (ends[0], ends[1])
  }

  private func closePipes() {
    if outputPipe >= 0 { _ = close(outputPipe) }
    if errorPipe >= 0 { _ = close(errorPipe) }
    (outputPipe, errorPipe) = (-1, -1)
  }
}

/// What the event loop can be told of a slot.
enum SlotEvent: UInt64 {
  case exit = 0
  case output = 1
  case error = 2

  /// The number under which a descriptor of the slot is watched.
  func code(of slot: CommandSlot) -> UInt64 { UInt64(slot.number) << 2 | rawValue }
}
