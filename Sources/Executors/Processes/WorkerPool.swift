import AdvisorCore
public import System

/// The worker processes of one run, led by one thread: who does which chunk, and what happens when one dies.
struct WorkerPool {
  /// How often a chunk is run again after its worker died; then its tasks count as failed.
  static let maxReruns = 3

  private let assignment: Assignment
  private let ledger: Ledger
  private let progress: Progress
  private let queue: TaskQueue
  private var workers: [PoolWorker] = []
  /// Chunks whose worker died.
  private var reruns: [PoolWorker.Chunk] = []
  /// Deaths of workers that had not yet been ready.
  private var earlyDeaths = 0
  private var exits: [Exit] = []
  private(set) var tally = Tally()

  init(_ assignment: Assignment, _ ledger: Ledger, _ progress: Progress) {
    self.assignment = assignment
    self.ledger = ledger
    self.progress = progress
    queue = assignment.makeQueue()
  }

  /// Runs all chunks, or until cancelled.
  ///
  /// - Throws: where workers cannot be started, or say that they cannot work.
  mutating func run(_ cancellation: Cancellation) throws(AdvisorError) {
    for index in 0..<assignment.plan.workers {
      guard !cancellation.isCancelled else { return }
      workers.append(try PoolWorker(index, assignment))
    }
    while tally.done < assignment.count, !cancellation.isCancelled {
      for position in readable() { try serve(position) }
    }
  }

  /// Ends and reaps all workers, and returns how each ended, those included that were replaced.
  mutating func end() -> [Exit] {
    for worker in workers { worker.kill() }
    exits += workers.compactMap { $0.reap() }
    workers = []
    return exits
  }

  /// Waits a moment for answers; returns the positions of the workers that have some, or have died.
  private func readable() -> [Int] {
    Poll.readable(among: workers.count, milliseconds: Int32(Cancellation.patience / 1_000_000)) {
      workers[$0].descriptor
    }
  }

  private mutating func serve(_ position: Int) throws(AdvisorError) {
    guard let replies = workers[position].replies() else { return try replace(position) }
    for reply in replies {
      switch reply {
      case .ready: ledger.noteReady()
      case .refused(let error): throw error
      case .done(let part):
        tally.merge(part)
        progress.add(done: part.done, failed: part.failed)
      }
    }
    if workers[position].isIdle, let chunk = nextChunk() { workers[position].start(chunk) }
  }

  private mutating func nextChunk() -> PoolWorker.Chunk? {
    reruns.popLast() ?? queue.next().map { PoolWorker.Chunk(tasks: $0) }
  }

  /// Puts a new worker in the place of one that has died, and its chunk back to be run again.
  private mutating func replace(_ position: Int) throws(AdvisorError) {
    let worker = workers[position]
    worker.kill()
    guard let exit = worker.reap() else { return }
    exits.append(exit)
    if var chunk = worker.chunk {
      chunk.deaths += 1
      if chunk.deaths > Self.maxReruns { giveUp(chunk, exit) } else { reruns.append(chunk) }
    } else if !worker.isReady {
      earlyDeaths += 1
      // One that ended by itself will do so again.
      guard case .killed = exit.status, earlyDeaths <= Self.maxReruns else {
        throw Self.unfit(assignment.workerProgram, exit)
      }
    }
    ledger.noteReplacement()
    workers[position] = try PoolWorker(worker.index, assignment)
  }

  private mutating func giveUp(_ chunk: PoolWorker.Chunk, _ exit: Exit) {
    let reason = "its worker process \(exit.status.words) each of \(chunk.deaths) times"
    for task in chunk.tasks.prefix(Tally.namedFailures) { tally.fail(task, reason) }
    tally.failed += max(0, chunk.tasks.count - Tally.namedFailures)
    tally.done += chunk.tasks.count
    progress.add(done: chunk.tasks.count, failed: chunk.tasks.count)
  }

  private static func unfit(_ program: String, _ exit: Exit) -> AdvisorError {
    AdvisorError(
      .unavailable, "a worker process (\(program) \(WorkerProcess.argument)) \(exit.status.words) before it was ready",
      advice: "check that this program can be started again, or use threads")
  }
}

extension Exit.Status {
  /// `ended with status 3`, `was killed by signal 9 (Killed)`.
  public var words: String {
    switch self {
    case .exited(let status): "ended with status \(status)"
    case .killed(let signal): "was killed by signal \(signal) (\(Signal.text(signal)))"
    }
  }
}
