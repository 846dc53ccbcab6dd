public import AdvisorCore

/// How commands are run, beside what they are.
public struct TaskOptions {
  /// How the outputs of tasks that run at once are kept apart.
  public enum Grouping: Sendable, Hashable {
    /// Each is kept until its task ends, and comes in one piece.
    case tasks
    /// Each line comes as soon as it is whole.
    case lines
    /// Tasks write where they like.
    case none
  }

  /// How many inputs go into one call.
  public enum Batch: Sendable, Hashable {
    case count(Int)
    /// As many as make a call of about a tenth of a second.
    case auto
    /// As many as a command line takes.
    case full
    /// As many as a command line takes, but few enough that what is left makes at least this number of calls.
    case spread(over: Int)
  }

  /// Where each task's command is shown.
  public enum CommandEcho: Sendable, Hashable {
    case output
    case error
  }

  /// How long a task may take.
  public enum Timeout: Sendable, Hashable {
    case seconds(Double)
    /// A multiple of the median of those that have succeeded, once there are three.
    case medians(Double)
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
  /// Asked whenever a task has ended: another number of workers from now on, as of a file that has changed; nil for none.
  public var currentWorkers: (() -> Int?)?
  /// Threads that start commands, 0 for the runner's own alone; nil takes four where starts take more than half of the time.
  public var spawners: Int?
  /// What an earlier run of the same has ended with; the run starts from there, and finds its own.
  public var expectedWorkers: Int?
  public var limits = TaskLimits()
  /// Where the tasks' standard output goes; a copy of this process's own by default.
  public var output: Int32 = 1
  /// Whether outputs come in the order of the inputs, not in that of the ends.
  public var keepsOrder = false
  /// Whether tasks must start in the order of the inputs; else a few that stand for all may come first.
  public var dependsOnOrder = false
  /// Whether each line of output starts with its task's input and a tab.
  public var tags = false
  /// What the lines start with instead.
  public var tag: CommandTemplate?
  /// Whether each output starts with the command.
  public var echo: CommandEcho?
  public var grouping = Grouping.tasks
  /// A folder that keeps each task's output and exit status instead; see `ResultsFolder` for its layout.
  public var results: String?
  /// Names of the inputs there, instead of their numbers.
  public var inputNames: [String] = []
  /// Nil gives each input a call of its own.
  public var batch: Batch?
  /// Bytes of a call's command line at most, as GNU parallel counts them; nil for what the system takes.
  public var maxLineBytes: Int?
  /// Seconds from the start of a task to that of the next.
  public var delaySeconds = 0.0
  /// The data of whose blocks the inputs are; each is fed to its task's standard input.
  public var blocks: (any InputBlocks)?
  /// Of make, or of our own, whose tokens bound the tasks beside the first; nil for none.
  public var jobServer: JobServer?
  /// What changes the run while it goes on; nil for nothing but signals.
  public var control: (any RunControl)?
  /// Bytes of finished outputs that may wait in a temporary file for an earlier task's turn; nil is half of what is free there.
  public var spoolLimit: Int?
  /// Further attempts for a task that failed.
  public var retries = 0
  /// Before the first further attempt; doubles with each, up to 30 s.
  public var retryDelaySeconds = 0.1
  /// Tasks that take longer are stopped, and have failed.
  public var timeout: Timeout?
  /// Between SIGTERM and SIGKILL for a task that is stopped.
  public var killDelaySeconds = 2.0
  /// When the run ends before its inputs do; nil lets every task have its turn.
  public var halt: RunHalt?
  /// Where the tasks run; nil is this process's own working directory.
  public var directory: String?
  /// Entries `NAME=value`; nil hands on this process's own.
  public var environment: [String]?
  /// Added to this process's own niceness.
  public var niceness: Int32 = 0

  /// A log of ended tasks in GNU parallel's columns.
  public var jobLog: String?
  /// Whether it goes on where that of another run ends.
  public var appendsToJobLog = false
  /// A file that keeps which tasks have ended.
  public var journal: String?
  /// Leaves out what the journal says has been done, or without a journal what the log does; nil starts both from nothing.
  public var resume: Resume?

  public init() {}

  /// Lets a task that runs alone write where this process does, where nothing is to be done to its output.
  public mutating func printDirectly() {
    guard grouping == .tasks, !tags, tag == nil, echo == nil, results == nil else { return }
    (grouping, keepsOrder) = (.none, false)
  }

  func validate() throws(AdvisorError) {
    let faults = [
      (workers.map { $0 < 1 } ?? false, "the number of workers must be 1 or more"),
      (retries < 0, "the number of retries must be 0 or more"),
      (timeout?.isPositive == false, "the time limit of a task must be above 0"),
      (!(retryDelaySeconds >= 0), "the delay before a retry must be 0 or more"),
      (!(killDelaySeconds >= 0), "the delay before a kill must be 0 or more"),
      (
        batch.map { if case .count(let count) = $0 { count < 1 } else { false } } ?? false,
        "a batch must hold 1 or more"
      ),
      (!(-20...19).contains(niceness), "the niceness must be from -20 to 19"),
      (keepsOrder && grouping != .tasks, "outputs come in order only where each is kept until its task ends"),
      ((tags || tag != nil || echo != nil) && grouping == .none, "lines that tasks write themselves cannot be tagged"),
      (results != nil && grouping != .tasks, "what goes into files is not printed in any form"),
      (batch != nil && blocks != nil, "a block is a task of its own"),
      (
        resume != nil && journal == nil && jobLog == nil,
        "a run can only be resumed with the journal or the log of the one before"
      ),
    ]
    guard resume == nil || journal != nil || (batch == nil && blocks == nil) else {
      throw AdvisorError(
        .usage, "a log does not tell which inputs of a batch, or blocks, are done",
        advice: "keep a journal: --journal FILE --resume")
    }
    guard let fault = faults.first(where: { $0.0 }) else { return }
    throw AdvisorError(.usage, fault.1, advice: "leave the option out for its default")
  }
}

extension TaskOptions.Timeout {
  fileprivate var isPositive: Bool {
    switch self {
    case .seconds(let value), .medians(let value): value > 0
    }
  }
}

/// What the machine allows the tasks.
public struct TaskLimits: Sendable, Hashable {
  /// CPUs' worth of time, above 0.
  public var cpus = 1.0
  /// The CPUs that the tasks may run on; nil where that is not known.
  public var allowedCPUs: CPUSet?
  /// What bounds these below the logical CPUs; nil where nothing does.
  public var quota: CPUQuota?
  /// Memory for all tasks together.
  public var memoryBytes: Double?
  /// On open files, processes and threads.
  public var process = Machine.Limits()

  /// A CPU quota: the file that sets it, beside which is counted for how long it has stopped each CPU, and how many these are.
  public struct CPUQuota: Sendable, Hashable {
    public var file: String
    public var logicalCPUs: Int
  }

  public init() {}

  /// The limits of the machine that was probed; a tenth of its memory is left to others.
  public init(_ machine: Machine) {
    cpus = max(0.01, machine.usable.effectiveCPUs)
    allowedCPUs = machine.cpus.usable.isEmpty ? nil : machine.cpus.usable
    // Where there is no quota, the file that says so is named there as well.
    if machine.limits.cpuQuota != nil, let file = machine.limits.sources["cpuQuota"] {
      quota = CPUQuota(file: file, logicalCPUs: machine.usable.logicalCPUs)
    }
    memoryBytes = machine.usable.memoryBytes.map { Double($0) * 0.9 }
    process = machine.limits
  }

  /// The most workers under the limits on files and processes.
  var workerLimit: WorkerLimit { WorkerLimit(.command, limits: process, ceiling: 4096) }
}
