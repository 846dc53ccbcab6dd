internal import AdvisorCore
internal import System

/// A place for one task at a time: its process, and the pipes between that and this one.
final class CommandSlot {
  /// From 1: `{%}`.
  let number: Int
  private(set) var task: RunTask?
  private(set) var arguments: [[UInt8]] = []
  private(set) var output = TaskOutput.inherited
  /// Seconds of the monotonic clock.
  var startedAt = 0.0
  /// When its task began, on the clock of tasks.
  var began = 0.0
  /// When it is stopped for taking too long, or killed for not having stopped; on the clock of tasks.
  var deadline: Double?
  /// Why it is being stopped; nil while it is not.
  var stop: TaskOutcome.Ending?
  /// Whether it is being stopped to make room in memory, and runs again.
  var isPreempted = false
  /// What its task and what that has started held when last looked at, in bytes.
  var heldBytes: Double { growth.bytes }
  private var growth = MemoryGrowth(from: 0)
  /// When it was paused for want of memory, in seconds of the monotonic clock; nil while it is not.
  private var pausedAt: Double?
  /// Whether its task is: one that was killed while it was paused waits no more.
  var isPaused: Bool { task != nil && pausedAt != nil }
  /// Which of all starts its task's was.
  var start = 0
  /// What the quota had kept all tasks from running when its own began; nil where that is not looked at.
  var throttledBefore: Double?
  /// Time in the run queue of its task and what that has started, as far as it was seen.
  var queuedSeconds = 0.0
  /// Looks at its task, and those of them that found it, or what it has started, on a CPU or ready for one.
  private var looks = (count: 0, runnable: 0)
  /// Seconds in which its task has computed, or could have, until it was last looked at.
  private var busySeconds = 0.0
  /// Of make's job server, while its task has one.
  var token: UInt8?
  private var child: ChildProcess?
  private var streams: [TaskStream] = []
  private var feed: InputFeed?

  init(number: Int) { self.number = number }

  var id: Int32? { child?.id }

  /// Takes a task, whose pipes are watched on `poll`.
  ///
  /// - Returns: what is to be started for it.
  /// - Throws: `AdvisorError`, temporary where the system is short of descriptors.
  func take(
    _ task: RunTask, _ launch: Launch, _ output: TaskOutput, _ feed: InputFeed?, at now: Double,
    _ poll: borrowing EventPoll
  ) throws(AdvisorError) -> Launch {
    (startedAt, stop, deadline, isPreempted, queuedSeconds, busySeconds) = (now, nil, nil, false, 0, 0)
    (looks, growth, pausedAt) = ((0, 0), MemoryGrowth(from: now), nil)
    var launch = launch
    do {
      streams = try output.sinks.map { sink throws(AdvisorError) in try TaskStream(into: sink) }
      for (stream, event) in zip(streams, [SlotEvent.output, .error]) {
        try stream.watch(poll, as: event.code(of: self))
      }
    } catch {
      streams = []
      throw error
    }
    if case .files(let files) = output { (launch.output, launch.error) = (files.output, files.error) }
    if streams.count == 2 { (launch.output, launch.error) = (streams[0].writeEnd, streams[1].writeEnd) }
    if let feed {
      feed.fill()
      launch.input = feed.readEnd
      // Who reads a block is likely to write as much, and can do so while this process starts others.
      streams.first?.enlarge()
    }
    (self.task, self.output, self.feed) = (task, output, feed)
    arguments = launch.rawArguments ?? []
    return launch
  }

  /// Takes the process that was started for its task.
  func begin(_ child: consuming ChildProcess, _ poll: borrowing EventPoll) throws(AdvisorError) {
    feed?.closeReadEnd()
    try feed?.watch(poll, as: SlotEvent.input.code(of: self))
    // Told once: a child that another thread is starting holds a copy until it has its program, and would tell on and on.
    try poll.add(child.descriptor, as: SlotEvent.exit.code(of: self), for: .changes)
    self.child = consume child
  }

  /// Is free again, for nothing could be started for its task.
  func abandon() -> (task: RunTask, arguments: [[UInt8]])? {
    defer { (task, feed, streams) = (nil, nil, []) }
    return task.map { ($0, arguments) }
  }

  /// A pipe has something to read, or room.
  func handle(_ event: SlotEvent, _ poll: borrowing EventPoll) throws(AdvisorError) {
    switch event {
    case .output, .error: if task != nil, streams.count == 2 { try streams[event == .output ? 0 : 1].read() }
    case .input: feed?.feed(poll)
    case .exit: break
    }
  }

  /// Whether its task would read more than there is to read yet.
  var isHungry: Bool { feed?.isHungry == true }

  /// More may have come for its task to read.
  func goOnFeeding(_ poll: borrowing EventPoll) { feed?.goOn(poll) }

  /// Reaps the process, which has ended, and takes what it has left in the pipes; the slot is free then.
  ///
  /// A process that it has left running keeps running, but what that writes goes nowhere.
  func end() throws(AdvisorError) -> (task: RunTask, exit: Exit)? {
    // An event may be that of the task before: its pidfd, though closed here, is still open for a moment in a child that
    // another thread is starting, and epoll forgets a descriptor only when all its copies are closed.
    guard let task, hasEnded, let child = child.take() else { return nil }
    // Of a task that was stopped nothing stays. Until it is reaped its group's number is its own.
    if stop != nil { child.killGroup(Signal.kill) }
    let exit = child.wait()
    self.task = nil
    feed = nil
    defer { streams = [] }
    for stream in streams { try stream.read() }
    return (task, exit)
  }

  /// The signal that has stopped its process, which waits to be continued.
  var stopSignal: Int32? { child?.stopSignal }

  /// Whether its process has ended, seen or not.
  var hasEnded: Bool { child?.ends(within: .zero) == true }

  func looked(isRunnable: Bool) { looks = (looks.count + 1, looks.runnable + (isRunnable ? 1 : 0)) }

  /// The share of its task's time in which that was runnable, by the looks at it; nil before the first.
  ///
  /// - Parameter record: what the kernel's record of all its processes says, which counts as much as two looks: one look alone
  ///   would make all or nothing of it.
  func runnableShare(beside record: Double?) -> Double? {
    let (count, runnable) = (Double(looks.count), Double(looks.runnable))
    guard let record else { return count > 0 ? runnable / count : nil }
    return (runnable + 2 * record) / (count + 2)
  }

  /// Seconds in which its task has computed, or could have, since the last such call.
  func newlyBusy(_ usage: WorkerController.Usage) -> Double {
    let before = busySeconds
    // What a child of it has used is no longer told once that has ended.
    busySeconds = max(before, usage.cpuSeconds + usage.queuedSeconds)
    return busySeconds - before
  }

  func signal(_ signal: Int32) { child?.killGroup(signal) }

  /// Seconds that its task has run, without those in which it was paused.
  func age(at now: Double) -> Double { (pausedAt ?? now) - startedAt }
}

/// How its task waits for memory, and for the terminal's user.
extension CommandSlot {
  /// What its task holds now; nil where it is gone.
  func lookAtMemory(minRise: Double, at now: Double) -> MemoryTurns.Task? {
    guard let id, let bytes = ProcessLook.residentBytes(of: id) else { return nil }
    // Who stops a whole tree and continues it, as a batch system does, continues what waits, too.
    if isPaused { signal(Signal.stop) }
    growth.add(bytes: bytes, minRise: minRise, at: now)
    let age = age(at: now)
    return MemoryTurns.Task(
      slot: number, start: start, heldBytes: bytes, isGrowing: growth.isGrowing(at: now, age: age), age: age,
      pausedSeconds: pausedAt.map { now - $0 })
  }

  /// Stops its task until there is memory for it.
  func pause(at now: Double) {
    guard pausedAt == nil else { return }
    pausedAt = now
    signal(Signal.stop)
  }

  /// Continues its task; the time between is not the task's.
  func resume(at now: Double) {
    guard let pausedAt else { return }
    self.pausedAt = nil
    let seconds = now - pausedAt
    startedAt += seconds
    began += seconds
    deadline? += seconds
    growth.resume(at: now)
    signal(Signal.continue)
  }

  /// Kills its task to make room in memory; it runs again.
  func preempt(at now: Double) {
    (stop, isPreempted) = (.stopped, true)
    signal(Signal.kill)
    resume(at: now)
  }

  /// Continues its task, unless that waits for memory, after the run was stopped for a time, in seconds.
  func goOn(after seconds: Double) {
    startedAt += seconds
    if isPaused { pausedAt? += seconds } else { signal(Signal.continue) }
  }
}

/// What becomes of a task's output.
package enum TaskOutput {
  /// It goes where this process's own goes.
  case inherited
  /// Kept until the task ends.
  case captured(output: CapturedOutput, error: CapturedOutput)
  case relayed(output: LineRelay, error: LineRelay)
  case files(ResultFiles)

  /// For output and error; none where the task writes into files of its own.
  var sinks: [any OutputSink] {
    switch self {
    case .inherited, .files: []
    case .captured(let output, let error): [output, error]
    case .relayed(let output, let error): [output, error]
    }
  }

  /// What its task has complained of last, else written last; nil where that was not kept.
  var lastLine: [UInt8]? {
    guard case .captured(let output, let error) = self else { return nil }
    return error.lastLine() ?? output.lastLine()
  }

  /// Bytes that the task has written on its standard output, where they are known.
  var count: Int {
    if case .files(let files) = self { return files.count }
    return sinks.first?.count ?? 0
  }
}

/// What the event loop can be told of a slot.
enum SlotEvent: UInt64 {
  case exit = 0
  case output = 1
  case error = 2
  case input = 3

  /// The number under which a descriptor of the slot is watched.
  func code(of slot: CommandSlot) -> UInt64 { UInt64(slot.number) << 2 | rawValue }
}
