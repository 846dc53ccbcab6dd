public import AdvisorCore
private import FoundationEssentials
import System
import Tasks

/// How a ``SlurmEngine`` submits.
public struct SlurmOptions: Sendable, Hashable {
  /// A folder that this machine and all nodes share; what travels lies in a folder of its own in there.
  public var folder = "."
  /// Further arguments for `sbatch`, such as `--partition=long`.
  public var arguments: [String] = []
  /// Where `advisor` is on the nodes; nil is where this program is.
  public var program: String?
  /// The Python that calls functions on the nodes.
  public var interpreter = "python3"
  /// What tasks are put together to: an array task costs 100 to 150 ms.
  public var chunkSeconds = 3.0

  public init() {}
}

/// Runs tasks as job arrays of Slurm: several tasks in each array task, results home through files in a shared folder.
///
/// What is in the queue when the run ends, however it is made to, is cancelled; and what a run that was killed
/// has left there, the next one cancels.
public final class SlurmEngine: Engine {
  public let name = "slurm"
  public var descriptor: Int32 { timer?.descriptor ?? -1 }
  private var timer: PeriodicTimer?
  private let options: SlurmOptions
  private var commands: SlurmCommands?
  private var home: SlurmFolder?
  private var nodes: [EngineCosts.Worker] = []
  private var waiting: [EngineTask] = []
  private var chunks: [SlurmChunk] = []
  private var told: [EngineEvent] = []
  private var arrays = 0
  private var ended = (count: 0, seconds: 0.0)
  private var isDraining = false
  private var nextQueueLook = 0.0
  private var nextSubmission = 0.0
  /// Since when the controller has not answered.
  private var silentSince: Double?

  private static let tickNanoseconds = 200_000_000
  /// Longest array; Slurm's own default limit is 1001.
  private static let maxElements = 1000

  public init(_ options: SlurmOptions = SlurmOptions()) { self.options = options }

  deinit { stop() }

  public func start() throws(AdvisorError) {
    let commands = try SlurmCommands()
    nodes = try commands.nodes()
    self.commands = commands
    let home = try SlurmFolder(in: options.folder)
    self.home = home
    let mended = home.endThoseOfTheDead(commands)
    try AtomicFile.write(PythonSource.tasks, to: "\(home.path)/advisor_tasks.py")
    guard let timer = PeriodicTimer(nanoseconds: Self.tickNanoseconds) else {
      throw AdvisorError(.temporary, "cannot make a timer: \(Errno.last.text)", advice: "raise ulimit -n")
    }
    self.timer = consume timer
    told = mended.map { .note($0) } + [.workers(nodes), .ready]
  }

  private var slots: Int { max(1, nodes.reduce(0) { $0 + $1.slots }) }

  private var meanSeconds: Double? { ended.count > 0 ? ended.seconds / Double(ended.count) : nil }

  /// Four array tasks for each slot, full of tasks once it is known how many make one.
  public func window(slots: Int, meanSeconds: Double?) -> Int { min(20_000, 4 * slots * tasksPerChunk) }

  private var tasksPerChunk: Int {
    guard let meanSeconds else { return 1 }
    return Int(max(1, min(500, options.chunkSeconds / max(meanSeconds, 1e-3))))
  }

  public func submit(_ task: EngineTask) { waiting.append(onNode(task)) }

  /// A function is called by a Python of its own there.
  private func onNode(_ task: EngineTask) -> EngineTask {
    guard case .function(let name, let argument) = task.work else { return task }
    var task = task
    let words = [options.interpreter, "\(home?.path ?? ".")/advisor_tasks.py", "--call", name]
    task.work = .command(arguments: words.map { Array($0.utf8) }, input: argument)
    return task
  }

  /// Submits what waits: at once while nodes are idle, else every two seconds, for a job of its own for each task that ends
  /// would keep the controller busy.
  public func flush() throws(AdvisorError) {
    let now = MonotonicClock.seconds
    guard !waiting.isEmpty, chunks.count < slots || now >= nextSubmission else { return }
    nextSubmission = now + 2
    while !waiting.isEmpty { try submitArray() }
  }

  private func submitArray() throws(AdvisorError) {
    guard let commands, let home else { return }
    // Few tasks are spread over all slots.
    let size = max(1, min(tasksPerChunk, (waiting.count + slots - 1) / slots))
    let count = min(Self.maxElements, (waiting.count + size - 1) / size)
    let shares = (0..<count).map { index in Array(waiting.dropFirst(index * size).prefix(size)) }
    arrays += 1
    let folder = "\(home.path)/\(arrays)"
    _ = try WriteFault.named(folder) { () throws(WriteFault) in try ResolvedPath.folder(folder) }
    for (index, share) in shares.enumerated() { try write(share, to: "\(folder)/\(index).tasks") }
    try AtomicFile.write(Array(script(folder).utf8), to: "\(folder)/job.sh")
    let job = try commands.submit(
      "\(folder)/job.sh", name: home.name, tasks: count, logs: folder, options.arguments)
    try home.remember(job)
    waiting.removeFirst(shares.reduce(0) { $0 + $1.count })
    chunks += shares.enumerated().map { SlurmChunk(job: job, index: $0, folder: folder, tasks: $1) }
  }

  private func write(_ tasks: [EngineTask], to path: String) throws(AdvisorError) {
    let encoder = JSONEncoder()
    var bytes: [UInt8] = []
    for task in tasks {
      guard let line = try? encoder.encode(TaskMessage(task, program: program)) else { continue }
      bytes += line + [UInt8(ascii: "\n")]
    }
    try AtomicFile.write(bytes, to: path)
  }

  private var program: String { options.program ?? OwnProgram.path }

  private func script(_ folder: String) -> String {
    let words = ShellQuoting.text([Array(program.utf8), Array(ChunkProgram.argument.utf8)])
    let path = ShellQuoting.text([Array(folder.utf8)])
    return """
      #!/bin/sh
      exec \(words) \(path)/"$SLURM_ARRAY_TASK_ID".tasks \(path)/"$SLURM_ARRAY_TASK_ID".results

      """
  }

  public func events() throws(AdvisorError) -> [EngineEvent] {
    if timer?.hasTicked() == true {
      try flush()
      takeResults()
      try lookAtQueue()
    }
    defer { told = [] }
    return told
  }

  private func takeResults() {
    for chunk in chunks {
      for result in chunk.newResults() {
        ended = (ended.count + 1, ended.seconds + result.usage.wallSeconds)
        told.append(.ended(result))
      }
    }
    chunks.removeAll { $0.left.isEmpty }
  }

  /// Finds array tasks that are gone without all their results: Slurm puts those of a failed node back into its queue, but
  /// not those that were cancelled or could not start.
  private func lookAtQueue() throws(AdvisorError) {
    let now = MonotonicClock.seconds
    guard let commands, !chunks.isEmpty, now >= nextQueueLook else { return }
    nextQueueLook = now + 2
    let queued: Set<String>
    do {
      queued = try commands.unfinished()
      silentSince = nil
    } catch {
      // A controller that is restarted answers again.
      silentSince = silentSince ?? now
      guard now - (silentSince ?? now) < 30 else { throw error }
      return
    }
    for chunk in chunks {
      chunk.absences = queued.contains(chunk.name) ? 0 : chunk.absences + 1
      // Over NFS results may come later than the end.
      guard chunk.absences >= 2 else { continue }
      for id in chunk.left.keys.sorted() {
        let why = "its array task \(chunk.name) ended without its result\(chunk.lastWords)"
        told.append(isDraining ? .withdrawn(id) : .lost(id, why))
      }
      chunk.giveUp()
    }
    chunks.removeAll { $0.left.isEmpty }
  }

  public func drain() {
    isDraining = true
    told += waiting.map { .withdrawn($0.id) }
    waiting = []
    commands?.cancel(Set(chunks.map(\.job)).sorted(), onlyPending: true)
  }

  public func cancel(_ ids: [Int]) {
    let wanted = Set(ids)
    told += waiting.filter { wanted.contains($0.id) }.map { .withdrawn($0.id) }
    waiting.removeAll { wanted.contains($0.id) }
    let hit = chunks.filter { !wanted.isDisjoint(with: $0.left.keys) }
    commands?.cancel(hit.map(\.name))
    for chunk in hit {
      told += chunk.left.keys.sorted().map { .ended(EngineResult(id: $0, ending: .stopped)) }
      chunk.giveUp()
    }
    chunks.removeAll { $0.left.isEmpty }
  }

  public func stop() {
    commands?.cancel(Set(chunks.map(\.job)).sorted())
    timer = nil
    (chunks, commands) = ([], nil)
    home?.remove()
    home = nil
  }
}
