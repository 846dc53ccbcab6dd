package import AdvisorCore

/// Threads that start programs while the one that asks for them goes on.
///
/// A start keeps its thread until the program is there (vfork(2)), a third of a millisecond of which it computes a tenth. The
/// threads live as long as this object, for their ends would kill the children of a guard (PR_SET_PDEATHSIG(2const)).
package final class Spawners {
  private struct Order: Sendable {
    var number: Int
    var launch: Launch
    var protection: ProcessGuard.Entry?
  }

  private struct Desk: Sendable {
    /// The next one is the last.
    var orders: [Order] = []
    var isClosed = false
  }

  /// What became of an order.
  package struct Report: Sendable {
    package let number: Int
    let protection: ProcessGuard.Entry?
    let started: Result<ChildProcess.Started, AdvisorError>

    package func child() throws(AdvisorError) -> ChildProcess {
      try ChildProcess(started.get(), protection: protection)
    }
  }

  /// One each: at a common one all would wake for an order.
  private let desks: [Monitor<Desk>]
  private let reports = Monitor<[Report]>([])
  private let news: EventCounter
  private var threads: [WorkerThread] = []
  private var next = 0
  /// Orders whose reports have not been taken yet.
  package private(set) var pending = 0

  /// - Throws: `AdvisorError` (temporary) where the system is short of threads or descriptors.
  package init(threads count: Int) throws(AdvisorError) {
    guard let news = EventCounter() else {
      throw AdvisorError(
        .temporary, "cannot hear of programs that are being started: \(Errno.last.text)",
        advice: "raise the limit on open files (ulimit -n)")
    }
    self.news = news
    desks = (0..<max(1, count)).map { _ in Monitor(Desk()) }
    for desk in desks {
      threads.append(try WorkerThread { [reports] in Self.work(at: desk, reports, news) })
    }
  }

  deinit {
    for desk in desks { desk.signal { $0.isClosed = true } }
    for thread in threads { thread.join() }
    // Children that nobody has taken are killed and reaped here.
    while let report = take() { _ = try? report.child() }
  }

  /// Turns readable when a start is over: for poll and epoll.
  package var descriptor: Int32 { news.descriptor }

  /// Has a program started; ``take()`` tells what became of it.
  package func start(_ number: Int, _ launch: Launch, protection: ProcessGuard.Entry?) {
    pending += 1
    next = (next + 1) % desks.count
    desks[next].signal { $0.orders.insert(Order(number: number, launch: launch, protection: protection), at: 0) }
  }

  /// What became of one of the programs; nil where no start is over since the last call.
  package func take() -> Report? {
    _ = news.take()
    guard let report = reports.withLock({ $0.popLast() }) else { return nil }
    pending -= 1
    return report
  }

  /// The same, once one is over; there must be one ``pending``.
  package func wait() -> Report {
    let report = reports.wait { $0.popLast() }
    pending -= 1
    return report
  }

  private static func work(at desk: Monitor<Desk>, _ reports: Monitor<[Report]>, _ news: EventCounter) {
    func next() -> Order? {
      desk.wait { desk in desk.orders.isEmpty && !desk.isClosed ? nil : .some(desk.orders.popLast()) }
    }
    while let order = next() {
      let started = Result { () throws(AdvisorError) in try ChildProcess.start(order.launch, order.protection) }
      reports.signal { $0.append(Report(number: order.number, protection: order.protection, started: started)) }
      news.add()
    }
  }
}
