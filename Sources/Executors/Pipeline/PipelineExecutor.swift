import AdvisorCore
import Workloads
import System

/// A group of threads a stage, with bounded queues between: a slow stage holds the faster ones before it back.
struct PipelineExecutor: StrategyExecutor {
  func run(_ assignment: Assignment, _ progress: Progress, _ cancellation: Cancellation) throws(AdvisorError)
    -> JobRun
  {
    let counts = assignment.plan.stageWorkers(stages: assignment.stages.count)
    let ledger = Ledger()
    let stop = Cancellation(within: cancellation)
    let pipeline = Pipeline(assignment, counts, ledger, progress, stop)
    let places = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
    ThreadGroup.run(Self.cpus(of: places, assignment), ledger, stop) { index throws(AdvisorError) in
      try pipeline.work(index, stage: places[index])
    }
    return try ledger.close(count: assignment.count)
  }

  /// The CPU of each worker, by its stage; those that mostly wait are left to the kernel.
  private static func cpus(of places: [Int], _ assignment: Assignment) -> [Int?] {
    var free = assignment.plan.cpus(ofWorkers: places.count)[...]
    return places.map { assignment.stages[$0].computes ? free.popFirst() ?? nil : nil }
  }
}

/// The stages of one run and the queues between them.
private final class Pipeline: Sendable {
  /// Tasks on their way from one stage to the next.
  struct Batch: Sendable {
    var tasks: Range<Int>
    var started: UInt64
    /// Those that failed in an earlier stage, by task.
    var failures: [Int: String] = [:]
  }

  private let assignment: Assignment
  private let source: TaskQueue
  /// `queues[i]` leads from stage i to stage i + 1.
  private let queues: [BoundedQueue<Batch>]
  private let ledger: Ledger
  private let progress: Progress
  private let stop: Cancellation

  init(_ assignment: Assignment, _ counts: [Int], _ ledger: Ledger, _ progress: Progress, _ stop: Cancellation) {
    self.assignment = assignment
    source = assignment.makeQueue()
    // One batch in hand for each taker: enough that it need not wait, and no more memory than that.
    queues = zip(counts, counts.dropFirst()).map { BoundedQueue(capacity: $1, givers: $0) }
    self.ledger = ledger
    self.progress = progress
    self.stop = stop
  }

  func work(_ index: Int, stage: Int) throws(AdvisorError) {
    defer { if stage < queues.count { queues[stage].endGiver() } }
    let worker = try ItemWorker([assignment.stages[stage]], index: index)
    ledger.noteReady()
    var tally = Tally()
    let cpuStart = CPUClock.thread
    while var batch = nextBatch(for: stage) {
      carry(&batch, worker)
      if stop.isCancelled { break }
      if stage < queues.count { queues[stage].put(batch, stop) } else { count(batch, &tally) }
    }
    tally.cpuSeconds = Double(CPUClock.thread - cpuStart) / 1e9
    ledger.add(tally)
  }

  private func nextBatch(for stage: Int) -> Batch? {
    if stage > 0 { return queues[stage - 1].take(stop) }
    guard !stop.isCancelled, let tasks = source.next() else { return nil }
    return Batch(tasks: tasks, started: MonotonicClock.now)
  }

  /// Takes the tasks through one stage, those that failed before excepted.
  private func carry(_ batch: inout Batch, _ worker: ItemWorker) {
    for task in batch.tasks where batch.failures[task] == nil && !stop.isCancelled {
      if let failure = worker.run(task, stop) { batch.failures[task] = failure }
    }
  }

  private func count(_ batch: Batch, _ tally: inout Tally) {
    tally.done += batch.tasks.count
    for (task, reason) in batch.failures.sorted(by: { $0.key < $1.key }) { tally.fail(task, reason) }
    tally.durations.record(MonotonicClock.now - batch.started, times: batch.tasks.count)
    progress.add(done: batch.tasks.count, failed: batch.failures.count)
  }
}
