import Testing
@testable import Downloads

/// How many requests are in flight, against simulated servers.
@Suite struct FlowControllerTests {
  /// A link whose bytes a second and CPU follow from the requests in flight; looked at every 20 ms.
  private func settled(
    most: Int = 256, fixed: Int? = nil, seconds: Double = 60, waitShare: Double = 0.1,
    busy: (Int) -> Double = { _ in 0.1 },
    rate: (Int) -> Double
  ) -> [Int] {
    var flow = FlowController(maxInFlight: most, fixed: fixed, at: 0)
    var reading = FlowController.Reading()
    var counts: [Int] = []
    var ended = 0.0
    for step in 1...Int(seconds / 0.02) {
      let bytes = rate(flow.inFlight) * 0.02
      reading.bytes += Int(bytes)
      ended += bytes / 10_000
      let count = flow.inFlight
      for _ in reading.ended..<Int(ended) {
        // By Little's law.
        let seconds = Double(count) * 10_000 / rate(count)
        let start = seconds < 0.02 ? Double(step) * 0.02 - seconds : Double(step - 1) * 0.02
        let answer = FlowController.Reading(
          bytes: 10_000, ended: 1, firstByteSeconds: seconds * waitShare, totalSeconds: seconds)
        flow.answered(answer, inFlight: count, from: start, at: Double(step) * 0.02)
      }
      reading.ended = Int(ended)
      reading.cpuSeconds += busy(flow.inFlight) * 0.02
      reading.totalSeconds += Double(flow.inFlight) * 0.02
      reading.firstByteSeconds += Double(flow.inFlight) * 0.02 * waitShare
      flow.look(reading, at: Double(step) * 0.02)
      counts.append(flow.inFlight)
    }
    return counts
  }

  @Test("Requests that only wait are soon nearly as many as are allowed")
  func onlyWaiting() {
    let counts = settled(waitShare: 1) { 200_000 * Double($0) }
    #expect(counts[40] >= 240 && counts.last! >= 240, "\(counts.prefix(50))")
  }

  @Test("The number is found from which on a link brings no more", arguments: [10, 40, 100])
  func knee(knee: Int) {
    let counts = settled { 1e6 * Double(min($0, knee)) }
    #expect(counts.suffix(500).allSatisfy { $0 >= knee * 2 / 3 && $0 <= knee * 3 }, "\(counts.suffix(20))")
  }

  @Test("A thread that is seen to be busy all the time takes on no more")
  func busyThread() {
    // It is seen at the end of the first round.
    let counts = settled(busy: { _ in 0.95 }) { _ in 1e8 }
    #expect(counts.max() == counts[1] && counts[1] < 32)
  }

  @Test("The user's number and the most are kept to")
  func fixedNumber() {
    #expect(Set(settled(fixed: 5) { 1e6 * Double($0) }) == [5])
    #expect(Set(settled(most: 3, fixed: 5) { 1e6 * Double($0) }) == [3])
    #expect(settled(most: 20, waitShare: 1) { 1e6 * Double($0) }.max() == 20)
  }

  @Test("Nothing that comes is no reason for more")
  func nothingComes() {
    #expect(Set(settled { _ in 0 }) == [6])
  }
}

/// Slow start of TCP (RFC 5681, 3.1) grows by acknowledgements, twofold in a round trip; BBR starts 2.89-fold
/// (draft-ietf-ccwg-bbr, 2.4).
@Suite("How fast the number of requests grows") struct SlowStartTests {
  private func answer(after seconds: Double, body: Double = 0, bytes: Int = 10_000) -> FlowController.Reading {
    .init(bytes: bytes, ended: 1, firstByteSeconds: seconds, totalSeconds: seconds + body)
  }

  /// Rounds in which all that are in flight are answered, by a host that serves so many at once, 50 ms each.
  ///
  /// Returns how many were in flight in each round, and where the growth ended.
  private func rounds(_ places: Int, _ count: Int) -> (inFlight: [Int], end: Int?) {
    var growth = SlowStart(maxInFlight: 256, at: 0)
    var (reading, now, seen) = (FlowController.Reading(), 0.0, [Int]())
    for _ in 0..<count {
      let inFlight = growth.inFlight
      seen.append(inFlight)
      for number in 1...inFlight {
        // Whoever comes after the places are taken waits for the next turn.
        let turns = Double((number + places - 1) / places)
        growth.answered(
          answer(after: 0.05 * turns), inFlight: number, from: now, at: now + 0.05 * turns)
        reading.bytes += 10_000
      }
      now += 0.05 * Double((inFlight + places - 1) / places)
      if let end = growth.look(reading, at: now) { return (seen, end.inFlight) }
    }
    return (seen, nil)
  }

  @Test("Where all are answered as fast, but not soon, three times as many follow")
  func growth() {
    #expect(rounds(1000, 5).inFlight == [6, 18, 54, 162, 256])
  }

  @Test(
    "A host that serves fewer at once never gets more than three times of it, and is left with little more",
    arguments: [6, 10, 20, 40])
  func places(places: Int) throws {
    let run = rounds(places, 50)
    #expect(run.inFlight.max()! <= 3 * places)
    let end = try #require(run.end)
    #expect(end >= places * 2 / 3 && end <= places * 3 / 2, "\(run)")
  }

  @Test("A host that is known starts with what an earlier run has found", arguments: [3, 40])
  func expected(count: Int) {
    #expect(SlowStart(from: count, maxInFlight: 256, at: 0).inFlight == count)
    #expect(SlowStart(from: count, maxInFlight: 2, at: 0).inFlight == 2)
    var queues = HostQueues(
      (0..<100).map { Download(url: "http://\($0 % 2 == 0 ? "a" : "b")/\($0)", name: "\($0)", sha256: nil) },
      maxInFlight: 256,
      expected: { hosts in
        #expect(hosts == ["a", "b"])
        return ["a": count]
      })
    for index in 0..<100 { queues.add(index) }
    while queues.next() != nil {}
    #expect(queues.found == ["a": count, "b": 6])
  }

  @Test("Answers that wait for others from the start are no reason for more", arguments: [0.001, 0.0001])
  func queueing(each: Double) {
    var growth = SlowStart(maxInFlight: 256, at: 0)
    // A server of one thread, kept at six.
    for number in 1...30 {
      let seconds = each * Double(min(number, 6))
      growth.answered(answer(after: seconds), inFlight: min(number, 6), from: 0, at: each * Double(number))
    }
    #expect(growth.inFlight <= 7)
    let end = growth.look(.init(bytes: 30_000, ended: 30), at: 0.03)
    #expect(growth.inFlight > 6 || end?.inFlight == 6)
  }

  @Test(
    "An answer that came beside few is no evidence for many, and for fewer where it came soon",
    arguments: [(0.002, 2), (0.02, 3)])
  func evidence(seconds: Double, most: Int) {
    var growth = SlowStart(maxInFlight: 256, at: 0)
    for _ in 1...100 { growth.answered(answer(after: seconds), inFlight: 2, from: 0, at: seconds) }
    #expect(growth.inFlight == 6)
    for _ in 1...100 { growth.answered(answer(after: seconds), inFlight: 5, from: 0, at: seconds) }
    #expect(growth.inFlight == 5 * most)
  }

  @Test("Answers that waited longer for the thread that downloads than for their host are no reason for more")
  func heldAnswers() {
    var growth = SlowStart(maxInFlight: 256, at: 0)
    var given = answer(after: 0.001)
    given.heldSeconds = 0.003
    for _ in 1...30 { growth.answered(given, inFlight: 6, from: 0, at: 0.004) }
    #expect(growth.inFlight == 6)
  }

  @Test("Bodies that share what the link carries are no reason for more, however soon they begin")
  func sharedLink() {
    var growth = SlowStart(maxInFlight: 256, at: 0)
    for number in 1...30 {
      // 10 MB/s, of which each gets its part.
      let body = 0.03 * Double(min(number, 6))
      let given = answer(after: 0.001, body: body, bytes: 300_000)
      growth.answered(given, inFlight: min(number, 6), from: 0, at: body)
    }
    #expect(growth.inFlight == 6)
  }

  @Test("What the first answers waited for a host that wakes up is forgotten")
  func wakingHost() {
    var growth = SlowStart(maxInFlight: 256, at: 0)
    for number in 1...6 { growth.answered(answer(after: 0.018), inFlight: number, from: 0, at: 0.018) }
    #expect(growth.inFlight == 18)
    growth.answered(answer(after: 0.002), inFlight: 7, from: 0.019, at: 0.021)
    #expect(growth.inFlight == 6)
    // A host that is as far away as it was at first keeps what it got.
    var far = SlowStart(maxInFlight: 256, at: 0)
    for number in 1...6 { far.answered(answer(after: 0.018), inFlight: number, from: 0, at: 0.018) }
    far.answered(answer(after: 0.015), inFlight: 7, from: 0.019, at: 0.034)
    #expect(far.inFlight == 20)
  }

  @Test(
    "A host that is far away gets up to 50 before it answers, as curl --parallel, two each millisecond",
    arguments: [true, false])
  func farAway(stands: Bool) {
    var growth = SlowStart(maxInFlight: 256, at: 0)
    if stands { growth.connected(after: 0.2, at: 0.2) } else { growth.connecting(since: 0.01, at: 0.2) }
    let counts = [0.2, 0.2101, 0.3, 0.39].map { now in
      _ = growth.look(.init(), at: now)
      return growth.inFlight
    }
    #expect(counts == [6, 26, 50, 50])
  }

  @Test(
    "More follow each other in half of the time that the host itself took, a fifth of a millisecond at least and one at most",
    arguments: [(0.0001, 50), (0.001, 20), (0.02, 10)])
  func pace(work: Double, more: Int) {
    var growth = SlowStart(maxInFlight: 256, at: 0)
    growth.connected(after: 0.2, at: 0.2)
    _ = growth.look(.init(), at: 0.3)
    let before = growth.inFlight
    growth.began(after: 0.2 + work, at: 0.4)
    _ = growth.look(.init(), at: 0.4101)
    #expect(growth.inFlight - before == more)
  }

  @Test("A host is not far away for a connection that is just being opened, nor for one that was held up")
  func heldUp() {
    var growth = SlowStart(maxInFlight: 256, at: 0)
    growth.connecting(since: 0.009, at: 0.009)
    #expect(!growth.isPaced)
    growth.connecting(since: 0.012, at: 0.012)
    #expect(growth.isPaced)
    growth.connected(after: 0.0005, at: 0.013)
    _ = growth.look(.init(), at: 0.3)
    #expect(growth.inFlight <= 10 && !growth.isPaced)
  }

  @Test(
    "A host that is near, that an earlier run has known or that answers already gets no more for its connection",
    arguments: [(0.001, nil, false), (0.2, 3, false), (0.2, nil, true)])
  func noStranger(handshake: Double, past: Int?, answers: Bool) {
    var growth = SlowStart(from: past, maxInFlight: 256, at: 0)
    if answers { growth.answered(answer(after: 0.3), inFlight: 1, from: 0, at: 0.3) }
    let count = growth.inFlight
    growth.connected(after: handshake, at: 0.31)
    _ = growth.look(.init(), at: 1)
    #expect(growth.inFlight == count && !growth.isPaced)
  }

  /// By Little's law, of n requests whose answers take t seconds of which packets travel w, n · (t − w) / t are at the host.
  @Test(
    "What is on its way to a host that is far away is no work of it",
    arguments: [(0.002, 256), (0.02, 132), (0.2, 50)])
  func onItsWay(work: Double, expected: Int) {
    var growth = SlowStart(maxInFlight: 256, at: 0)
    growth.connected(after: 0.2, at: 0.2)
    growth.began(after: 0.2 + work, at: 0.4 + work)
    _ = growth.look(.init(), at: 1)
    #expect(growth.inFlight == expected)
  }

  @Test("Many on one connection are 32 at first, where that many are allowed", arguments: [(256, 32), (20, 20)])
  func multiplexed(most: Int, first: Int) {
    var growth = SlowStart(maxInFlight: most, at: 0)
    growth.multiplexes(at: 0.01)
    #expect(growth.inFlight == first)
  }
}

/// RFC 6298 (2.1) has the first packet of a connection sent again after a second where it is lost, as a server does with those
/// that its queue cannot hold.
@Suite("How long connections are waited for") struct ConnectionPatienceTests {
  @Test("A connection that takes a second, or is given up, halves the number once", arguments: [1.02, 3.1, nil])
  func dropped(seconds: Double?) {
    var patience = ConnectionPatience()
    #expect(patience.ended(connectSeconds: 0.002, from: 0, to: 0.1, beside: 5) == nil)
    #expect(patience.ended(connectSeconds: seconds, from: 0.2, to: 1.3, beside: 11) == 6)
    // Those that began at the same time say the same.
    #expect(patience.ended(connectSeconds: seconds, from: 0.2, to: 1.3, beside: 10) == nil)
    #expect(patience.ended(connectSeconds: seconds, from: 1.4, to: 2.5, beside: 5) == 3)
  }

  @Test("A host that is a second away is no host that drops connections")
  func farAway() {
    var patience = ConnectionPatience()
    #expect(patience.seconds == nil)
    #expect(patience.ended(connectSeconds: 1.2, from: 0, to: 2, beside: 5) == nil)
  }

  @Test("A connection is waited for eight times as long as the longest before it, and 30 ms at least")
  func seconds() {
    var patience = ConnectionPatience()
    _ = patience.ended(connectSeconds: 0.001, from: 0, to: 1, beside: 0)
    #expect(patience.seconds == 0.03)
    _ = patience.ended(connectSeconds: 0.1, from: 1, to: 2, beside: 0)
    #expect(patience.seconds == 0.8)
  }
}

@Suite struct HostQueuesTests {
  private func queues(_ hosts: [String], workers: Int? = 100, perHost: Int? = nil) -> HostQueues {
    var queues = HostQueues(
      hosts.enumerated().map { Download(url: "http://\($1)/\($0)", name: "\($0)", sha256: nil) }, maxInFlight: 100,
      workers: workers, perHost: perHost)
    for index in hosts.indices.reversed() { queues.add(index) }
    return queues
  }

  private func all(_ queues: inout HostQueues) -> [Int] {
    var taken: [Int] = []
    while let index = queues.next() { taken.append(index) }
    return taken
  }

  @Test("One host's downloads come in their order")
  func orderOfOneHost() {
    var queues = queues(["a", "a", "a"])
    #expect(all(&queues) == [0, 1, 2])
    #expect(queues.waiting == 0)
  }

  @Test("Hosts take turns")
  func turns() {
    var queues = queues(["a", "a", "a", "b", "b", "b"])
    let taken = all(&queues)
    #expect(Set(taken.prefix(2).map { $0 / 3 }) == [0, 1] && Set(taken.prefix(4).suffix(2).map { $0 / 3 }) == [0, 1])
  }

  @Test("A host gets no more than it may have at once")
  func mostAtOnce() {
    var queues = queues(Array(repeating: "a", count: 5) + ["b"], perHost: 2)
    #expect(all(&queues).sorted() == [0, 1, 5])
    queues.end(0, served: true)
    #expect(all(&queues) == [2])
  }

  @Test("A host begins with as many as the shortest queue of connections takes")
  func firstRequests() {
    // Python's http.server listens with 5 (socketserver.TCPServer.request_queue_size), and Linux holds one more.
    var one = queues(Array(repeating: "a", count: 50), workers: nil)
    #expect(all(&one).count == 6)
    var two = queues(["a", "b"].flatMap { Array(repeating: $0, count: 50) }, workers: nil, perHost: 4)
    #expect(all(&two).count == 8)
  }

  @Test(
    "A host is one, whoever asks and by whatever port goes without saying",
    arguments: [
      "http://ann:secret@h/x", "http://bob@h/x", "http://h:80/x", "http://H/y?z", "http://h", "http://h/y@z",
      "http://h#x",
    ])
  func sameHost(url: String) {
    #expect(Download(url: url, name: "x", sha256: nil).host == "h")
  }

  @Test("A host gets more only where it answers faster for it")
  func growth() {
    // In 20 ms the host a answers all, b six.
    var queues = queues(["a", "b"].flatMap { Array(repeating: $0, count: 10_000) }, workers: nil)
    var flying = (a: [Int](), b: [Int]())
    var most = (a: 0, b: 0)
    for step in 1...150 {
      while let index = queues.next() { index < 10_000 ? flying.a.append(index) : flying.b.append(index) }
      most = (max(most.a, flying.a.count), max(most.b, flying.b.count))
      _ = queues.look(at: Double(step - 1) * 0.02, cpuSeconds: 0, arriving: [])
      for index in flying.a + flying.b.prefix(6) {
        let seconds = index < 10_000 ? 0.02 : 0.02 * Double(flying.b.count) / 6
        let answer = FlowController.Reading(
          bytes: 20_000, ended: 1, firstByteSeconds: seconds, totalSeconds: seconds)
        queues.answered(
          index, connectSeconds: 0.001, answer, from: Double(step - 1) * 0.02, to: Double(step) * 0.02)
        queues.add(answer, of: index)
        queues.end(index, served: true)
      }
      flying = ([], Array(flying.b.dropFirst(6)))
    }
    #expect(most.a >= 48 && most.b <= 18, "\(most)")
  }

  @Test("The user who changes the number is obeyed from then on")
  func changedNumber() {
    var queues = queues(Array(repeating: "a", count: 500), workers: nil)
    var flying = all(&queues)
    let counts = [1, -3, 200, -150].map { more -> Int in
      queues.ask(more: more)
      for index in flying { queues.end(index, served: true) }
      flying = all(&queues)
      return flying.count
    }
    #expect(counts == [7, 4, 100, 1])
  }

  @Test("The place of a refused request is not filled again, until the host has served for a while")
  func refusedRequest() {
    var queues = queues(Array(repeating: "a", count: 100))
    let taken = (0..<10).compactMap { _ in queues.next() }
    for index in taken.prefix(6) { queues.end(index, served: false, refused: true) }
    #expect(all(&queues) == [])
    // Four bear; one that ends makes room for one.
    queues.end(taken[6], served: true)
    #expect(all(&queues).count == 1)
    var more = 0
    for _ in 0..<8 {
      queues.end(taken[7], served: true)
      more += all(&queues).count
    }
    #expect(more > 8)
  }

  @Test("A host that refuses everything is still asked, one at a time")
  func refusals() {
    var queues = queues(["a", "a", "a"])
    for index in all(&queues) { queues.end(index, served: false, refused: true) }
    queues.add(0)
    queues.add(1)
    #expect(all(&queues).count == 1)
  }
}
