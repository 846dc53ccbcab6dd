public import AdvisorCore
public import System
public import Tasks

/// What a user of a cluster would submit by hand: an `sbatch` script with a job array, or a client program of Dask's.
///
/// It stands alone: all tasks are in it, and nothing of advisor's is needed but for tasks of a built-in job.
public struct SubmissionScript: Sendable {
  /// What a call does: a chunk of tasks, one after the other.
  enum Calls {
    /// Command lines.
    case commands([[[[UInt8]]]])
    /// The texts of JSON values for a function, `module:function`.
    case function(name: String, arguments: [[[UInt8]]])

    var count: Int {
      switch self {
      case .commands(let calls): calls.count
      case .function(_, let calls): calls.count
      }
    }
  }

  let calls: Calls
  public let tasks: Int
  /// Tasks in a call; fewer in the last.
  public let chunk: Int
  /// One line, and what speaks for the chunks: comments for who reads it.
  let title: String
  let remarks: [String]

  /// Slurm's own limit to an array, `MaxArraySize`, unless it was changed.
  static let maxElements = 1000
  /// Slurm's own limit to a script, `max_script_size`, unless it was changed.
  static let maxBytes = 4 << 20

  /// - Parameters:
  ///   - chunk: tasks in a call.
  ///   - program: where `advisor` is on the workers, for tasks of a built-in job.
  /// - Throws: ``AdvisorError`` where the inputs cannot be read or there are none.
  public init(
    _ recipe: TaskRecipe, _ inputs: CommandInputs, chunk: Int, title: String, remarks: [String] = [],
    program: String = OwnProgram.path
  ) throws(AdvisorError) {
    try recipe.validate(inputs)
    let tasks = try Self.tasks(recipe, inputs)
    guard !tasks.isEmpty else {
      throw AdvisorError(.badData, "there are no tasks to put into a script", advice: "give inputs")
    }
    let chunk = max(1, min(chunk, tasks.count))
    let chunks = stride(from: 0, to: tasks.count, by: chunk).map { Array(tasks[$0..<min($0 + chunk, tasks.count)]) }
    switch recipe {
    case .command: calls = .commands(chunks.map { $0.map { recipe.words(for: $0, slot: 1) } })
    case .function(let name): calls = .function(name: name, arguments: chunks.map { $0.map { $0.inputs[0] } })
    case .builtIn(let job):
      calls = .commands(
        chunks.map { chunk in
          let numbers = chunk.compactMap { Int(String(decoding: $0.inputs[0], as: UTF8.self)) }
          return [TaskProgram.arguments(program: program, job: job, tasks: numbers).map { Array($0.utf8) }]
        })
    }
    (self.tasks, self.chunk, self.title, self.remarks) = (tasks.count, chunk, title.printable, remarks)
  }

  private static func tasks(_ recipe: TaskRecipe, _ inputs: CommandInputs) throws(AdvisorError) -> [CommandTask] {
    let source = try TaskSource(inputs, recipe)
    var tasks: [CommandTask] = []
    while true {
      switch source.next(workers: 1) {
      case .task(let task): tasks.append(task)
      case .waiting:
        Poll.waitToRead(source.descriptor ?? -1)
      case .skipped: break
      case .end:
        if let fault = source.fault { throw fault }
        return tasks
      }
    }
  }
}
