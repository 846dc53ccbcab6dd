public import AdvisorCore
package import Probe
internal import System

/// Runs a command once for each input, several at once, on one thread.
///
/// Each task is a process with a process group of its own. The number at once is found from what the first tasks use
/// and from measured throughput, unless the user fixes it; memory is watched in either case. SIGINT lets those under way
/// end, a second one stops them; SIGTERM and SIGHUP stop them at once. Should this process be killed, so are they.
public final class CommandRunner {
  package let ledger: TaskLedger
  let template: CommandTemplate
  let program: String?
  var controller: WorkerController
  var slots: [CommandSlot] = []
  /// Descriptors that tasks are to have too.
  let inherited: [Int32]
  /// What tasks read to whom nothing is given; opened once, it saves each of them from doing so.
  private var nothing = Descriptor(opening: "/dev/null")
  var nullInput: Int32? { nothing?.number }
  var watchesTokens = false
  /// Whether there is a terminal that tasks could wait for, and when it is looked whether one does.
  var hasTerminal = false
  var nextTerminalLook = 0.0
  /// The kernel's count of kills for want of memory, and how many of them are accounted for.
  package var countMemoryKills: () -> Int = { MemoryKills.count() }
  var memoryKills = 0
  /// How much memory is left, and what follows from it.
  package var readMemory: () -> MemoryGauge.Reading?
  var memory = MemoryGuard()
  /// Whether tasks wait for memory; as of the last look at it.
  var hasPausedTasks = false
  /// Kills what runs should this process end before it has.
  var protector: ProcessGuard?
  /// Of the tasks that have succeeded, where the limit on their time follows from it.
  var durations = DurationHistogram()
  /// What the limits on tasks' time are judged by.
  var clock = TaskClock(at: MonotonicClock.seconds)
  /// Seconds for which the quota has stopped the tasks, the sum over the CPUs; nil without one.
  package var readThrottled: () -> Double?
  /// Seconds in which the CPUs had nothing to run, the sum over those that the tasks may use; nil where it is not told.
  package var readIdle: () -> Double?
  var idle: IdleCPUs
  /// Looks at the tasks of the pilot; the last one is 0 before the first.
  var nextLook = 0.0
  var lastLook = 0.0
  var nextIdleLook = 0.0
  /// Time in which processes that were being started waited for a CPU, and this thread for them.
  var startsQueuedSeconds = 0.0
  private var hiddenEnd = HiddenEnd()
  /// The thread's CPU time when the run began, and the processes started since.
  private var runCPU = CPUClock.thread
  var starts = 0
  /// Who starts tasks instead of this thread; nil while that does it.
  var spawners: Spawners?
  /// Seconds that starts have taken since a moment, and the share of the time that they took before it.
  var (startingSeconds, windowStart, startingShare) = (0.0, 0.0, 0.0)
  /// When the next task may start, where there is a delay between two.
  var nextStart = 0.0
  /// As GNU parallel tells its tasks who has started them.
  let ownIDVariable = "PARALLEL_PID=\(OwnProcess.id)"
  /// The number of workers that the user has asked for last, where they may ask for another.
  var wantedWorkers: Int?
  /// What the kernel's record of a child's memory starts from: this process's own peak.
  var memoryFloor = Int.max

  /// - Parameters:
  ///   - template: the command, into which inputs are put.
  ///   - inputs: a row for each task.
  ///   - options: how many at once, what is recorded, when it is halted.
  ///   - observer: told how it goes; it is not kept alive.
  /// - Throws: `AdvisorError`: notFound or cannotRun when there is no such command, usage when the options make no sense.
  public convenience init(
    _ template: CommandTemplate, _ inputs: TaskInputs, _ options: TaskOptions = TaskOptions(),
    observer: (any RunObserver)? = nil
  ) throws(AdvisorError) {
    try self.init(
      template, inputs, options, observer: observer,
      writer: OutputWriter(
        output: options.output, keepsOrder: options.keepsOrder, spoolLimit: options.spoolLimit))
  }

  package init(
    _ template: CommandTemplate, _ inputs: TaskInputs, _ options: TaskOptions,
    observer: (any RunObserver)?, writer: OutputWriter
  ) throws(AdvisorError) {
    try template.validate(inputs: inputs.columns)
    program = try template.program.map { name throws(AdvisorError) in
      try CommandLookup.find(String(decoding: name, as: UTF8.self), directory: options.directory)
    }
    self.template = template
    inherited = Set(InheritedDescriptors.numbers + (options.jobServer?.inherited ?? [])).sorted()
    ledger = try TaskLedger(
      .command(template), inputs, options, observer: observer, writer: writer, drawn: Self.drawnTasks(options))
    wantedWorkers = options.workers
    controller = WorkerController(
      limits: WorkerController.Limits(options.limits), fixed: options.workers,
      expected: options.expectedWorkers)
    let gauge = MemoryGauge()
    readMemory = { gauge.reading() }
    let (quota, allowed) = (options.limits.quota, options.limits.allowedCPUs)
    idle = IdleCPUs(cpus: allowed.map { Double($0.count) } ?? options.limits.cpus.rounded(.up))
    readIdle = { IdleTime.seconds(of: allowed) }
    readThrottled = { quota.flatMap { Throttling.quotaSeconds($0.file) } }
  }

  /// Tasks that are drawn from all inputs to stand for them; 0 where the user counts on the order of the inputs.
  private static func drawnTasks(_ options: TaskOptions) -> Int {
    guard !options.keepsOrder, !options.dependsOnOrder, options.workers != 1, options.halt == nil else { return 0 }
    return max(8, min(4 * Int(options.limits.cpus.rounded(.up)), 32))
  }

  /// Runs all tasks, and returns when the last process has been reaped.
  ///
  /// - Throws: `AdvisorError` when output cannot be kept or nothing can be started; every task has been stopped before.
  ///   A task that fails is no error, nor are inputs that cannot be read: what came before them is done.
  public func run() throws(AdvisorError) -> RunSummary {
    let signals = try SignalSource.make(withStops: true)
    var poll = try EventPoll.make()
    try poll.add(signals.descriptor, as: Self.signalEvent)
    if let control = ledger.options.control { try poll.add(control.descriptor, as: Self.controlEvent, for: .changes) }
    protector = try ProcessGuard(
      capacity: controller.maxWorkers, tokens: ledger.options.jobServer?.returnDescriptor)
    hasTerminal = ControllingTerminal.exists
    // On an error the slots' processes are killed with their groups, and reaped, as they are dropped.
    defer {
      slots.forEach(giveBackToken)
      (spawners, slots, protector) = (nil, [], nil)
    }
    memoryFloor = PeakMemory.reset()
    memoryKills = countMemoryKills()
    runCPU = CPUClock.thread
    clock = TaskClock(at: MonotonicClock.seconds)
    if controller.isPilot { idle.add(readIdle(), at: MonotonicClock.seconds) }
    while true {
      try startTasks(poll)
      try feedHungry(poll)
      if ledger.stage == .stopping {
        try finishStarts(poll)
        stopTasks()
      }
      guard ledger.hasWork else { break }
      let wait = untilNextDuty()
      let count = try waitForEvents(&poll, seconds: wait)
      for index in 0..<count { try handle(poll[index].number, signals, poll) }
      clock.turn(at: MonotonicClock.seconds, wait: wait, blockedSeconds: ledger.writer.blockedSeconds)
      doDuties(at: MonotonicClock.seconds)
    }
    return try ledger.close { report(at: $0) }
  }

  private func waitForEvents(_ poll: inout EventPoll, seconds: Double?) throws(AdvisorError) -> Int {
    guard looksAtTasks else { return try poll.wait(seconds: seconds) }
    let (start, queued) = (MonotonicClock.seconds, queuedForCPUs)
    let count = try poll.wait(seconds: seconds)
    hiddenEnd.waited(seconds: MonotonicClock.seconds - start, queuedBefore: queued, after: queuedForCPUs)
    return count
  }

  /// Time in which this thread, or a process that it was starting, waited for a CPU.
  private var queuedForCPUs: Double { ProcessLook.ownQueuedSeconds + startsQueuedSeconds }

  /// How long a task that has ended waited for a CPU of this thread's until that is seen.
  var hiddenSeconds: Double { hiddenEnd.seconds(queued: queuedForCPUs) }

  /// Whether the kernel is asked what tasks have waited for and moved: the first ones stand for all.
  var looksAtTasks: Bool { controller.isPilot || ledger.progress.done < Self.maxLookedAt }
  static let maxLookedAt = 64

  package static let signalEvent = UInt64.max
  static let tokenEvent = UInt64.max - 2
  static let controlEvent = UInt64.max - 3
  static let spawnEvent = UInt64.max - 4
  /// Hands on what has come to those that have read all of what came before, and watches for more.
  private func feedHungry(_ poll: borrowing EventPoll) throws(AdvisorError) {
    guard ledger.options.blocks != nil, !ledger.watchesInputs else { return }
    for slot in slots where slot.isHungry { slot.goOnFeeding(poll) }
    if slots.contains(where: \.isHungry) { try ledger.watchInputs(poll) }
  }

  private func handle(
    _ event: UInt64, _ signals: borrowing SignalSource, _ poll: borrowing EventPoll
  ) throws(AdvisorError) {
    switch event {
    case Self.signalEvent:
      try finishStarts(poll)
      while let signal = signals.next() {
        if signal == Signal.terminalStop { suspend(signals) } else { interrupt(signal) }
      }
    case Self.tokenEvent: tokensAreReady(poll)
    case Self.spawnEvent: try startsAreOver(poll)
    case Self.controlEvent: while let request = ledger.options.control?.next() { obey(request) }
    case TaskLedger.inputEvent: ledger.inputsAreReady(poll)
    default:
      let slot = slots[Int(event >> 2) - 1]
      guard let event = SlotEvent(rawValue: event & 3) else { return }
      if event == .exit { try end(slot) } else { try slot.handle(event, poll) }
      try ledger.checkOutput()
    }
  }

  /// A child's largest resident set; nil where the kernel's figure is this process's own.
  func peakMemory(of exit: Exit) -> Int? {
    // This process's own peak may have risen a little since it was last read.
    if exit.maxRSSBytes > memoryFloor, exit.maxRSSBytes < memoryFloor / 2 * 3 { memoryFloor = PeakMemory.current }
    return exit.maxRSSBytes > memoryFloor ? exit.maxRSSBytes : nil
  }

  /// CPU time of this thread for each task that it has started.
  func dispatchSeconds() -> Double {
    let now = CPUClock.thread
    return now > runCPU ? Double(now - runCPU) / 1e9 / Double(max(1, starts)) : 0
  }

  func tell(_ event: WorkerController.Event, at now: Double) {
    if controller.handle(event, at: now) != nil, ledger.observer != nil { ledger.nextReport = now }
  }
}

extension WorkerController.Limits {
  package init(_ limits: TaskLimits) {
    self.init(cpus: limits.cpus, limit: limits.workerLimit, memoryBytes: limits.memoryBytes)
  }
}
