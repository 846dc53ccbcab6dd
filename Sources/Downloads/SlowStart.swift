internal import AdvisorCore

/// How the number of requests to a host grows while nothing is known of it: by answers, as long as they take no longer for it and
/// bytes come in faster.
///
/// - An answer that took no longer than the fastest, beside n others, is evidence for 2n, and lets two begin: twofold in the time of
///   an answer, as TCP grows by acknowledgements. Where answers take long, so that a round is dear and requests a second are few, it is
///   threefold, near the 2.89 with which BBR starts. Answers that take longer wait for others: by Little's law more at once bring
///   none sooner. Nor do they where a request waits longer for the thread that downloads than for its host.
/// - What is on its way is no work of the host: of n requests to one whose packets take w of the t seconds of an answer, n · (t − w) / t
///   are there, and it is these that are doubled. Connections to a host that is far away are opened one after the other, for its queue of
///   them, and already before it has answered: a handshake that is not over is answer enough to how far it is.
/// - The first answers may have waited for the host to wake up: where one that was asked for after them comes in less than half of
///   their time, they are no evidence, and the growth starts again.
/// - A round is over when as many have been answered as were in flight at its start. One that has brought little more than the one
///   before is followed by another without growth, since one says little on a busy machine, and then ends the growth, at the number
///   that what has come keeps busy.
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
  /// Requests on one connection, which no queue of connections bounds: below the 100 that servers should take (RFC 9113, 6.5.2).
  static let firstMultiplexed = 32
  /// Before the first answer of a host that is far away: as curl --parallel.
  static let firstFar = 50
  /// Answers and handshakes that take longer are of hosts that are far away.
  private static let farSeconds = 0.01
  /// From one more request to a host that is far away to the next, at least, before it has answered, and at most. Five a millisecond,
  /// which come together where the loop looks once in one, still fit into the shortest queue.
  private static let pace = (min: 0.0002, first: 0.0005, max: 0.001)
  /// What a thread may wait for a CPU without any queue at the host, where answers take as long.
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
    var answers = 0
    /// In flight, times seconds, until the number last changed.
    var requestSeconds = 0.0
    /// Whether it is one more without growth.
    var isRepeated = false
  }

  private(set) var inFlight: Int
  /// What it grows to: at once, or by the clock.
  private var target: Int
  private(set) var reason = ConcurrencyReason.firstRequests
  private let maxInFlight: Int
  private let initial: Int
  private var round: Round
  private var changedAt: Double
  /// The shortest handshake of TCP: a packet's way there and back.
  private var roundTrip = Double.infinity
  /// The longest that a handshake is known to take, while none is over.
  private var pending = 0.0
  /// The shortest that an answer took besides what packets travelled.
  private var atHost = Double.infinity
  /// Since when it grows by the clock.
  private var pacedAt = 0.0
  /// What answers in a row would let begin besides, had they come beside more.
  private var earned = 0
  /// The mean in flight in the round before, and its bytes a second.
  private var former: (count: Double, rate: Double)?
  /// Whether no run before was there, and no answer has begun.
  private var isNew: Bool
  /// When the first answer came, until one has come that was asked for after it.
  private var firstAnswerAt: Double?
  /// Whether the round is to start again, at the next look.
  private var isVoid = false
  /// The shortest time to the first byte of an answer, and of a byte of a body.
  private var fastest = (answer: Double.infinity, byte: Double.infinity)

  /// - Parameter expected: where an earlier run has ended; nil starts as with a stranger.
  init(from expected: Int? = nil, maxInFlight: Int, at now: Double) {
    self.maxInFlight = maxInFlight
    initial = max(1, min(expected ?? Self.first, maxInFlight))
    (inFlight, target, isNew) = (initial, initial, expected == nil)
    if let expected { reason = .pastRun(workers: expected) }
    round = Round(count: inFlight, reading: .init(), time: now)
    changedAt = now
  }

  /// Takes in an answer.
  ///
  /// - Parameters:
  ///   - answer: its times from when its connection stood, and the bytes of its head and body.
  ///   - count: how many there were with it when it began.
  ///   - start: when it began.
  mutating func answered(_ answer: FlowController.Reading, inFlight count: Int, from start: Double, at now: Double) {
    atHost = min(atHost, answer.firstByteSeconds - roundTrip)
    // What went before the first request was no answer's time.
    if fastest.answer == .infinity { (round.time, changedAt, firstAnswerAt, isNew) = (start, start, now, false) }
    if let first = firstAnswerAt, start > first { compareWithFirst(answer) }
    round.answers += 1
    guard isUnhindered(answer), !round.isRepeated, !isVoid else {
      earned = 0
      return
    }
    let growth = fastest.answer - (isFar ? roundTrip : 0) >= Self.farSeconds ? 3 : 2
    let factor = growth * timesAtHost(answer.firstByteSeconds)
    earned += factor - 1
    let next = max(target, min(target + earned, factor * count))
    earned -= next - target
    grow(to: next, atOnce: growth - 1, at: now)
  }

  /// Requests in flight for each that is at the host, by how long an answer took.
  private func timesAtHost(_ seconds: Double) -> Int {
    isFar ? max(1, Int(seconds / max(Self.noiseSeconds, seconds - roundTrip))) : 1
  }

  /// Whether it is known that packets to the host take long.
  private var isFar: Bool { (roundTrip < .infinity ? roundTrip : pending) >= Self.farSeconds }

  /// Whether nothing is known of the host yet, and it may be far away.
  var isStranger: Bool { isNew && roundTrip >= Self.farSeconds }

  /// Takes in for how long the handshake of a connection has been pending, in seconds.
  mutating func connecting(since seconds: Double, at now: Double) {
    pending = max(pending, seconds)
    if isFar, isNew { grow(to: Self.firstFar, at: now) }
  }

  /// Takes in that a connection stands, and how long its handshake took.
  mutating func connected(after seconds: Double, at now: Double) {
    roundTrip = min(roundTrip, seconds)
    guard isNew else { return }
    // One that was held up has let it seem far.
    if isFar { grow(to: Self.firstFar, at: now) } else { target = inFlight }
  }

  /// Takes in that the first answer begins, whose end is far off where its host is.
  mutating func began(after seconds: Double, at now: Double) {
    guard isFar, isNew else { return }
    isNew = false
    atHost = min(atHost, seconds - roundTrip)
    grow(to: 2 * timesAtHost(seconds) * initial, at: now)
  }

  private mutating func compareWithFirst(_ answer: FlowController.Reading) {
    firstAnswerAt = nil
    guard answer.firstByteSeconds + Self.noiseSeconds < fastest.answer / 2 else { return }
    (isVoid, former, inFlight) = (true, nil, min(inFlight, initial))
    target = inFlight
  }

  /// The host answers many on one connection.
  mutating func multiplexes(at now: Double) { grow(to: Self.firstMultiplexed, at: now) }

  /// Whether the answer took no longer than the fastest, and did not wait longer for this program than for its host: its body is asked
  /// only where it took most of the time.
  private mutating func isUnhindered(_ answer: FlowController.Reading) -> Bool {
    let (wait, bytes) = (answer.firstByteSeconds, Double(max(1, answer.bytes)))
    let body = answer.totalSeconds - wait
    fastest = (min(fastest.answer, wait), min(fastest.byte, body / bytes))
    guard answer.heldSeconds <= answer.totalSeconds,
      wait <= 1.5 * fastest.answer + min(Self.noiseSeconds, fastest.answer)
    else { return false }
    return body <= wait || body <= 1.5 * fastest.byte * bytes + Self.noiseSeconds
  }

  /// Takes in where the run stands; call it while requests wait to be started. Returns where the growth ends.
  mutating func look(_ reading: FlowController.Reading, at now: Double) -> End? {
    keepPace(at: now)
    if isVoid {
      (isVoid, changedAt, round) = (false, now, Round(count: inFlight, reading: reading, time: now))
      return nil
    }
    let seconds = now - round.time
    let bytes = reading.bytes - round.reading.bytes
    // A round of requests, or long enough for large ones.
    guard !isPaced, seconds >= 0.02, bytes > 0, round.answers >= round.count || seconds >= 0.5 else { return nil }
    tally(until: now)
    let (count, rate) = (round.requestSeconds / seconds, Double(bytes) / seconds)
    if let former, let kept = Self.kept(count, rate, after: former) {
      guard !round.isRepeated else { return End(inFlight: min(inFlight, kept), reason: .noGain) }
      round = Round(count: inFlight, reading: reading, time: now, isRepeated: true)
      return nil
    }
    let busy = (reading.cpuSeconds - round.reading.cpuSeconds) / seconds
    guard busy < 0.85 else { return End(inFlight: inFlight, reason: .receiverBusy) }
    guard round.count < maxInFlight else {
      return End(inFlight: maxInFlight, reason: .maxInFlight(requests: maxInFlight))
    }
    // Large ones are judged by what has come of them.
    if round.answers < round.count { grow(to: 2 * round.count, at: now) }
    // What came in faster is reason enough where a busy machine has held up the answers.
    if former != nil { grow(to: round.count * 3 / 2, at: now) }
    guard target > round.count else { return End(inFlight: inFlight, reason: .noGain) }
    reason = isWaiting(reading, busy) ? .serverLatency : .tryingMore
    former = (count, rate)
    round = Round(count: inFlight, reading: reading, time: now)
    return nil
  }

  /// - Parameter atOnce: how many more begin at once where the host is far away; the others by the clock.
  private mutating func grow(to count: Int, atOnce: Int = 0, at now: Double) {
    if !isPaced { pacedAt = now }
    target = max(target, min(count, maxInFlight))
    add(isFar ? atOnce : .max, at: now)
  }

  /// Whether it grows by the clock.
  var isPaced: Bool { inFlight < target }

  private mutating func keepPace(at now: Double) {
    // What answers within s takes connections from its queue within s, too.
    let pace = atHost < .infinity ? min(max(atHost / 2, Self.pace.min), Self.pace.max) : Self.pace.first
    let steps = max(0, Int((now - pacedAt) / pace))
    pacedAt += Double(steps) * pace
    add(steps, at: now)
  }

  private mutating func add(_ count: Int, at now: Double) {
    guard isPaced, count > 0 else { return }
    tally(until: now)
    inFlight += min(count, target - inFlight)
  }

  private mutating func tally(until now: Double) {
    round.requestSeconds += Double(inFlight) * max(0, now - max(changedAt, round.time))
    changedAt = now
  }

  /// What to keep in flight where a round has brought too little more than the one before; nil where it has brought enough.
  private static func kept(_ count: Double, _ rate: Double, after former: (count: Double, rate: Double)) -> Int? {
    let gain = rate / former.rate
    guard gain - 1 < minGain * (count / former.count - 1) else { return nil }
    return Int(min(count, max(former.count, former.count * gain * margin)).rounded())
  }

  /// Whether requests spend most of their time before the first byte.
  private func isWaiting(_ reading: FlowController.Reading, _ busy: Double) -> Bool {
    let waits = reading.firstByteSeconds - round.reading.firstByteSeconds
    let total = reading.totalSeconds - round.reading.totalSeconds
    return total > 0 && waits > 0.8 * total && busy < 0.25
  }
}
