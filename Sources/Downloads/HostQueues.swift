internal import AdvisorCore

/// Downloads that wait, by host: hosts take turns, and none gets more requests at once than it has been seen to
/// accept and to answer faster with.
struct HostQueues {
  private struct Host {
    /// Indices of downloads, next last.
    var waiting: [Int] = []
    var inFlight = 0
    var flow: FlowController
    var patience = ConnectionPatience()
    /// Of transfers that have ended.
    var reading = FlowController.Reading()
    /// Bytes of transfers under way.
    var arriving = 0
    /// The most at once; shrinks when the host refuses, and grows again when it serves.
    var limit = Int.max
    /// Downloads to be served before the limit grows by one; twice as many once that was refused.
    var probation = 8
    var served = 0
    var hasGrown = false
    /// Answers that came wholly.
    var answers = 0
    var isReady = false

    init(_ flow: FlowController) { self.flow = flow }

    var hasRoom: Bool { inFlight < min(limit, flow.inFlight) }
  }

  /// The most in flight, ever.
  let maxInFlight: Int
  /// The most in flight for now, to all hosts together.
  private(set) var total: Int
  private let perHost: Int
  private var hosts: [Host] = []
  private let hostOf: [Int]
  /// Of hosts by their names, where their numbers in flight are found.
  private let numbers: [String: Int]?
  /// How many its host had in flight with each download, and had served, when it was last started.
  private var atStart: [(inFlight: Int, answers: Int)]
  /// Hosts with something to start and room for it, in turn.
  private var ready: [Int] = []
  private(set) var waiting = 0

  /// - Parameters:
  ///   - maxInFlight: to all hosts together.
  ///   - workers: in flight to all hosts together, as the user wants it; nil lets each host's number be found.
  ///   - perHost: the user's bound.
  ///   - expected: in flight at the end of earlier runs, of the hosts that it is asked for.
  init(
    _ downloads: [Download], maxInFlight: Int, workers: Int? = nil, perHost: Int? = nil,
    expected: ([String]) -> [String: Int] = { _ in [:] }
  ) {
    self.maxInFlight = max(1, maxInFlight)
    total = min(workers ?? maxInFlight, self.maxInFlight)
    self.perHost = perHost ?? .max
    let most = min(total, self.perHost)
    var names: [String] = []
    var numbers: [String: Int] = [:]
    hostOf = downloads.map { download in
      let host = download.host
      if let number = numbers[host] { return number }
      numbers[host] = names.count
      names.append(host)
      return names.count - 1
    }
    let past = workers == nil ? expected(names) : [:]
    hosts = names.map { Host(FlowController(maxInFlight: most, fixed: workers, expected: past[$0], at: 0)) }
    self.numbers = workers == nil ? numbers : nil
    atStart = Array(repeating: (0, 0), count: downloads.count)
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
      atStart[index] = (hosts[number].inFlight, hosts[number].answers)
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
    if served { hosts[number].answers += 1 }
    if refused {
      if hosts[number].hasGrown { hosts[number].probation = min(4096, hosts[number].probation * 2) }
      hosts[number].limit = max(1, min(hosts[number].limit, others))
      (hosts[number].served, hosts[number].hasGrown) = (0, false)
    } else if served, hosts[number].limit < .max {
      hosts[number].served += 1
      if hosts[number].served >= hosts[number].probation {
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
  /// Requests in flight, as it was found so far, by host; nil where the user has set the number.
  var found: [String: Int]? { numbers?.mapValues { min(hosts[$0].limit, hosts[$0].flow.inFlight) } }

  /// Why, for the host that has most in flight.
  var reason: ConcurrencyReason? { hosts.max { $0.inFlight < $1.inFlight }?.flow.reason }

  /// How long a connection for a download is waited for; nil as long as usual.
  func patienceSeconds(for index: Int) -> Double? { hosts[hostOf[index]].patience.seconds }

  /// Takes in that the first answer of a host begins.
  ///
  /// - Parameter seconds: from when its connection stood.
  mutating func began(_ index: Int, after seconds: Double, at now: Double) {
    hosts[hostOf[index]].flow.began(after: seconds, at: now)
  }

  /// Takes in how a request has ended, while it still counts as in flight.
  ///
  /// - Parameters:
  ///   - connectSeconds: 0 for a connection that was used again; nil for one that was given up or refused.
  ///   - answer: what it was like; nil where none came, or one that was no service.
  ///   - start: when it began.
  mutating func answered(
    _ index: Int, connectSeconds: Double?, _ answer: FlowController.Reading?, from start: Double, to now: Double
  ) {
    let number = hostOf[index]
    let count = hosts[number].patience.ended(
      connectSeconds: connectSeconds, from: start, to: now, beside: hosts[number].inFlight - 1)
    if let count { return hosts[number].flow.cap(at: count, hosts[number].reading, at: now) }
    guard let answer else { return }
    hosts[number].flow.answered(answer, inFlight: atStart[index].inFlight, from: start, at: now)
    enqueue(number)
  }

  /// The host of a download answers many on one connection.
  mutating func multiplexes(_ index: Int, at now: Double) { hosts[hostOf[index]].flow.multiplexes(at: now) }

  /// Whether the host of a download has served others wholly since that was last started.
  func hasServed(since index: Int) -> Bool { hosts[hostOf[index]].answers > atStart[index].answers }

  /// Whether there is a host that has not begun to answer, and may be far away.
  var hasStrangers: Bool { hosts.contains { $0.inFlight > 0 && $0.flow.isStranger } }

  /// Whether the number of a host grows by the clock.
  var isPaced: Bool { hosts.contains { !$0.waiting.isEmpty && $0.flow.isPaced } }

  /// Takes in for how long the handshake of a download's connection has been pending, in seconds.
  mutating func connecting(_ index: Int, since seconds: Double, at now: Double) {
    hosts[hostOf[index]].flow.connecting(since: seconds, at: now)
  }

  /// Takes in that a connection for a download stands.
  ///
  /// - Parameter seconds: of the TCP handshake.
  mutating func connected(_ index: Int, after seconds: Double, at now: Double) {
    hosts[hostOf[index]].flow.connected(after: seconds, at: now)
  }

  /// Takes in what a transfer was like that has ended.
  mutating func add(_ reading: FlowController.Reading, of index: Int) { hosts[hostOf[index]].reading += reading }

  /// Adjusts the numbers of those hosts for which downloads wait; elsewhere it is not the number that decides.
  /// Returns whether one of them still grows.
  ///
  /// - Parameters:
  ///   - cpuSeconds: of the thread that downloads, since the start of the run.
  ///   - arriving: the bytes of each transfer under way, by the index of its download.
  mutating func look(at now: Double, cpuSeconds: Double, arriving: some Sequence<(index: Int, bytes: Int)>) -> Bool {
    var isGrowing = false
    for (index, bytes) in arriving { hosts[hostOf[index]].arriving += bytes }
    for number in hosts.indices where hosts[number].inFlight > 0 {
      var reading = hosts[number].reading
      reading.bytes += hosts[number].arriving
      reading.cpuSeconds = cpuSeconds
      hosts[number].arriving = 0
      guard !hosts[number].waiting.isEmpty, hosts[number].inFlight >= hosts[number].flow.inFlight * 3 / 4 else {
        continue
      }
      hosts[number].flow.look(reading, at: now)
      isGrowing = isGrowing || hosts[number].flow.isGrowing
      enqueue(number)
    }
    return isGrowing
  }

  /// The user asks for more in flight, or below 0 for fewer, and from now on for no other number.
  mutating func ask(more: Int) {
    let wanted = hosts.reduce(0) { $0 + ($1.inFlight > 0 || !$1.waiting.isEmpty ? $1.flow.inFlight : 0) }
    total = max(1, min(maxInFlight, min(total, wanted) + more))
    for number in hosts.indices {
      hosts[number].flow.fix(at: min(total, perHost))
      enqueue(number)
    }
  }
}
