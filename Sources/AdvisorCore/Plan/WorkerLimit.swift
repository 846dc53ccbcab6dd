/// The largest number of workers that the limits on this process allow, and the limit that says so.
///
/// Candidates, plan checks, commands and downloads all ask here, so that what is recommended can be run.
public struct WorkerLimit: Codable, Sendable, Hashable {
  /// What sets the limit.
  public enum Bound: String, Codable, Sendable {
    case openFiles, processes, mappings
    /// More workers have not been found to gain anything, or are never started.
    case ceiling
  }

  /// Workers; 0 where not even one can have what it needs.
  public let count: Int
  public let bound: Bound
  /// The limit itself: open files, processes and threads, mappings, or for the ceiling workers.
  public let value: Int
  /// The file or the command that sets it; nil where that is not known, and for the ceiling.
  public let source: String?

  private init(_ count: Int, _ bound: Bound, _ value: Int, _ source: String?) {
    self.count = max(0, count)
    self.bound = bound
    self.value = value
    self.source = source
  }

  /// - Parameters:
  ///   - ceiling: workers that are never exceeded, whatever the limits allow.
  public init(_ needs: Needs, limits: Machine.Limits, ceiling: Int = .max) {
    var found = [Self.ceiling(ceiling)]
    if let files = limits.openFiles, needs.openFiles > 0 {
      found.append(WorkerLimit((files - Needs.ownFiles) / needs.openFiles, .openFiles, files, "ulimit -n"))
    }
    if let processes = limits.pids, needs.processes > 0 {
      let taken = max(Needs.ownProcesses, (limits.pidsInUse ?? 0) + Needs.ownThreads)
      found.append(
        WorkerLimit((processes - taken) / needs.processes, .processes, processes, limits.sources["pids"]))
    }
    if let mappings = limits.mappings, needs.mappings > 0 {
      found.append(WorkerLimit(mappings / needs.mappings, .mappings, mappings, limits.sources["mappings"]))
    }
    // Of equal limits the one that can be raised is named.
    self = found.reversed().min { $0.count < $1.count } ?? found[0]
  }

  /// A number of workers that is never exceeded.
  public static func ceiling(_ workers: Int) -> WorkerLimit { WorkerLimit(workers, .ceiling, workers, nil) }

  /// The limit in words: `the limit of 64 open files (ulimit -n)`.
  public var reason: String {
    let what =
      switch bound {
      case .openFiles: "open files"
      case .processes: "processes and threads"
      case .mappings: "memory mappings"
      case .ceiling: "workers"
      }
    return "the limit of \(value) \(what)\(source.map { " (\($0))" } ?? "")"
  }
}

extension WorkerLimit {
  /// What one worker takes of what the kernel rations.
  public struct Needs: Sendable, Hashable {
    public var openFiles: Int
    /// Processes and threads.
    public var processes: Int
    public var mappings: Int

    /// Descriptors of the program itself: standard streams, records, a server's socket, what a start needs for a moment.
    static let ownFiles = 24
    /// Threads and helpers of the program itself, and the shell that started it.
    static let ownProcesses = 16
    /// Those of them that have not started when the limits are read.
    static let ownThreads = 8

    public init(openFiles: Int = 0, processes: Int = 0, mappings: Int = 0) {
      self.openFiles = openFiles
      self.processes = processes
      self.mappings = mappings
    }

    /// A command under the runner: its streams, its pidfd and what feeds it.
    public static let command = Needs(openFiles: 5, processes: 1)

    /// A download in flight: its socket, its file, the name that the file is given and libcurl's own.
    public static let download = Needs(openFiles: 4)

    /// A worker of a strategy that carries out stages one after the other.
    public init(_ strategy: Strategy, stages: [Stage]) {
      guard !stages.contains(where: { $0.kind == .command }) else {
        self = .command
        return
      }
      // For a stage that downloads a connection and libcurl's own three.
      let held = stages.map { $0.kind == .io ? 4 : $0.kind == .disk ? 1 : 0 }
      switch strategy {
      case .sequential, .tasks: self.init(openFiles: held.reduce(0, +))
      // One loop has them all: a connection each.
      case .async: self.init(openFiles: stages.count { $0.kind == .io })
      // A thread's stack and its guard page are two mappings.
      case .threads: self.init(openFiles: held.reduce(0, +), processes: 1, mappings: 2)
      case .pipeline: self.init(openFiles: held.max() ?? 0, processes: 1, mappings: 2)
      // A worker process's socket and its pidfd.
      case .processes: self.init(openFiles: 2, processes: 1)
      }
    }
  }
}
