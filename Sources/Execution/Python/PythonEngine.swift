public import AdvisorCore
private import Workloads

/// Calls a Python function in interpreters of this machine: one imports its module and forks the others, which then have it.
///
/// Each interpreter runs one call at a time, several in threads, or coroutines on an event loop. A call that ends its interpreter
/// has failed, and takes no other with it: those beside it run again, each by itself until it is known which one it was.
public final class PythonEngine: Engine {
  public let name = "python"

  private let function: String
  private let program: String
  private let options: CommandOptions
  private let strategy: Strategy?
  private var host: PythonHost?
  private var width: PythonWidth
  private var told = (interpreters: 0, threads: 0)
  private var timeouts: [Int: Double] = [:]
  /// What a worker takes for itself at the least, in bytes: its stacks and the pages that it has written to.
  private static let leastBytes = 0x1p20
  /// What is known of the interpreter once it is ready.
  public private(set) var version: String?
  /// From its start until it took calls, the import included; nil before that.
  public private(set) var startSeconds: Double?
  private var began = 0.0
  private var holdsLock = true

  /// - Parameters:
  ///   - function: as `module:function`; the module may be the path of a `.py` file.
  ///   - program: the interpreter, by name or path.
  ///   - strategy: processes, threads or async; nil leaves it to the measurement of the first calls.
  ///   - options: of which the working directory, the environment, the niceness, the workers and the limits count here.
  /// - Throws: ``AdvisorError`` (usage) for a name that is none of a function.
  public init(
    function: String, program: String = "python3", strategy: Strategy? = nil, _ options: CommandOptions
  ) throws(AdvisorError) {
    let parts = function.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
      throw AdvisorError(
        .usage, "“\(function.printable)” does not name a Python function",
        advice: "write it as module:function, such as --python words:task for the function task in words.py")
    }
    self.function = function
    self.program = program
    self.options = options
    self.strategy = strategy
    width = PythonWidth(
      Self.way(strategy), workers: options.workers, limits: options.limits, timed: options.timeout != nil)
  }

  private static func way(_ strategy: Strategy?) -> PythonWidth.Way? {
    switch strategy {
    case .threads, .tasks: .threads
    case .processes, .sequential: .processes
    default: nil
    }
  }

  public var descriptor: Int32 { host?.descriptor ?? -1 }

  /// Interpreters, and calls at once in each, as they are now.
  public var shape: (interpreters: Int, threads: Int) { width.shape }

  /// How it runs the calls now.
  public var chosenStrategy: Strategy {
    if width.way == .loop { return .async }
    let shape = width.shape
    // A call more than there are interpreters makes no threads of those that compute.
    return width.isFreeOfLock || width.workers >= 2 * shape.interpreters && shape.threads > 1 ? .threads : .processes
  }

  public var reason: String { width.reason }

  /// CPUs that its calls can compute on at once: one an interpreter, unless they do without the lock.
  public var usableCPUs: Double {
    holdsLock && !width.isFreeOfLock ? Double(shape.interpreters) : options.limits.cpus
  }

  public func start() throws(AdvisorError) {
    began = Double(MonotonicClock.now) / 1e9
    let memory = options.limits.memoryBytes.map { $0 / max(1, options.limits.cpus.rounded(.up)) } ?? 4e9
    host = try PythonHost(program, function: function, mostBytes: Int(0.8 * min(memory, 1e15)), options)
  }

  public func submit(_ task: EngineTask) throws(AdvisorError) {
    guard case .function(_, let argument) = task.work else {
      throw AdvisorError(.usage, "an interpreter runs functions, not commands", advice: "leave --python out")
    }
    timeouts[task.id] = task.timeoutSeconds
    let timeout = task.timeoutSeconds.map { "\($0)" } ?? "null"
    host?.send(#"{"task": \#(task.id), "bytes": \#(argument.count), "timeout": \#(timeout)}"#, argument)
  }

  public func flush() throws(AdvisorError) { try host?.flush() }

  public func cancel(_ ids: [Int]) throws(AdvisorError) {
    host?.send(#"{"cancel": \#(ids), "grace": \#(options.killDelaySeconds)}"#)
    try host?.flush()
  }

  public func events() throws(AdvisorError) -> [EngineEvent] {
    guard let messages = try host?.messages() else {
      throw AdvisorError(
        .unavailable, "the interpreter “\(program.printable)” has ended",
        advice: "what it wrote stands above; try it by itself: \(program.printable) -c 'import \(module)'")
    }
    let now = Double(MonotonicClock.now) / 1e9
    var events: [EngineEvent] = []
    for (message, payload) in messages { events += try self.events(of: message, payload, at: now) }
    let shape = width.shape
    if version != nil, shape != told {
      told = shape
      host?.send(#"{"shape": [\#(shape.interpreters), \#(shape.threads)]}"#)
      try host?.flush()
      events.append(.workers([EngineCosts.Worker(name: "python", host: "localhost", slots: width.workers)]))
    }
    return events
  }

  public func stop() { host?.stop() }

  private var module: String { String(function.prefix { $0 != ":" }) }

  private func events(
    of message: PythonMessage, _ payload: [UInt8], at now: Double
  ) throws(AdvisorError) -> [EngineEvent] {
    if let refused = message.refused { throw refusal(refused, message.why ?? "") }
    if let note = message.note { return [.note(note)] }
    if let id = message.withdrawn { return [.withdrawn(id)] }
    if message.ready == true { return [try greet(message)] }
    if let looked = message.looked {
      let usages = looked.filter { $0.count == 4 }.map {
        WorkerController.Usage(
          wallSeconds: $0[0], cpuSeconds: $0[1], queuedSeconds: $0[2], memoryBytes: max($0[3], Self.leastBytes))
      }
      width.look(usages, at: now)
    }
    return message.ended.map { [.ended(result(of: message, id: $0, payload, at: now))] } ?? []
  }

  private func greet(_ message: PythonMessage) throws(AdvisorError) -> EngineEvent {
    version = message.version
    holdsLock = message.holdsGIL ?? true
    startSeconds = Double(MonotonicClock.now) / 1e9 - began
    if message.isAsync == true {
      guard strategy == nil || strategy == .async else {
        throw AdvisorError(
          .usage, "\(function) is a coroutine (async def), which runs on an event loop",
          advice: "leave --strategy out, or use --strategy async")
      }
      width = PythonWidth(.loop, workers: options.workers, limits: options.limits)
    } else if strategy == .async {
      throw AdvisorError(
        .usage, "\(function) is no coroutine (async def): on an event loop it would hold up all others",
        advice: "use --strategy threads, or leave it out")
    }
    return .ready
  }

  private func result(of message: PythonMessage, id: Int, _ payload: [UInt8], at now: Double) -> EngineResult {
    let split = min(message.output ?? 0, payload.count)
    let wall = message.wall ?? 0
    let result = EngineResult(
      id: id, ending: ending(of: message, timeout: timeouts.removeValue(forKey: id)), startedAt: message.started ?? 0,
      wallSeconds: wall, cpuSeconds: message.cpu ?? 0, maxRSSBytes: message.rss,
      output: Array(payload[..<split]),
      error: Array(payload[split...]), worker: message.pid.map { "\($0)" } ?? "")
    // A worker shares most of what it had before its first call with the others.
    let grown = max(Double((message.rss ?? 0) - (message.base ?? 0)), Self.leastBytes)
    width.end(
      WorkerController.Usage(
        wallSeconds: wall, cpuSeconds: result.cpuSeconds, queuedSeconds: message.queued ?? 0,
        memoryBytes: grown / Double(max(1, message.threads ?? 1))),
      printed: message.how == nil && !result.error.isEmpty, at: now)
    return result
  }

  private func ending(of message: PythonMessage, timeout: Double?) -> CommandOutcome.Ending {
    if let signal = message.signal { return .killed(signal: signal) }
    if let status = message.status { return .failed("ended its interpreter with status \(status), as os._exit does") }
    switch message.how {
    case nil: return .succeeded
    case "timeout": return .timedOut(afterSeconds: timeout ?? 0)
    case "stopped": return .stopped
    case let how?: return .failed(how.printable)
    }
  }

  private func refusal(_ kind: String, _ why: String) -> AdvisorError {
    switch kind {
    case "version":
      return PythonInterpreter.isTooOld(program, why)
    case "module":
      return AdvisorError(
        .usage, "there is no module “\(module.printable)” (\(why.printable))",
        advice:
          "run in the folder that holds \(module.printable).py, name its path, or choose its environment: --interpreter"
      )
    case "function":
      let name = function.split(separator: ":").last.map(String.init) ?? ""
      return AdvisorError(
        .usage, "\(module.printable) has no function “\(name.printable)”",
        advice: why.isEmpty ? "check its spelling" : "it has: \(why.printable)")
    case "call":
      return AdvisorError(
        .usage, "\(function.printable) is no function but of type \(why.printable)", advice: "name a function")
    default:
      return AdvisorError(
        .badData, "the import of \(module.printable) \(why.printable)",
        advice: "try it by itself: \(program.printable) -c 'import \(module.printable)'")
    }
  }
}
