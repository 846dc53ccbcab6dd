public import AdvisorCore
private import Workloads
import System
public import Tasks

/// Calls a Python function in interpreters of this machine.
///
/// One imports the module and forks the others, which then have it; where what it holds does not come through a fork, each
/// imports it by itself.
///
/// Each interpreter runs one call at a time, several in threads, or coroutines on an event loop. A call that ends its interpreter
/// has failed, and takes no other with it: those beside it run again, each by itself until it is known which one it was.
public final class PythonEngine: Engine {
  public let name = "python"

  let function: String
  let program: String
  private let options: TaskOptions
  /// What all calls together may use; those of the options unless they are set before it is ready.
  public var limits: TaskLimits
  private let strategy: Strategy?
  private let startMethod: PythonStart.Method?
  /// How its interpreters start; nil before it is ready.
  public private(set) var chosenStart: PythonStart?
  private var host: PythonHost?
  private let given: PythonHostDescriptors?
  private var width: PythonWidth
  private var told = (interpreters: 0, threads: 0)
  private var timeouts: [Int: Double] = [:]
  /// What a worker takes for itself at the least, in bytes: its stacks and the pages that it has written to.
  private static let minBytes = 0x1p20
  /// What is known of the interpreter once it is ready.
  public private(set) var version: String?
  /// What calls have cost so far besides themselves; nil before the first has ended.
  public private(set) var overheads: CallOverheads?
  private var began = 0.0
  /// Calls by state, and this thread's CPU time before the first.
  private var calls = (submitted: 0, ended: 0, since: UInt64(0))
  private var holdsLock = true

  /// Of calls besides themselves.
  public struct CallOverheads: Sendable, Hashable {
    /// From the start of the run until a call began, the import included.
    public var startSeconds: Double
    /// CPU time of each call's worker around it: taking it in, and the reply.
    public var aroundSeconds = 0.0
    /// Until a thread had started; one by one in each interpreter.
    public var threadSeconds = 0.0
    /// CPU time of the interpreter that hands calls over, for each.
    public var handingSeconds = 0.0
    /// CPU time of this thread for each.
    public var ownSeconds = 0.0
  }

  /// - Parameters:
  ///   - function: as `module:function`; the module may be the path of a `.py` file.
  ///   - program: the interpreter, by name or path.
  ///   - strategy: processes, threads or async; nil leaves it to the measurement of the first calls.
  ///   - startMethod: of the interpreters; nil forks them where that is seen to be safe.
  ///   - given: of a host that holds the function already, and puts its results where they are wanted by itself.
  ///   - options: of which the working directory, the environment, the niceness, the workers and the limits count here.
  /// - Throws: ``AdvisorError`` (usage) for a name that is none of a function.
  public init(
    function: String, program: String = "python3", strategy: Strategy? = nil, startMethod: PythonStart.Method? = nil,
    host given: PythonHostDescriptors? = nil, _ options: TaskOptions
  ) throws(AdvisorError) {
    let parts = function.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
      throw AdvisorError(
        .usage, "“\(function.printable)” does not name a Python function",
        advice: "write it as module:function, such as words:task for the function task in words.py")
    }
    self.function = function
    self.program = program
    self.options = options
    self.strategy = strategy
    self.startMethod = startMethod
    self.given = given
    limits = options.limits
    width = PythonWidth(Self.way(strategy), workers: options.workers, limits: limits)
  }

  private static func way(_ strategy: Strategy?) -> PythonWidth.Way? {
    switch strategy {
    case .threads, .tasks: .threads
    case .processes, .sequential: .processes
    default: nil
    }
  }

  public var descriptor: Int32 { host?.descriptor ?? -1 }

  /// How the calls run now, and why.
  public var concurrency: PythonConcurrency { PythonConcurrency(width: width, cpus: limits.cpus, holdsLock: holdsLock) }

  /// Where the interpreter was started before, it goes on with its import.
  public func start() throws(AdvisorError) {
    began = MonotonicClock.seconds
    guard host == nil else { return }
    host =
      if let given { try PythonHost(given) } else {
        try PythonHost(program, function: function, startMethod: startMethod, options)
      }
  }

  public func submit(_ task: EngineTask) throws(AdvisorError) {
    guard case .function(_, let argument) = task.work else {
      throw AdvisorError(
        .usage, "an interpreter runs functions, not commands", advice: "use advisor run -- COMMAND {} ::: INPUT…")
    }
    timeouts[task.id] = task.timeoutSeconds
    calls.submitted += 1
    let timeout = task.timeoutSeconds.map { "\($0)" } ?? "null"
    host?.send(#"{"task": \#(task.id), "bytes": \#(argument.count), "timeout": \#(timeout)}"#, argument)
  }

  public func flush() throws(AdvisorError) { try host?.flush() }

  public func cancel(_ ids: [Int]) throws(AdvisorError) {
    host?.send(#"{"cancel": \#(ids), "grace": \#(options.killDelaySeconds)}"#)
    try host?.flush()
  }

  public func suspend() throws(AdvisorError) { host?.signal(Signal.terminalStop) }

  public func resume(after seconds: Double) throws(AdvisorError) {
    // It reads this before it looks at the clock.
    host?.send(#"{"held": \#(seconds)}"#)
    try host?.flush()
    host?.signal(Signal.continue)
  }

  public func events() throws(AdvisorError) -> [EngineEvent] {
    guard let messages = try host?.messages() else { throw ending }
    let now = MonotonicClock.seconds
    var events: [EngineEvent] = []
    for (message, payload) in messages { events += try self.events(of: message, payload, at: now) }
    let shape = width.shape
    if version != nil, shape != told {
      told = shape
      host?.send(#"{"shape": [\#(shape.interpreters), \#(shape.threads)], "share": \#(libraryThreads)}"#)
      try host?.flush()
      events.append(.workers([EngineCosts.Worker(name: "python", host: "localhost", slots: width.workers)]))
    }
    return events
  }

  /// Threads that libraries of an interpreter, such as BLAS, may compute in: all workers' together are as many as there are CPUs.
  private var libraryThreads: Int {
    let atOnce = width.strategy == .async ? 1 : width.workers
    return max(1, Int(min(limits.cpus, 1e6)) / atOnce)
  }

  public func stop() {
    // An import reads nothing, and may take its time.
    host?.stop(within: version == nil ? .zero : .seconds(2))
  }

  private func events(
    of message: PythonMessage, _ payload: [UInt8], at now: Double
  ) throws(AdvisorError) -> [EngineEvent] {
    if let refused = message.refused { throw refusal(refused, message.why ?? "") }
    if let note = message.note { return [.note(note)] }
    if let id = message.withdrawn { return [.withdrawn(id)] }
    if message.ready == true { return try greet(message) }
    if let looked = message.looked {
      let usages = looked.filter { $0.count == 4 }.map {
        WorkerController.Usage(
          wallSeconds: $0[0], cpuSeconds: $0[1], queuedSeconds: $0[2], memoryBytes: max($0[3], Self.minBytes))
      }
      width.look(usages, at: now)
    }
    return message.ended.map { [.ended(result(of: message, id: $0, payload, at: now))] } ?? []
  }

  private func greet(_ message: PythonMessage) throws(AdvisorError) -> [EngineEvent] {
    version = message.version
    chosenStart = message.method.map { PythonStart(method: $0, reason: message.reason ?? "") }
    holdsLock = message.holdsGIL ?? true
    calls.since = CPUClock.thread
    let memory = limits.memoryBytes.map { $0 / max(1, limits.cpus.rounded(.up)) } ?? 4e9
    host?.send(#"{"most": \#(Int(0.8 * min(memory, 1e15)))}"#)
    if message.isAsync == true {
      guard strategy == nil || strategy == .async else {
        throw AdvisorError(
          .usage, "\(function) is a coroutine (async def), which runs on an event loop",
          advice: "leave --strategy out, or use --strategy async")
      }
    } else if strategy == .async {
      throw AdvisorError(
        .usage, "\(function) is no coroutine (async def): on an event loop it would hold up all others",
        advice: "use --strategy threads, or leave it out")
    }
    // Only who asks for threads gets them where calls would get each other's answers.
    let unshared = strategy == nil && message.isAsync != true ? message.unshared : nil
    width = PythonWidth(
      message.isAsync == true ? .loop : unshared == nil ? Self.way(strategy) : .processes, workers: options.workers,
      limits: limits,
      timed: options.timeout != nil)
    let notes = [
      chosenStart.map { "start method \($0.method.rawValue): \($0.reason)" },
      unshared.map { "one call at a time in each interpreter: the module holds \($0), which threads would share" },
    ]
    return notes.compactMap { $0.map(EngineEvent.note) } + [.ready]
  }

  private func result(of message: PythonMessage, id: Int, _ payload: [UInt8], at now: Double) -> EngineResult {
    let split = min(message.output ?? 0, payload.count)
    let wall = message.wall ?? 0
    note(message, beganAt: now - wall)
    let result = EngineResult(
      id: id, ending: ending(of: message, timeout: timeouts.removeValue(forKey: id)), startedAt: message.started ?? 0,
      usage: TaskUsage(wallSeconds: wall, cpuSeconds: message.cpu ?? 0, maxRSSBytes: message.rss),
      output: given == nil ? Array(payload[..<split]) : [], error: Array(payload[split...]),
      worker: message.pid.map { "\($0)" } ?? "")
    // A worker shares most of what it had before its first call with the others.
    let grown = max(Double((message.rss ?? 0) - (message.base ?? 0)), Self.minBytes)
    width.end(
      WorkerController.Usage(
        wallSeconds: wall, cpuSeconds: result.usage.cpuSeconds, queuedSeconds: message.queued ?? 0,
        memoryBytes: grown / Double(max(1, message.threads ?? 1))),
      printed: message.how == nil && !result.error.isEmpty, threads: message.threads ?? 1, at: now)
    return result
  }

  private func note(_ message: PythonMessage, beganAt callBegan: Double) {
    var all = overheads ?? CallOverheads(startSeconds: max(0, callBegan - began))
    if let around = message.around { all.aroundSeconds = around }
    if let growth = message.growth { all.threadSeconds = growth }
    if let handing = message.handing { all.handingSeconds = handing }
    calls.ended += 1
    // Half of it on the way there, half on the way back.
    all.ownSeconds = 2 * Double(CPUClock.thread - calls.since) / 1e9 / Double(calls.submitted + calls.ended)
    overheads = all
  }

  private func ending(of message: PythonMessage, timeout: Double?) -> TaskOutcome.Ending {
    if let signal = message.signal { return .killed(signal: signal) }
    if let status = message.status { return .failed("ended its interpreter with status \(status), as os._exit does") }
    switch message.how {
    case nil: return .succeeded
    case "timeout": return .timedOut(afterSeconds: timeout ?? 0)
    case "stopped": return .stopped
    case let how?: return .failed(how.printable)
    }
  }
}
