import AdvisorCore
import Probe
import Workloads
import System

/// Threads that each hold a workload of their own, of which the first few work at a time.
///
/// They are kept between measurements: mapping memory and opening files again would take longer than measuring.
final class ThreadTeam {
  /// What a thread is to do: work from `start` to `deadline`, or end.
  private struct Order: Sendable {
    var number = 0
    var start = 0.0
    var deadline = 0.0
    var isEnding = false
  }

  /// What the threads of a slice did together.
  struct Pace: Sendable {
    /// Each by its own end: the last holds up none of the others.
    var unitsPerSecond = 0.0
    /// CPUs that they kept busy.
    var cpus = 0.0
    fileprivate(set) var units = 0
    /// Until the last had ended.
    fileprivate(set) var seconds = 0.0

    /// Of what the threads share, such as a disk: who ends early leaves it to the others, so that rates by their own ends add up
    /// to more than there is, with a unit or two each to 1.5 times as much.
    var unitsPerSecondOfAll: Double { Double(units) / max(seconds, 1e-9) }

    mutating func add(_ other: Pace) {
      unitsPerSecond += other.unitsPerSecond
      cpus += other.cpus
      units += other.units
      seconds = max(seconds, other.seconds)
    }
  }

  private struct Report: Sendable {
    var awaited: Int
    var pace = Pace()
    var failure: AdvisorError?
  }

  /// To wake one thread and have it run takes less; earlier orders are so not ahead of later ones.
  private static let wakeSeconds = 20e-6

  /// One each: at a common one the idle would wake too, and all queue for its lock while they should work.
  private let orders: [Monitor<Order>]
  private let report: Monitor<Report>
  private var threads: [WorkerThread] = []
  /// How many of them have a CPU, or a turn, of their own.
  private let places: Int
  /// Slices of a single thread so far.
  private var singles = 0

  /// - Parameters:
  ///   - cpus: where thread i runs: `cpus[i % cpus.count]`; nil leaves it to the kernel.
  ///   - memoryCPUs: where the workloads are made, and their memory therefore is; by default where they run.
  ///   - make: makes the workload of a thread, on that thread.
  init(
    _ count: Int, cpus: [Int]?, memoryCPUs: [Int]? = nil,
    _ make: @escaping @Sendable (Int) throws(AdvisorError) -> any Workload
  ) throws(AdvisorError) {
    orders = (0..<count).map { _ in Monitor(Order()) }
    report = Monitor(Report(awaited: count))
    places = max(1, min(count, cpus?.count ?? count))
    let report = report
    for (index, order) in orders.enumerated() {
      threads.append(
        try WorkerThread {
          let runsOn = cpus.map { CPUSet([$0[index % $0.count]]) }
          let isMadeOn = memoryCPUs.map { CPUSet([$0[index % $0.count]]) } ?? runsOn
          if let isMadeOn { Affinity.pinCurrentThread(to: isMadeOn) }
          Self.work(order, report) { () throws(AdvisorError) in
            let workload = try make(index)
            if let runsOn { Affinity.pinCurrentThread(to: runsOn) }
            return workload
          }
        })
    }
    _ = try finished()
  }

  deinit {
    orders.forEach { $0.signal { $0.isEnding = true } }
    threads.forEach { $0.join() }
  }

  /// Units that the first `active` threads did in a second, over a slice of a given number of seconds.
  ///
  /// A single one is another each time: what one CPU suffers from its neighbours must not be the base of a whole curve.
  ///
  /// - Throws: what the workload of one of them has thrown.
  func rate(active: Int, seconds: Double) throws(AdvisorError) -> Double {
    try pace(active: active, seconds: seconds).unitsPerSecond
  }

  func pace(active: Int, seconds: Double) throws(AdvisorError) -> Pace {
    let active = min(active, threads.count)
    report.withLock { $0 = Report(awaited: active) }
    let start = MonotonicClock.seconds + Self.wakeSeconds * Double(active)
    let first = active == 1 ? singles % places : 0
    if active == 1 { singles += 1 }
    for order in orders[first..<first + active] {
      order.signal { order in
        order.number += 1
        order.start = start
        order.deadline = start + seconds
      }
    }
    return try finished().pace
  }

  private func finished() throws(AdvisorError) -> Report {
    let report = report.wait { $0.awaited == 0 ? $0 : nil }
    if let failure = report.failure { throw failure }
    return report
  }

  private static func work(
    _ orders: Monitor<Order>, _ report: Monitor<Report>, _ make: () throws(AdvisorError) -> any Workload
  ) {
    let workload: any Workload
    do throws(AdvisorError) {
      workload = try make()
    } catch {
      return tell(report) { $0.failure = error }
    }
    tell(report) { _ in }
    var seen = 0
    while true {
      let order = orders.wait { $0.isEnding || $0.number > seen ? $0 : nil }
      if order.isEnding { return }
      seen = order.number
      do throws(AdvisorError) {
        let pace = try Self.pace(of: workload, order)
        tell(report) { $0.pace.add(pace) }
      } catch {
        tell(report) { $0.failure = error }
      }
    }
  }

  private static func pace(of workload: any Workload, _ order: Order) throws(AdvisorError) -> Pace {
    while MonotonicClock.seconds < order.start {}
    let cpuStart = CPUClock.threadSeconds
    var units = 0
    while MonotonicClock.seconds < order.deadline {
      _ = try workload.run(units: workload.sliceUnits)
      units += workload.sliceUnits
    }
    let seconds = max(MonotonicClock.seconds - order.start, 1e-9)
    return Pace(
      unitsPerSecond: Double(units) / seconds, cpus: (CPUClock.threadSeconds - cpuStart) / seconds, units: units,
      seconds: seconds)
  }

  private static func tell(_ report: Monitor<Report>, _ change: (inout Report) -> Void) {
    let isLast = report.withLock { report in
      change(&report)
      report.awaited -= 1
      return report.awaited == 0
    }
    // Nobody but the caller waits, and only for the last.
    if isLast { report.signal { _ in } }
  }
}
