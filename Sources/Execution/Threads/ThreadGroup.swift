import AdvisorCore
import Probe

/// Threads that belong to one run: started together, all joined before it returns.
enum ThreadGroup {
  /// Runs `body` with the number of each thread, on the CPU that the plan gives it.
  ///
  /// Where a thread cannot be started or its body throws, the reason goes to the ledger and the others are stopped.
  static func run(
    _ count: Int, _ cpus: [Int]?, _ ledger: Ledger, _ stop: Cancellation,
    _ body: @escaping @Sendable (Int) throws(AdvisorError) -> Void
  ) {
    var threads: [WorkerThread] = []
    threads.reserveCapacity(count)
    do throws(AdvisorError) {
      for index in 0..<count {
        threads.append(try WorkerThread { work(index, cpus, ledger, stop, body) })
      }
    } catch {
      ledger.fail(error)
      stop.cancel()
    }
    for thread in threads { thread.join() }
  }

  private static func work(
    _ index: Int, _ cpus: [Int]?, _ ledger: Ledger, _ stop: Cancellation, _ body: (Int) throws(AdvisorError) -> Void
  ) {
    do throws(AdvisorError) {
      // Before anything is allocated: memory comes from the node of the CPU that first touches it.
      if let cpus { try Affinity.pinCurrentThread(to: [cpus[index % cpus.count]]) }
      try body(index)
    } catch {
      ledger.fail(error)
      stop.cancel()
    }
  }
}
