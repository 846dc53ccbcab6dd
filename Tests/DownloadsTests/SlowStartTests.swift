import Testing
@testable import Downloads

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
