internal import AdvisorCore

/// Downloads that wait, by host: hosts take turns, and none gets more requests at once than it has been seen to
/// accept and to answer faster with.
struct HostQueues {
  private struct Host {
    /// Indices of downloads, next last.
    var waiting: [Int] = []
    var inFlight = 0
    var flow: FlowController
    var pace: ConnectionPace
    /// Of transfers that have ended.
    var reading = FlowController.Reading()
    /// Bytes of transfers under way.
    var arriving = 0
    /// The most at once; shrinks when the host refuses, and grows again when it serves.
    var limit = Int.max
    /// Downloads to be served before the limit grows by one; twice as many once that was refused.
    var patience = 8
    var served = 0
    var hasGrown = false
    var isReady = false

    init(_ flow: FlowController, isFixed: Bool) {
      self.flow = flow
      pace = ConnectionPace(isFixed: isFixed)
    }

    var wanted: Int { min(flow.inFlight, pace.window) }

    var hasRoom: Bool { inFlight < min(limit, wanted) }
  }

  /// The most in flight, ever.
  let maxInFlight: Int
  /// The most in flight for now, to all hosts together.
  private(set) var total: Int
  private let perHost: Int
  private var hosts: [Host] = []
  private let hostOf: [Int]
  /// Hosts with something to start and room for it, in turn.
  private var ready: [Int] = []
  private(set) var waiting = 0

  /// - Parameters:
  ///   - maxInFlight: to all hosts together.
  ///   - workers: in flight to all hosts together, as the user wants it; nil lets each host's number be found.
  ///   - perHost: the user's bound.
  init(_ downloads: [Download], maxInFlight: Int, workers: Int? = nil, perHost: Int? = nil) {
    self.maxInFlight = max(1, maxInFlight)
    total = min(workers ?? maxInFlight, self.maxInFlight)
    self.perHost = perHost ?? .max
    let flow = FlowController(maxInFlight: min(total, self.perHost), fixed: workers, at: 0)
    var hosts: [Host] = []
    var numbers: [String: Int] = [:]
    hostOf = downloads.map { download in
      let host = download.host
      if let number = numbers[host] { return number }
      numbers[host] = hosts.count
      hosts.append(Host(flow, isFixed: workers != nil))
      return hosts.count - 1
    }
    self.hosts = hosts
  }

  mutating func add(_ index: Int) {
    hosts[hostOf[index]].waiting.append(index)
    waiting += 1
    enqueue(hostOf[index])
  }

  /// Takes the next download that may start; it then counts as in flight.
  mutating func next() -> Int? {
    while let number = ready.popLast() {
      hosts[number].isReady = false
      // It may have shrunk since.
      guard hosts[number].hasRoom, let index = hosts[number].waiting.popLast() else { continue }
      hosts[number].inFlight += 1
      waiting -= 1
      enqueue(number)
      return index
    }
    return nil
  }

  /// A download is no longer in flight.
  ///
  /// - Parameters:
  ///   - served: whether the host has served it.
  ///   - refused: whether it said that this was too much at once (429 or 503): its place is not filled again.
  /// - Returns: how many others the host had in flight.
  @discardableResult
  mutating func end(_ index: Int, served: Bool = false, refused: Bool = false) -> Int {
    let number = hostOf[index]
    hosts[number].inFlight -= 1
    let others = hosts[number].inFlight
    if refused {
      if hosts[number].hasGrown { hosts[number].patience = min(4096, hosts[number].patience * 2) }
      hosts[number].limit = max(1, min(hosts[number].limit, others))
      (hosts[number].served, hosts[number].hasGrown) = (0, false)
    } else if served, hosts[number].limit < .max {
      hosts[number].served += 1
      if hosts[number].served >= hosts[number].patience {
        (hosts[number].served, hosts[number].hasGrown) = (0, true)
        hosts[number].limit += 1
      }
    }
    enqueue(number)
    return others
  }

  private mutating func enqueue(_ number: Int) {
    guard !hosts[number].isReady, !hosts[number].waiting.isEmpty, hosts[number].hasRoom else { return }
    hosts[number].isReady = true
    ready.insert(number, at: 0)
  }
}

/// How many each host gets.
extension HostQueues {
  /// Why, for the host that has most in flight.
  var reason: ConcurrencyReason? { hosts.max { $0.inFlight < $1.inFlight }?.flow.reason }

  /// How long a connection for a download is waited for; nil as long as usual.
  func patienceSeconds(for index: Int) -> Double? { hosts[hostOf[index]].pace.patienceSeconds }

  /// Takes in how a request has ended, while it still counts as in flight.
  ///
  /// - Parameters:
  ///   - connectSeconds: 0 for a connection that was used again; nil for one that was given up.
  ///   - answerSeconds: from then to the first byte of the answer.
  ///   - start: when it began.
  mutating func answered(
    _ index: Int, connectSeconds: Double?, answerSeconds: Double, from start: Double, to now: Double
  ) {
    let number = hostOf[index]
    let count = hosts[number].pace.ended(
      connectSeconds: connectSeconds, answerSeconds: answerSeconds, from: start, to: now,
      inFlight: hosts[number].inFlight - 1)
    if let count { hosts[number].flow.cap(at: count, hosts[number].reading, at: now) }
  }

  /// Takes in what a transfer was like that has ended.
  mutating func add(_ reading: FlowController.Reading, of index: Int) { hosts[hostOf[index]].reading += reading }

  /// Adjusts the numbers of those hosts for which downloads wait; elsewhere it is not the number that decides.
  ///
  /// - Parameters:
  ///   - cpuSeconds: of the thread that downloads, since the start of the run.
  ///   - arriving: the bytes of each transfer under way, by the index of its download.
  mutating func look(at now: Double, cpuSeconds: Double, arriving: some Sequence<(index: Int, bytes: Int)>) {
    for (index, bytes) in arriving { hosts[hostOf[index]].arriving += bytes }
    for number in hosts.indices where hosts[number].inFlight > 0 {
      var reading = hosts[number].reading
      reading.bytes += hosts[number].arriving
      reading.cpuSeconds = cpuSeconds
      hosts[number].arriving = 0
      guard !hosts[number].waiting.isEmpty, hosts[number].inFlight >= hosts[number].wanted * 3 / 4 else {
        continue
      }
      hosts[number].flow.look(reading, at: now)
      enqueue(number)
    }
  }

  /// The user asks for more in flight, or below 0 for fewer, and from now on for no other number.
  mutating func ask(more: Int) {
    let wanted = hosts.reduce(0) { $0 + ($1.inFlight > 0 || !$1.waiting.isEmpty ? $1.flow.inFlight : 0) }
    total = max(1, min(maxInFlight, min(total, wanted) + more))
    for number in hosts.indices {
      hosts[number].flow.fix(at: min(total, perHost))
      hosts[number].pace = ConnectionPace(isFixed: true)
      enqueue(number)
    }
  }
}
