import AdvisorCore
import Probe
import System

/// Threads that belong to one run: started together, all joined before it returns.
enum ThreadGroup {
  /// Runs `body` with the number of each thread, on the CPU that it is given; nil leaves it to the kernel.
  ///
  /// Where a thread cannot be started or its body throws, the reason goes to the ledger and the others are stopped.
  static func run(
    _ cpus: [Int?], _ ledger: Ledger, _ stop: Cancellation,
    _ body: @escaping @Sendable (Int) throws(AdvisorError) -> Void
  ) {
    var threads: [WorkerThread] = []
    threads.reserveCapacity(cpus.count)
    do throws(AdvisorError) {
      for (index, cpu) in cpus.enumerated() {
        threads.append(try WorkerThread { work(index, cpu, ledger, stop, body) })
      }
    } catch {
      ledger.fail(error)
      stop.cancel()
    }
    for thread in threads { thread.join() }
  }

  private static func work(
    _ index: Int, _ cpu: Int?, _ ledger: Ledger, _ stop: Cancellation, _ body: (Int) throws(AdvisorError) -> Void
  ) {
    do throws(AdvisorError) {
      // Before anything is allocated: memory comes from the node of the CPU that first touches it.
      if let cpu { Affinity.pinCurrentThread(to: [cpu]) }
      try body(index)
    } catch {
      ledger.fail(error)
      stop.cancel()
    }
  }
}

extension Plan {
  /// Where the one thread of a strategy that has no more runs; nil leaves it to the kernel.
  var firstCPU: CPUSet? { cpus?.first.map { [$0] } }

  /// The CPU of a worker; nil leaves it to the kernel.
  func cpu(ofWorker index: Int) -> Int? { cpus.map { $0[index % $0.count] } }

  /// The CPUs of that many workers in turn.
  func cpus(ofWorkers count: Int) -> [Int?] { (0..<count).map(cpu(ofWorker:)) }
}
