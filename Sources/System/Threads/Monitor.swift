private import Glibc

/// State behind a lock, with threads that wait until it has changed.
///
/// `@unchecked Sendable`: `state` is only touched between `pthread_mutex_lock` and `pthread_mutex_unlock`, and the state
/// that goes in or comes out is `Sendable`.
package final class Monitor<State: Sendable>: @unchecked Sendable {
  private var state: State
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  package init(_ state: State) {
    self.state = state
    mutex.initialize(to: pthread_mutex_t())
    changed.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    // Waits must not lengthen when the date is set back.
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(changed, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Changes or reads the state.
  package func withLock<Result>(_ body: (inout State) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&state)
  }

  /// Changes the state and wakes the threads that wait for it.
  package func signal<Result>(_ body: (inout State) -> Result) -> Result {
    let result = withLock(body)
    pthread_cond_broadcast(changed)
    return result
  }

  /// Waits until `body` returns a value, and wakes the others that wait, since it may have changed the state.
  ///
  /// `body` is called again whenever the state was signalled, and every now and then, so that it can look for a
  /// cancellation, which signals nobody.
  package func wait<Result>(_ body: (inout State) -> Result?) -> Result {
    pthread_mutex_lock(mutex)
    defer {
      pthread_mutex_unlock(mutex)
      pthread_cond_broadcast(changed)
    }
    while true {
      if let result = body(&state) { return result }
      var deadline = timespec(nanoseconds: MonotonicClock.now + Cancellation.patience)
      pthread_cond_timedwait(changed, mutex, &deadline)
    }
  }
}
