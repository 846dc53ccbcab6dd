public import AdvisorCore

/// How commands are run, beside what they are.
public struct CommandOptions: Sendable {
  /// When a failure ends the run.
  public enum Halt: Sendable, Hashable {
    /// Every task has its turn.
    case never
    /// After so many failures no task starts; those under way go on.
    case soon(failures: Int)
    /// After so many failures those under way are stopped too.
    case now(failures: Int)
  }

  /// Which tasks of earlier runs are left out.
  public enum Resume: Sendable, Hashable {
    /// Those that ended, in success or failure.
    case ended
    /// Those that succeeded; those that failed run again.
    case succeeded
  }

  /// The number of workers; nil lets the runner find it.
  public var workers: Int?
  public var limits = CommandLimits()
  /// Where the tasks' standard output goes; a copy of this process's own by default.
  public var output: Int32 = 1
  /// Whether outputs come in the order of the inputs, not in that of the ends.
  public var keepsOrder = false
  /// Whether each line of output starts with its task's input and a tab.
  public var tags = false
  /// Whether each task's output is kept until it ends and comes in one piece; without it tasks write where they like.
  public var groups = true
  /// Further attempts for a task that failed.
  public var retries = 0
  /// Before the first further attempt; doubles with each, up to 30 s.
  public var retryDelaySeconds = 0.1
  /// Tasks that take longer are stopped, and have failed.
  public var timeoutSeconds: Double?
  /// Between SIGTERM and SIGKILL for a task that is stopped.
  public var killDelaySeconds = 2.0
  public var halt = Halt.never
  /// Where the tasks run; nil is this process's own working directory.
  public var directory: String?
  /// Entries `NAME=value`; nil hands on this process's own.
  public var environment: [String]?

  /// A log of ended tasks in GNU parallel's columns.
  public var jobLog: String?
  /// A file that keeps which tasks have ended.
  public var journal: String?
  /// Leaves out what the journal says has been done; nil starts it, and the log, anew.
  public var resume: Resume?

  public init() {}

  func validate() throws(AdvisorError) {
    let faults = [
      (workers.map { $0 < 1 } ?? false, "the number of workers must be 1 or more"),
      (retries < 0, "the number of retries must be 0 or more"),
      (timeoutSeconds.map { !($0 > 0) } ?? false, "the time limit of a task must be above 0"),
      (!(retryDelaySeconds >= 0), "the delay before a retry must be 0 or more"),
      (!(killDelaySeconds >= 0), "the delay before a kill must be 0 or more"),
      (resume != nil && journal == nil, "a run can only be resumed with the journal of the one before"),
    ]
    guard let fault = faults.first(where: { $0.0 }) else { return }
    throw AdvisorError(.usage, fault.1, advice: "leave the option out for its default")
  }
}

/// What the machine allows the tasks.
public struct CommandLimits: Sendable, Hashable {
  /// CPUs' worth of time, above 0.
  public var cpus = 1.0
  /// Memory for all tasks together.
  public var memoryBytes: Double?
  public var openFiles: Int?
  public var pids: Int?

  public init() {}

  /// The limits of the machine that was probed; a tenth of its memory is left to others.
  public init(_ machine: Machine) {
    cpus = max(0.01, machine.usable.effectiveCPUs)
    memoryBytes = machine.usable.memoryBytes.map { Double($0) * 0.9 }
    openFiles = machine.limits.openFiles
    pids = machine.limits.pids
  }

  /// The most workers under the limits on files and processes, and which of them sets it.
  var mostWorkers: (count: Int, because: String) {
    // Three descriptors for each task; some for this process itself and for large outputs.
    let files = openFiles.map { max(1, ($0 - 24) / 3) } ?? .max
    let processes = pids.map { max(1, $0 - 16) } ?? .max
    let most = min(files, processes, 4096)
    switch most {
    case files: return (most, "the limit on open files (ulimit -n)")
    case processes: return (most, "the limit on processes")
    default: return (most, "as many as are ever started")
    }
  }
}
