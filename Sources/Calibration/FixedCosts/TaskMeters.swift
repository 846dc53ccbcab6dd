import AdvisorCore
import Dispatch
import Synchronization
import System

extension Meter {
  /// Starting a child task and taking its result, as the executor of Swift tasks does.
  ///
  /// While another thread of the pool is awake it takes the child, which costs 1.6 µs where it is 0.6 µs on one thread.
  static var taskHop: Meter {
    Meter(.taskHop, .unpinned, dependsOnOrder: true) { count in
      runAndWait {
        let start = MonotonicClock.seconds
        await withTaskGroup(of: Void.self) { group in
          for _ in 0..<count {
            group.addTask {}
            await group.next()
          }
        }
        return MonotonicClock.seconds - start
      }
    }
  }

  /// A call to an actor and back.
  static var actorHop: Meter {
    Meter(.actorHop, .unpinned) { count in
      runAndWait {
        let counter = Counter()
        let start = MonotonicClock.seconds
        for _ in 0..<count { await counter.add() }
        return MonotonicClock.seconds - start
      }
    }
  }
}

private actor Counter {
  private var count = 0
  func add() { count += 1 }
}

/// Runs an asynchronous measurement while this thread waits.
private func runAndWait(_ body: @escaping @Sendable () async -> Double) -> Double {
  let result = Result()
  let ended = DispatchSemaphore(value: 0)
  Task {
    let seconds = await body()
    result.seconds.withLock { $0 = seconds }
    ended.signal()
  }
  ended.wait()
  return result.seconds.withLock { $0 }
}

private final class Result: Sendable {
  let seconds = Mutex(0.0)
}
