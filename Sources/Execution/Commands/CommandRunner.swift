public import AdvisorCore
private import Glibc
private import Workloads

/// Runs a command once for each input, several at once, on one thread.
///
/// Each task is a process with a process group of its own. The number at once is found from what the first tasks use
/// and from measured throughput, unless the user fixes it. SIGINT lets those under way end, a second one stops them;
/// SIGTERM and SIGHUP stop them at once.
public final class CommandRunner {
  enum Stage { case running, draining, stopping }

  let template: CommandTemplate
  let inputs: CommandInputs
  let options: CommandOptions
  let program: String?
  weak var observer: (any CommandObserver)?
  let writer: OutputWriter
  let jobLog: JobLog?
  let journal: CommandJournal?
  var controller: WorkerController
  var slots: [CommandSlot] = []
  var stage = Stage.running
  var ending = CommandSummary.Ending.finished
  var progress = CommandProgress()
  var retries = RetryQueue()
  var inputsEnded = false
  /// The kernel's count of kills for want of memory, and what it was when last looked at.
  var countMemoryKills: () -> Int = { MemoryKills.count() }
  var memoryKills = 0
  private var watchesInputs = false
  private var sequence = 0
  private let startedAt = seconds()
  private var nextLook = 0.0
  private var nextReport = 0.0
  private var nextSync = 0.0
  /// The thread's CPU time when the run began, and the processes started since.
  private var runCPU = CPUClock.thread
  var starts = 0
  /// What the kernel's record of a child's memory starts from: this process's own peak.
  private var memoryFloor = Int.max

  /// - Parameter observer: told how it goes; it is not kept alive.
  /// - Throws: ``AdvisorError``: unavailable when there is no such command, usage when the options make no sense.
  public convenience init(
    _ template: CommandTemplate, _ inputs: CommandInputs, _ options: CommandOptions = CommandOptions(),
    observer: (any CommandObserver)? = nil
  ) throws(AdvisorError) {
    try self.init(
      template, inputs, options, observer: observer,
      writer: OutputWriter(output: options.output, keepsOrder: options.keepsOrder))
  }

  init(
    _ template: CommandTemplate, _ inputs: CommandInputs, _ options: CommandOptions,
    observer: (any CommandObserver)?, writer: OutputWriter
  ) throws(AdvisorError) {
    try options.validate()
    try template.validate(inputs: inputs.columns)
    if let name = template.program {
      program = try CommandLookup.find(String(decoding: name, as: UTF8.self), directory: options.directory)
    } else {
      program = nil
    }
    self.template = template
    self.inputs = inputs
    self.options = options
    self.observer = observer
    self.writer = writer
    jobLog = try options.jobLog.map { path throws(AdvisorError) in
      try JobLog(path: path, keepingContents: options.resume != nil)
    }
    journal = try options.journal.map { path throws(AdvisorError) in
      try CommandJournal(path: path, resume: options.resume)
    }
    let most = options.limits.mostWorkers
    controller = WorkerController(
      limits: WorkerController.Limits(
        cpus: options.limits.cpus, most: most.count, mostBecause: most.because,
        memoryBytes: options.limits.memoryBytes),
      fixed: options.workers)
    progress.total = inputs.count
  }

  /// Runs all tasks, and returns when the last process has been reaped.
  ///
  /// - Throws: ``AdvisorError`` when inputs cannot be read, output cannot be kept or nothing can be started; every task
  ///   has been stopped by then. A task that fails is no error.
  public func run() throws(AdvisorError) -> CommandSummary {
    let signals = try SignalSource.make()
    var poll = try EventPoll.make()
    try poll.add(signals.descriptor, as: Self.signalEvent)
    // On an error the slots' processes are killed with their groups, and reaped, as they are dropped.
    defer { slots = [] }
    memoryFloor = PeakMemory.reset()
    memoryKills = countMemoryKills()
    runCPU = CPUClock.thread
    var ready: [UInt64] = []
    while true {
      try startTasks(poll)
      guard hasWork else { break }
      try poll.wait(seconds: untilNextDuty(), into: &ready)
      for event in ready { try handle(event, signals, poll) }
      doDuties(at: Self.seconds())
    }
    writer.finish()
    sync()
    report(at: Self.seconds())
    return CommandSummary(progress: progress, ending: writer.isClosed ? .outputClosed : ending)
  }

  static let signalEvent = UInt64.max
  static let inputEvent = UInt64.max - 1

  static func seconds() -> Double { Double(MonotonicClock.now) / 1e9 }

  private var hasWork: Bool {
    progress.running > 0 || (stage == .running && !(inputsEnded && retries.isEmpty))
  }

  private func handle(
    _ event: UInt64, _ signals: borrowing SignalSource, _ poll: borrowing EventPoll
  ) throws(AdvisorError) {
    switch event {
    case Self.signalEvent: while let signal = signals.next() { interrupt(signal) }
    case Self.inputEvent:
      if let descriptor = inputs.descriptor { poll.remove(descriptor) }
      watchesInputs = false
    default:
      let slot = slots[Int(event >> 2) - 1]
      guard let event = SlotEvent(rawValue: event & 3) else { return }
      if event == .exit { try end(slot) } else { try slot.read(event) }
      if writer.isClosed { stopAll(.outputClosed) }
    }
  }

  private func startTasks(_ poll: borrowing EventPoll) throws(AdvisorError) {
    while stage == .running, progress.running < controller.workers, let task = try nextTask(poll) {
      guard try start(task, poll) else { return }
    }
  }

  /// A task for the inputs; nil for one that an earlier run has done.
  private func fresh(_ inputs: [[UInt8]]) -> CommandTask? {
    sequence += 1
    guard let journal, journal.takes(template.hash(of: inputs)) else {
      return CommandTask(sequence: sequence, inputs: inputs)
    }
    progress.skipped += 1
    writer.add(nil, of: sequence)
    return nil
  }

  /// The task that can start now: one to be tried again, else one with the next inputs.
  private func nextTask(_ poll: borrowing EventPoll) throws(AdvisorError) -> CommandTask? {
    if let task = retries.next(at: Self.seconds()) { return task }
    while !inputsEnded, !watchesInputs, !writer.isFull {
      switch try inputs.next() {
      case .inputs(let inputs): if let task = fresh(inputs) { return task }
      case .waiting:
        if let descriptor = inputs.descriptor { try poll.add(descriptor, as: Self.inputEvent) }
        watchesInputs = true
      case .end:
        inputsEnded = true
        progress.total = sequence
      }
    }
    return nil
  }

  private func untilNextDuty() -> Double? {
    let now = Self.seconds()
    var due = [slots.compactMap { $0.task == nil ? nil : $0.deadline }.min()]
    if observer != nil { due.append(nextReport) }
    if journal?.isDirty == true { due.append(nextSync) }
    if controller.isPilot { due.append(nextLook) }
    if stage == .running, progress.running < controller.workers { due.append(retries.due) }
    return due.compactMap { $0 }.min().map { max(0, $0 - now) }
  }

  private func doDuties(at now: Double) {
    for slot in slots where slot.task != nil {
      if let deadline = slot.deadline, deadline <= now { overdue(slot, at: now) }
    }
    if controller.isPilot, nextLook <= now { look(at: now) }
    if observer != nil, nextReport <= now {
      report(at: now)
      nextReport = now + 0.1
    }
    if nextSync <= now {
      sync()
      nextSync = now + 1
    }
  }

  /// At most a second of records is lost in a power cut, and none when this process ends.
  private func sync() {
    jobLog?.sync()
    journal?.sync()
  }

  private func report(at now: Double) {
    // What is left to do bounds how many there can be.
    progress.workers = min(controller.workers, max(1, (progress.total ?? .max) - progress.skipped))
    progress.reason = controller.reason
    progress.seconds = now - startedAt
    progress.isDraining = stage != .running
    observer?.progressed(progress)
  }

  /// Looks at the pilot's tasks while they run: those that wait leave room for more before the first has ended.
  private func look(at now: Double) {
    let usages = slots.prefix(8).compactMap { slot -> WorkerController.Usage? in
      guard slot.task != nil, let id = slot.id, var usage = ProcessLook.tree(of: id) else { return nil }
      usage.wallSeconds = now - slot.startedAt
      return usage
    }
    tell(.looked(usages), at: now)
    // After 10 ms, 20 ms, 40 ms …: early for short tasks, seldom for long ones.
    nextLook = now + max(0.01, now - startedAt)
  }

  /// A child's largest resident set; nil where the kernel's figure is this process's own.
  func memory(of exit: Exit) -> Int? { exit.maxRSSBytes > memoryFloor ? exit.maxRSSBytes : nil }

  /// CPU time of this thread for each task that it has started.
  func dispatchSeconds() -> Double {
    let now = CPUClock.thread
    return now > runCPU ? Double(now - runCPU) / 1e9 / Double(max(1, starts)) : 0
  }

  func tell(_ event: WorkerController.Event, at now: Double) {
    if controller.handle(event, at: now) != nil, observer != nil { nextReport = now }
  }
}
