internal import AdvisorCore

/// How the number of requests to a host grows while nothing is known of it: twofold in the time of an answer, as long as answers
/// take no longer for it and bytes come in faster.
///
/// - An answer that took no longer than the fastest, beside n others, is evidence for 2n, and lets two more begin.
///   Answers that take longer wait for others: by Little's law more at once bring none sooner.
/// - A round is over when as many that began in it have been answered as were in flight at its start. A round that has brought
///   little more than the one before is repeated, since one says little on a busy machine, and then ends the growth, at the
///   number that what it has brought keeps busy.
///
/// A pure state machine over what it is told.
struct SlowStart: Sendable {
  struct End {
    var inFlight: Int
    var reason: ConcurrencyReason
  }

  /// As many as browsers have to a host, and as the shortest queues of connections in use take: listen(2) with 5, as Python's
  /// http.server calls it, holds 6 on Linux.
  static let first = 6
  /// What a thread may wait for a CPU without any queue at the host.
  private static let noiseSeconds = 0.001
  /// The part of the growth in number that must be seen in the rate.
  private static let minGain = 0.3
  /// Beyond what keeps the host busy, for answers that are not evenly spread.
  private static let margin = 1.2

  private struct Round {
    /// In flight at its start.
    var count: Int
    var reading: FlowController.Reading
    var time: Double
    /// Of requests that began in it.
    var answers = 0
    /// Whether it is one more with as many as before.
    var isRepeated = false
  }

  private(set) var inFlight: Int
  private(set) var reason = ConcurrencyReason.firstRequests
  private let maxInFlight: Int
  private var round: Round
  private var former: (count: Int, rate: Double)?
  /// The shortest time to the first byte of an answer.
  private var fastest = Double.infinity

  /// - Parameter expected: where an earlier run has ended; nil starts as with a stranger.
  init(from expected: Int? = nil, maxInFlight: Int, at now: Double) {
    self.maxInFlight = maxInFlight
    inFlight = max(1, min(expected ?? Self.first, maxInFlight))
    if let expected { reason = .pastRun(workers: expected) }
    round = Round(count: inFlight, reading: .init(), time: now)
  }

  /// Takes in an answer.
  ///
  /// - Parameters:
  ///   - seconds: from the connection to the first byte.
  ///   - inFlight: how many there were with it when it began.
  ///   - start: when it began.
  mutating func answered(after seconds: Double, inFlight count: Int, from start: Double) {
    // What went before the first request was no answer's time.
    if fastest == .infinity { round.time = start }
    fastest = min(fastest, seconds)
    if start >= round.time { round.answers += 1 }
    guard !round.isRepeated, seconds <= 1.5 * fastest + Self.noiseSeconds else { return }
    inFlight = max(inFlight, min(inFlight + 2, 2 * min(count, round.count), maxInFlight))
  }

  /// Takes in where the run stands; call it while requests wait to be started. Returns where the growth ends.
  mutating func look(_ reading: FlowController.Reading, at now: Double) -> End? {
    let seconds = now - round.time
    let bytes = reading.bytes - round.reading.bytes
    // A round of requests, or long enough for large ones.
    guard seconds >= 0.02, bytes > 0, round.answers >= round.count || seconds >= 0.5 else { return nil }
    let rate = Double(bytes) / seconds
    let busy = (reading.cpuSeconds - round.reading.cpuSeconds) / seconds
    if let former, let kept = Self.kept(round.count, rate, after: former) {
      guard !round.isRepeated else { return End(inFlight: kept, reason: .noGain) }
      inFlight = round.count
      round = Round(count: inFlight, reading: reading, time: now, isRepeated: true)
      return nil
    }
    guard busy < 0.85 else { return End(inFlight: round.count, reason: .receiverBusy) }
    guard round.count < maxInFlight else {
      return End(inFlight: maxInFlight, reason: .maxInFlight(requests: maxInFlight))
    }
    // Large ones are judged by what has come of them.
    if round.answers < round.count { inFlight = min(2 * round.count, maxInFlight) }
    // What came in faster is reason enough where a busy machine has held up the answers.
    if former != nil, inFlight == round.count { inFlight = min(round.count * 3 / 2, maxInFlight) }
    guard inFlight > round.count else { return End(inFlight: inFlight, reason: .noGain) }
    reason = isWaiting(reading, busy) ? .serverLatency : .tryingMore
    former = (round.count, rate)
    round = Round(count: inFlight, reading: reading, time: now)
    return nil
  }

  /// What to keep in flight where a round has brought too little more than the one before; nil where it has brought enough.
  private static func kept(_ count: Int, _ rate: Double, after former: (count: Int, rate: Double)) -> Int? {
    let gain = rate / former.rate
    guard gain - 1 < minGain * (Double(count) / Double(former.count) - 1) else { return nil }
    return min(count, max(former.count, Int((Double(former.count) * gain * margin).rounded())))
  }

  /// Whether requests spend most of their time before the first byte.
  private func isWaiting(_ reading: FlowController.Reading, _ busy: Double) -> Bool {
    let waits = reading.firstByteSeconds - round.reading.firstByteSeconds
    let total = reading.totalSeconds - round.reading.totalSeconds
    return total > 0 && waits > 0.8 * total && busy < 0.25
  }
}
