/// Downloads that wait, by host: hosts take turns, and none gets more requests at once than it has shown to bear.
struct HostQueues {
  private struct Host {
    /// Indices of downloads, next last.
    var waiting: [Int] = []
    var inFlight = 0
    /// The most at once; shrinks when the host refuses, and grows again when it serves.
    var limit: Int
    /// Downloads to be served before the limit grows by one; twice as many once that was refused.
    var patience = 8
    var served = 0
    var hasGrown = false
    var isReady = false
  }

  private let most: Int
  private var hosts: [Host] = []
  private var numbers: [String: Int] = [:]
  private let hostOf: [Int]
  /// Hosts with something to start and room for it, in turn.
  private var ready: [Int] = []
  private(set) var waiting = 0

  /// - Parameter perHost: the user's bound.
  init(_ downloads: [Download], perHost: Int?) {
    most = perHost ?? .max
    var hosts: [Host] = []
    var numbers: [String: Int] = [:]
    hostOf = downloads.map { download in
      if let number = numbers[download.host] { return number }
      numbers[download.host] = hosts.count
      hosts.append(Host(limit: perHost ?? .max))
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
      // Its limit may have shrunk since.
      guard hosts[number].inFlight < hosts[number].limit, let index = hosts[number].waiting.popLast() else { continue }
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
  mutating func end(_ index: Int, served: Bool, refused: Bool = false) -> Int {
    let number = hostOf[index]
    hosts[number].inFlight -= 1
    let others = hosts[number].inFlight
    if refused {
      if hosts[number].hasGrown { hosts[number].patience = min(4096, hosts[number].patience * 2) }
      hosts[number].limit = max(1, min(hosts[number].limit, others))
      (hosts[number].served, hosts[number].hasGrown) = (0, false)
    } else if served, hosts[number].limit < most {
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
    let host = hosts[number]
    guard !host.isReady, !host.waiting.isEmpty, host.inFlight < host.limit else { return }
    hosts[number].isReady = true
    ready.insert(number, at: 0)
  }
}
