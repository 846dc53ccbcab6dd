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
