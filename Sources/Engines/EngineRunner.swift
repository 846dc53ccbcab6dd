public import AdvisorCore
import System
public import Tasks

/// Has an engine carry out a task for each input, with the promises of ``CommandRunner``: outputs, journal, logs, retries,
/// halts and interruptions are the same.
///
/// A task whose worker is lost is submitted again; each is reported once. Should the engine go away, the run ends with an
/// error, and what the journal holds need not be done again.
public final class EngineRunner {
  /// How often a task is submitted again after its worker was lost; then it has failed.
  static let maxLosses = 3

  let engine: any Engine
  let ledger: TaskLedger
  /// Tasks that the engine has, by their submission's number.
  var underWay: [Int: Submission] = [:]
  var workers: [EngineCosts.Worker] = []
  var isReady = false
  private var submissions = 0
  /// Of tasks that have ended.
  var ended = (count: 0, seconds: 0.0)
  /// What the engine was told: that nothing more comes, or that all is to stop.
  private var toldStage = TaskLedger.Stage.running
  /// When tasks that are stopped are no longer waited for.
  private var deadline: Double?

  /// A task that the engine has.
  struct Submission {
    var task: RunTask
    var words: [[UInt8]]
  }

  /// - Parameter observer: told how it goes; it is not kept alive.
  /// - Throws: ``AdvisorError`` (usage) when the options make no sense, here or on an engine.
  public convenience init(
    _ engine: any Engine, _ recipe: TaskRecipe, _ inputs: TaskInputs, _ options: TaskOptions = TaskOptions(),
    observer: (any RunObserver)? = nil
  ) throws(AdvisorError) {
    try self.init(
      engine, recipe, inputs, options, observer: observer,
      writer: OutputWriter(
        output: options.output, keepsOrder: options.keepsOrder, spoolLimit: options.spoolLimit))
  }

  init(
    _ engine: any Engine, _ recipe: TaskRecipe, _ inputs: TaskInputs, _ options: TaskOptions,
    observer: (any RunObserver)?, writer: OutputWriter
  ) throws(AdvisorError) {
    try recipe.validate(inputs)
    try Self.validate(recipe, options, for: engine)
    self.engine = engine
    ledger = try TaskLedger(recipe, inputs, options, observer: observer, writer: writer)
  }

  private static func validate(
    _ recipe: TaskRecipe, _ options: TaskOptions, for engine: any Engine
  ) throws(AdvisorError) {
    guard options.grouping == .tasks else {
      throw AdvisorError(
        .usage, "what a task writes on \(engine.name) comes home when it has ended",
        advice: "leave --line-buffer and --no-group out")
    }
    if case .medians = options.timeout {
      throw AdvisorError(
        .usage, "a time limit by the median is kept on this machine only",
        advice: "give \(engine.name) a fixed one, such as --timeout 30s")
    }
    guard options.delaySeconds == 0 else {
      throw AdvisorError(
        .usage, "\(engine.name) starts a task when a worker is free, with no delay between two",
        advice: "leave --delay out, or begin the command with a sleep")
    }
    guard recipe.template?.namesSlots != true else {
      throw AdvisorError(
        .usage, "the slots of \(engine.name) have no numbers for {%}", advice: "use {#}, the number of the task")
    }
  }

  /// Starts the engine, runs all tasks, and ends what it has started.
  ///
  /// - Throws: ``AdvisorError``: unavailable when the engine cannot be reached or goes away, else as ``CommandRunner``. A
  ///   task that fails is no error, nor are inputs that cannot be read.
  public func run() throws(AdvisorError) -> RunSummary {
    let signals = try SignalSource.make(withStops: true)
    var poll = try EventPoll.make()
    try poll.add(signals.descriptor, as: CommandRunner.signalEvent)
    // What has ended is on the disk, however the run ends.
    defer {
      engine.stop()
      ledger.sync()
    }
    try engine.start()
    try poll.add(engine.descriptor, as: Self.engineEvent)
    do {
      try work(signals, &poll)
    } catch {
      throw ledger.journal == nil ? error : error.resumable
    }
    return try ledger.close { report(at: $0) }
  }

  private static let engineEvent = UInt64(1)

  private func work(_ signals: borrowing SignalSource, _ poll: inout EventPoll) throws(AdvisorError) {
    while true {
      try submitTasks(poll)
      try tellStage()
      guard ledger.hasWork else { return }
      // An engine may have heard of some while it was told of others.
      let heard = try engine.events()
      for event in heard { try handle(event) }
      guard heard.isEmpty else { continue }
      let count = try poll.wait(seconds: untilNextDuty())
      for index in 0..<count {
        switch poll[index].number {
        case CommandRunner.signalEvent: while let signal = signals.next() { try obey(signal, signals) }
        case TaskLedger.inputEvent: ledger.inputsAreReady(poll)
        default: for event in try engine.events() { try handle(event) }
        }
      }
      try doDuties(at: MonotonicClock.seconds)
    }
  }

  private var slots: Int { workers.reduce(0) { $0 + $1.slots } }

  private var window: Int {
    let mean = ended.count > 0 ? ended.seconds / Double(ended.count) : nil
    return ledger.options.workers.map { min($0, slots) } ?? engine.window(slots: slots, meanSeconds: mean)
  }

  private func submitTasks(_ poll: borrowing EventPoll) throws(AdvisorError) {
    guard isReady else { return }
    let most = window
    while underWay.count < most, let task = try ledger.nextTask(poll, workers: slots) { try submit(task) }
    try engine.flush()
  }

  private func submit(_ task: RunTask) throws(AdvisorError) {
    let options = ledger.options
    let words = ledger.recipe.words(for: task, slot: 1)
    submissions += 1
    try engine.submit(
      EngineTask(
        id: submissions, work: try ledger.recipe.work(of: task, words, options.blocks),
        timeoutSeconds: timeLimit, killDelaySeconds: options.killDelaySeconds,
        directory: options.directory, environment: environment(of: task), niceness: options.niceness))
    underWay[submissions] = Submission(task: task, words: words)
    ledger.began()
  }

  /// A command is told its number, as here.
  private func environment(of task: RunTask) -> [String] {
    (ledger.options.environment ?? []) + (ledger.recipe.template == nil ? [] : ["PARALLEL_SEQ=\(task.sequence)"])
  }

  private var timeLimit: Double? {
    if case .seconds(let limit) = ledger.options.timeout { limit } else { nil }
  }

  private func obey(_ signal: Int32, _ signals: borrowing SignalSource) throws(AdvisorError) {
    guard signal == Signal.terminalStop else { return interrupt(signal) }
    try engine.suspend()
    try engine.resume(after: ledger.suspend(signals))
  }

  /// The first SIGINT drains, a second one stops all; others stop all at once. What is stopping already is given up.
  private func interrupt(_ signal: Int32) {
    switch ledger.stage {
    case _ where signal == Signal.user1 || signal == Signal.user2: break
    case .running where signal == Signal.interrupt: ledger.drain(.interrupted(by: signal))
    case .running, .draining: ledger.stop(.interrupted(by: signal))
    case .stopping: deadline = 0
    }
  }

  /// Tells the engine once that nothing more comes, and once that all is to stop.
  private func tellStage() throws(AdvisorError) {
    guard toldStage != ledger.stage else { return }
    toldStage = ledger.stage
    switch ledger.stage {
    case .running: break
    case .draining: try engine.drain()
    case .stopping:
      deadline = MonotonicClock.seconds + ledger.options.killDelaySeconds + Self.patienceSeconds
      try engine.cancel(underWay.keys.sorted())
    }
  }

  /// How long a stopped task's end may take to come home.
  private static let patienceSeconds = 5.0
}

/// What is due at a time.
extension EngineRunner {
  private func untilNextDuty() -> Double? {
    let due = [ledger.due, deadline, isReady && underWay.count < window ? ledger.retries.due : nil]
    return due.compactMap { $0 }.min().map { max(0, $0 - MonotonicClock.seconds) }
  }

  private func doDuties(at now: Double) throws(AdvisorError) {
    if let deadline, deadline <= now {
      for id in underWay.keys.sorted() {
        try end(EngineResult(id: id, ending: .stopped, startedAt: WallClock.seconds))
      }
    }
    ledger.doDuties(at: now) { report(at: now) }
  }

  private func report(at now: Double) {
    ledger.report(at: now, workers: slots, reason: reason)
  }

  private var reason: ConcurrencyReason {
    isReady
      ? .engineWorkers(engine: engine.name, workers: workers.count) : .engineStarting(engine: engine.name)
  }
}

extension AdvisorError {
  /// The same, with how to go on from the journal.
  fileprivate var resumable: AdvisorError {
    var error = self
    error.advice += "; what has ended is in the journal: go on with --resume"
    return error
  }
}

extension TaskRecipe {
  /// What an engine is told of a task.
  fileprivate func work(of task: RunTask, _ words: [[UInt8]], _ blocks: (any InputBlocks)?) throws(AdvisorError)
    -> TaskWork
  {
    switch self {
    case .command: .command(arguments: words, input: try blocks?.contents(of: task.sequence) ?? [])
    case .function(let name): .function(name: name, argument: task.inputs.first ?? [])
    case .builtIn(let job):
      .builtIn(job, tasks: task.inputs.compactMap { Int(String(decoding: $0, as: UTF8.self)) })
    }
  }
}
