import AdvisorCore
import Transfer
import Workloads
import System

/// Carries items through stages that wait or download, many at a time, on one thread.
struct OperationLoop: ~Copyable {
  /// An item under way, in one stage.
  private struct Operation {
    var task: Int
    var stage: Int
    var started: UInt64
  }

  private let stages: [StageWork]
  private let addresses: [DownloadAddress?]
  private let progress: Progress
  private let inFlight: Int
  private let queue: TaskQueue
  private var chunk = 0..<0
  private var timers = TimerHeap<Operation>()
  /// Nil where no stage downloads: libcurl is then never loaded.
  private var transfers: Loop?
  /// The operations that download, by the index that the transfers know them by.
  private var downloads: [Operation?]
  private var freeDownloads: [Int]
  private(set) var tally = Tally()

  init(_ assignment: Assignment, _ progress: Progress) throws(AdvisorError) {
    stages = assignment.stages
    addresses = stages.map { if case .fetch(let address) = $0.load { address } else { nil } }
    self.progress = progress
    inFlight = min(assignment.plan.workers, assignment.count)
    queue = assignment.makeQueue()
    let address = addresses.lazy.compactMap(\.self).first
    transfers = if let address { try Loop(inFlight: inFlight, address.options) } else { nil }
    downloads = Array(repeating: nil, count: address == nil ? 0 : inFlight)
    freeDownloads = Array(downloads.indices)
  }

  /// Runs until every item has ended, or until cancelled; what is then under way is given up.
  mutating func run(_ cancellation: Cancellation) throws(AdvisorError) {
    var underWay = 0
    while !cancellation.isCancelled {
      while underWay < inFlight, let task = nextTask() {
        underWay += 1
        underWay -= try begin(Operation(task: task, stage: 0, started: MonotonicClock.now))
      }
      guard underWay > 0 else { return }
      underWay -= try turnTransfers()
      underWay -= try fireTimers()
    }
  }

  private mutating func nextTask() -> Int? {
    if chunk.isEmpty { chunk = queue.next() ?? 0..<0 }
    return chunk.popFirst()
  }

  /// Starts an operation, or counts its item where it has been through all stages. Returns how many items ended.
  private mutating func begin(_ operation: Operation) throws(AdvisorError) -> Int {
    guard operation.stage < stages.count else { return end(operation, nil) }
    let units = stages[operation.stage].sizes[operation.task]
    if let url = addresses[operation.stage]?.url(bytes: units), let slot = freeDownloads.popLast() {
      downloads[slot] = operation
      try transfers?.start(url, index: slot)
    } else {
      timers.insert(operation, due: MonotonicClock.now + UInt64(units))
    }
    return 0
  }

  private mutating func end(_ operation: Operation, _ failure: String?) -> Int {
    tally.done += 1
    if let failure { tally.fail(operation.task, failure) }
    tally.durations.record(MonotonicClock.now - operation.started)
    progress.add(done: 1, failed: failure == nil ? 0 : 1)
    return 1
  }

  /// Waits for downloads and timers, whichever is first; sends on the items whose download has ended.
  private mutating func turnTransfers() throws(AdvisorError) -> Int {
    let now = MonotonicClock.now
    let wake = min(timers.earliest ?? .max, now + Cancellation.patience)
    guard freeDownloads.count < downloads.count else {
      if wake > now { MonotonicClock.sleep(until: wake) }
      return 0
    }
    var finished: [(Int, TransferResult)] = []
    do {
      let milliseconds = wake > now ? (wake - now + 999_999) / 1_000_000 : 0
      try transfers?.turn(atMost: Int(milliseconds)) { finished.append(($0, $1)) }
    } catch {
      throw error as? AdvisorError ?? AdvisorError(.unavailable, "\(error)", advice: "try again")
    }
    var ended = 0
    for (slot, result) in finished { ended += try advance(slot, result) }
    return ended
  }

  private mutating func advance(_ slot: Int, _ result: TransferResult) throws(AdvisorError) -> Int {
    guard var operation = downloads[slot] else { return 0 }
    downloads[slot] = nil
    freeDownloads.append(slot)
    let url = addresses[operation.stage]?.template ?? ""
    if let failure = result.failure(of: url) { return end(operation, failure) }
    operation.stage += 1
    return try begin(operation)
  }

  private mutating func fireTimers() throws(AdvisorError) -> Int {
    let now = MonotonicClock.now
    var ended = 0
    while var operation = timers.popDue(by: now) {
      operation.stage += 1
      ended += try begin(operation)
    }
    return ended
  }
}
