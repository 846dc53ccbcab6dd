package import AdvisorCore
import Glibc
package import Executors
package import System

/// Runs a job with the test build of the program as its worker.
package func observe(
  _ job: String, _ plan: Plan, progress: Progress = Progress(), cancellation: Cancellation = Cancellation(),
  workerProgram: String = BuiltProgram.path, _ change: (inout RunRequest) -> Void = { _ in }
) async throws -> JobRun {
  var request = RunRequest(job: try Job(job), plan: plan, workerProgram: workerProgram)
  change(&request)
  return try await onThread { [request] () throws(AdvisorError) in
    try executor(for: plan.strategy).run(request, progress: progress, cancellation: cancellation)
  }
}

/// Runs a function that blocks on a thread of its own: tests run on the cooperative pool, whose few threads the
/// executor of Swift tasks needs.
package func onThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws(AdvisorError) -> Value
) async throws -> Value {
  var thread: WorkerThread?
  let result: Result<Value, AdvisorError> = try await withCheckedThrowingContinuation { continuation in
    do {
      thread = try WorkerThread { continuation.resume(returning: Result { () throws(AdvisorError) in try body() }) }
    } catch {
      continuation.resume(throwing: error)
    }
  }
  thread?.join()
  return try result.get()
}
