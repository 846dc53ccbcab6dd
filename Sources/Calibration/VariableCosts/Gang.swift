import AdvisorCore
import Execution
import Probe
import Workloads

/// Threads that each hold a workload of their own, of which the first few work at a time.
///
/// They are kept between measurements: mapping memory and opening files again would take longer than measuring.
final class Gang {
  /// What the threads are to do: a deadline for the first `active` of them, or to end.
  private struct Order: Sendable {
    var number = 0
    var active = 0
    var deadline = 0.0
    var finished = 0
    var units = 0
    var ready = 0
    var failure: AdvisorError?
    var isEnding = false
  }

  private let order = Monitor(Order())
  private var threads: [WorkerThread] = []

  /// - Parameters:
  ///   - cpus: where thread i runs: `cpus[i % cpus.count]`; nil leaves it to the kernel.
  ///   - memoryCPUs: where the workloads are made, and their memory therefore is; by default where they run.
  ///   - make: makes the workload of a thread, on that thread.
  init(
    _ count: Int, cpus: [Int]?, memoryCPUs: [Int]? = nil,
    _ make: @escaping @Sendable (Int) throws(AdvisorError) -> any Workload
  ) throws(AdvisorError) {
    let order = order
    for index in 0..<count {
      threads.append(
        try WorkerThread {
          let runsOn = cpus.map { CPUSet([$0[index % $0.count]]) }
          let isMadeOn = memoryCPUs.map { CPUSet([$0[index % $0.count]]) } ?? runsOn
          if let isMadeOn { try? Affinity.pinCurrentThread(to: isMadeOn) }
          Self.work(index, order) { index throws(AdvisorError) in
            let workload = try make(index)
            if let runsOn { try? Affinity.pinCurrentThread(to: runsOn) }
            return workload
          }
        })
    }
    order.wait { $0.ready == count ? () : nil }
    if let failure = order.withLock({ $0.failure }) { throw failure }
  }

  deinit {
    order.signal { $0.isEnding = true }
    threads.forEach { $0.join() }
  }

  /// Units that the first `active` threads did in a second, over a slice of so many seconds.
  func rate(active: Int, seconds: Double) -> Double {
    let start = Stopwatch.wall()
    order.signal { order in
      order.number += 1
      order.active = min(active, threads.count)
      order.deadline = start + seconds
      order.finished = 0
      order.units = 0
    }
    let units = order.wait { $0.finished == $0.active ? $0.units : nil }
    return Double(units) / max(Stopwatch.wall() - start, 1e-9)
  }

  private static func work(
    _ index: Int, _ order: Monitor<Order>, _ make: (Int) throws(AdvisorError) -> any Workload
  ) {
    do throws(AdvisorError) {
      let workload = try make(index)
      order.signal { $0.ready += 1 }
      var seen = 0
      while true {
        let next = order.wait { $0.isEnding || ($0.number > seen && index < $0.active) ? $0 : nil }
        if next.isEnding { return }
        seen = next.number
        var units = 0
        while Stopwatch.wall() < next.deadline {
          _ = try workload.run(units: workload.sliceUnits)
          units += workload.sliceUnits
        }
        order.signal { [units] order in
          order.units += units
          order.finished += 1
        }
      }
    } catch {
      order.signal { order in
        order.failure = error
        order.ready += 1
        order.finished += 1
      }
    }
  }
}
