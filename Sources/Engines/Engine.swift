public import AdvisorCore

/// Something outside this process that carries out tasks: it takes them as messages, has workers of its own, and reports
/// what happens.
///
/// It delivers at least once: a task whose worker is lost may run again, and may have run to its end before. All calls
/// come from one thread, and none of them waits for a task.
public protocol Engine: AnyObject {
  /// As messages call it: `dask`.
  var name: String { get }

  /// Readable when ``events()`` has something to tell; there from ``start()`` on.
  var descriptor: Int32 { get }

  /// Starts it, or begins to; ``EngineEvent/ready`` tells when it takes tasks.
  ///
  /// - Throws: ``AdvisorError`` (unavailable) where what it needs is not there.
  func start() throws(AdvisorError)

  /// How many tasks it is well to have with it at once, those that run included.
  ///
  /// - Parameter meanSeconds: of a task; nil while none has ended.
  func window(slots: Int, meanSeconds: Double?) -> Int

  /// Hands a task over. It may wait here until ``flush()``.
  func submit(_ task: EngineTask) throws(AdvisorError)

  /// No more tasks come for now: those that were submitted go on their way.
  func flush() throws(AdvisorError)

  /// Nothing more is submitted: tasks that have not started need not, and are told as ``EngineEvent/withdrawn(_:)`` where
  /// that is known.
  func drain() throws(AdvisorError)

  /// Ends tasks, running or not; each is still told as ended or withdrawn.
  func cancel(_ ids: [Int]) throws(AdvisorError)

  /// Stops what it runs on this machine, as Ctrl-Z asks for.
  func suspend() throws(AdvisorError)

  /// Lets what was suspended go on after `seconds`, which are no task's.
  func resume(after seconds: Double) throws(AdvisorError)

  /// What has happened since it was last asked.
  ///
  /// - Throws: ``AdvisorError`` (unavailable) once the engine is gone for good.
  func events() throws(AdvisorError) -> [EngineEvent]

  /// Ends what was started for this run, and waits until it has; the engine's own tasks end with it.
  func stop()
}

extension Engine {
  public func flush() throws(AdvisorError) {}

  public func drain() throws(AdvisorError) {}

  /// What runs elsewhere goes on.
  public func suspend() throws(AdvisorError) {}
  public func resume(after seconds: Double) throws(AdvisorError) {}

  /// A second of work, and at least two tasks, for each slot: no slot waits for the next task, and a run that is to end
  /// early soon does.
  public func window(slots: Int, meanSeconds: Double?) -> Int {
    let each = meanSeconds.map { 1 / max($0, 1e-3) } ?? 4
    return slots * Int(max(2, min(each, 1000)).rounded(.up))
  }
}

/// A task as an engine is told it.
public struct EngineTask: Sendable, Hashable {
  /// No two submissions of a run have the same one, attempts of one task included.
  public var id: Int
  public var work: TaskWork
  /// Tasks that take longer are stopped, and have failed.
  public var timeoutSeconds: Double?
  /// Between SIGTERM and SIGKILL for a task that is stopped.
  public var killDelaySeconds: Double
  /// Where it runs on its worker; nil is the worker's own working directory.
  public var directory: String?
  /// Entries `NAME=value`, added to the worker's own environment.
  public var environment: [String]
  /// Added to the worker's niceness.
  public var niceness: Int32

  public init(
    id: Int, work: TaskWork, timeoutSeconds: Double? = nil, killDelaySeconds: Double = 2, directory: String? = nil,
    environment: [String] = [], niceness: Int32 = 0
  ) {
    self.id = id
    self.work = work
    self.timeoutSeconds = timeoutSeconds
    self.killDelaySeconds = killDelaySeconds
    self.directory = directory
    self.environment = environment
    self.niceness = niceness
  }
}

/// What a task does, in a form that can travel.
public enum TaskWork: Sendable, Hashable {
  /// Starts a program, and feeds it these bytes.
  case command(arguments: [[UInt8]], input: [UInt8])
  /// Calls a Python function, `module:function`, with the JSON value of this text. Its result, as JSON on one line, is the
  /// task's output; what it prints is its error output.
  case function(name: String, argument: [UInt8])
  /// Does tasks of a built-in job, by their numbers from 0.
  case builtIn(Job, tasks: [Int])
}
