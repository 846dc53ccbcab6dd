public import AdvisorCore
public import System

extension Collection where Self: Sendable, Element: Sendable {
  /// Applies a function to every element, on as many threads as the plan has workers; results are in the order of the
  /// elements. Blocks the calling thread until all have ended.
  ///
  /// Worker i is pinned to `plan.cpus[i % count]`, and takes `plan.chunk` elements at a time from one queue. A plan of
  /// `.sequential` is carried out in the calling thread. A function that waits for the network or a disk may well have more
  /// workers than there are CPUs.
  ///
  /// - Parameters:
  ///   - plan: `.sequential` or `.threads`, for instance from `CostModel.mapPlan(for:)`.
  ///   - cancellation: asks to stop; elements under way are finished, no other is begun.
  ///   - transform: called once for each element, on any of the threads.
  /// - Returns: as many values as there are elements.
  /// - Throws: what a plain `map` would have thrown: the error of the first element, by position, whose function throws; after
  ///   it no further element is begun. `CancellationError` where it was cancelled; `AdvisorError` `.usage` for a plan of
  ///   another strategy, `.temporary` where a thread cannot be started.
  public func concurrentMap<Value: Sendable>(
    _ plan: Plan, cancellation: Cancellation = Cancellation(),
    _ transform: @escaping @Sendable (Element) throws -> Value
  ) throws -> [Value] {
    let work = MapWork(Array(self), plan, cancellation, transform)
    return try work.run()
  }

  /// Applies a function to every element on a fixed number of threads, placed by the kernel.
  ///
  /// - Parameters:
  ///   - workers: at least 1.
  ///   - chunk: elements that are handed out at a time; more than 1 pays where one takes less than a few microseconds.
  ///   - cancellation: asks to stop.
  ///   - transform: called once for each element, on any of the threads.
  public func concurrentMap<Value: Sendable>(
    workers: Int, chunk: Int = 1, cancellation: Cancellation = Cancellation(),
    _ transform: @escaping @Sendable (Element) throws -> Value
  ) throws -> [Value] {
    try concurrentMap(
      Plan(strategy: .threads, workers: workers, chunk: chunk), cancellation: cancellation, transform)
  }

  /// The same for a Swift task, which hands its thread on meanwhile; cancelling the task cancels the map.
  public func concurrentMap<Value: Sendable>(
    _ plan: Plan, _ transform: @escaping @Sendable (Element) throws -> Value
  ) async throws -> [Value] {
    let cancellation = Cancellation()
    let work = MapWork(Array(self), plan, cancellation, transform)
    return try await withTaskCancellationHandler {
      var thread: WorkerThread?
      let result = try await withCheckedThrowingContinuation { continuation in
        do throws(AdvisorError) {
          thread = try WorkerThread { continuation.resume(returning: Result { try work.run() }) }
        } catch {
          continuation.resume(throwing: error)
        }
      }
      thread?.join()
      return try result.get()
    } onCancel: {
      cancellation.cancel()
    }
  }
}
