import AdvisorCore
private import Synchronization
import System

/// One map under way: what is to be done, and how far it has come.
final class MapWork<Element: Sendable, Value: Sendable>: Sendable {
  private let elements: [Element]
  private let plan: Plan
  private let transform: @Sendable (Element) throws -> Value
  private let cancellation: Cancellation
  private let queue: TaskQueue
  /// No element from here on is begun: the first, by position, that failed so far.
  private let end: Atomic<Int>
  private let ended: Monitor<Ended>

  /// What the workers hand in when they have no more to do.
  private struct Ended: Sendable {
    var parts: [Part] = []
    var failure: (position: Int, error: any Error)?
  }

  /// The values of one worker: chunk after chunk, with the position of each chunk's first element.
  private struct Part: Sendable {
    var values: [Value] = []
    var chunks: [Range<Int>] = []
  }

  init(
    _ elements: [Element], _ plan: Plan, _ cancellation: Cancellation,
    _ transform: @escaping @Sendable (Element) throws -> Value
  ) {
    self.elements = elements
    self.plan = plan
    self.transform = transform
    self.cancellation = cancellation
    queue = TaskQueue(count: elements.count, chunk: max(1, plan.chunk))
    end = Atomic(elements.count)
    ended = Monitor(Ended())
  }

  func run() throws -> [Value] {
    try checkPlan()
    if plan.strategy == .sequential { work() } else { try runThreads() }
    let ended = ended.withLock { $0 }
    if let failure = ended.failure { throw failure.error }
    let values = inOrder(ended.parts)
    guard values.count == elements.count else { throw CancellationError() }
    return values
  }

  private func checkPlan() throws(AdvisorError) {
    guard [.sequential, .threads].contains(plan.strategy) else {
      throw AdvisorError(
        .usage, "a Swift function cannot be mapped by \(plan.strategy.rawValue)",
        advice: "use a plan of threads or of none: CostModel.mapPlan(for:) makes one")
    }
    guard plan.workers >= 1, plan.chunk >= 1, plan.cpus?.isEmpty != true else {
      throw AdvisorError(
        .usage,
        "a plan of \(plan.workers) workers, chunks of \(plan.chunk) and \(plan.cpus?.count ?? 0) CPUs cannot run",
        advice: "use at least one of each, or leave the CPUs out")
    }
  }

  private func runThreads() throws(AdvisorError) {
    let ledger = Ledger()
    // More threads than elements would have nothing to do.
    let count = max(1, min(plan.workers, elements.count))
    ThreadGroup.run(plan.cpus(ofWorkers: count), ledger, cancellation) { _ in self.work() }
    _ = try ledger.close(count: 0)
  }

  /// What one worker does: takes chunks until there are no more.
  private func work() {
    var part = Part()
    while !cancellation.isCancelled, let chunk = queue.next() {
      let before = part.values.count
      for position in chunk {
        guard position < end.load(ordering: .relaxed), !cancellation.isCancelled else { break }
        do {
          part.values.append(try transform(elements[position]))
        } catch {
          fail(position, error)
          break
        }
      }
      part.chunks.append(chunk.lowerBound..<chunk.lowerBound + part.values.count - before)
    }
    ended.withLock { [part] in $0.parts.append(part) }
  }

  private func fail(_ position: Int, _ error: any Error) {
    end.min(position, ordering: .relaxed)
    ended.withLock { ended in
      if let first = ended.failure, first.position < position { return }
      ended.failure = (position, error)
    }
  }

  private func inOrder(_ parts: [Part]) -> [Value] {
    var slots = [Value?](repeating: nil, count: elements.count)
    for part in parts {
      var next = part.values.startIndex
      for position in part.chunks.joined() {
        slots[position] = part.values[next]
        next += 1
      }
    }
    return slots.compactMap(\.self)
  }
}
