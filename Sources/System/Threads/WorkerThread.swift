package import AdvisorCore
private import Glibc

/// A kernel thread that runs one function; it must be joined.
package struct WorkerThread: Sendable {
  private let handle: pthread_t

  /// Starts a thread.
  ///
  /// - Throws: `.temporary` where a limit on threads or memory is reached.
  package init(_ body: @escaping @Sendable () -> Void) throws(AdvisorError) {
    var handle = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let code = pthread_create(
      &handle, nil,
      { argument in
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      box.release()
      throw AdvisorError(
        .temporary, "cannot start a thread: \(Errno(code).text)",
        advice: "use fewer workers, or raise the limit on processes (ulimit -u, the cgroup's pids.max)")
    }
    self.handle = handle
  }

  /// Waits for the thread to end.
  package func join() { pthread_join(handle, nil) }

  private final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
