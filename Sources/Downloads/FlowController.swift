internal import AdvisorCore

/// Finds how many requests to have in flight to one host, by latency and bandwidth, while they run.
///
/// A pure state machine over what it is told; it reads no clock.
///
/// - At first the number grows: ``SlowStart``.
/// - Then single steps are tried now and then. A step to more is kept only if it gains more than noise explains.
struct FlowController: Sendable {
  /// Sums of the host since the start of the run.
  struct Reading: Sendable, Hashable {
    /// Of heads and bodies, of transfers under way too.
    var bytes = 0
    var ended = 0
    /// CPU time of the thread that downloads.
    var cpuSeconds = 0.0
    /// Of the transfers that have ended.
    var firstByteSeconds = 0.0
    var totalSeconds = 0.0
    /// In which they waited for the thread that downloads.
    var heldSeconds = 0.0

    static func += (sum: inout Reading, more: Reading) {
      sum.bytes += more.bytes
      sum.ended += more.ended
      sum.cpuSeconds += more.cpuSeconds
      sum.firstByteSeconds += more.firstByteSeconds
      sum.totalSeconds += more.totalSeconds
      sum.heldSeconds += more.heldSeconds
    }
  }

  /// What was measured before the step that is on trial.
  private struct Former {
    var inFlight: Int
    var rate: Double
    var error: Double
  }

  /// Rates of a steady window, one each 0.1 s.
  private static let sliceSeconds = 0.1
  private static let slices = 8

  private(set) var inFlight: Int
  private(set) var reason: ConcurrencyReason
  private(set) var maxInFlight: Int
  private var isFixed: Bool
  /// Nil once it has ended.
  private var growth: SlowStart?
  private var former: Former?
  private var start = (reading: Reading(), time: 0.0)
  private var slice = (bytes: 0, time: 0.0)
  private var rates: [Double] = []
  /// Steady windows to let pass before the next trial; twice as many after each that failed in a row.
  private var rest = 1
  private var patience = 1
  private var triesMore = true

  /// - Parameters:
  ///   - fixed: the user's own number, which no measurement changes.
  ///   - expected: with which an earlier run has ended.
  init(maxInFlight: Int, fixed: Int? = nil, expected: Int? = nil, at now: Double) {
    self.maxInFlight = max(1, maxInFlight)
    isFixed = fixed != nil
    let growth = SlowStart(from: expected, maxInFlight: self.maxInFlight, at: now)
    inFlight = min(fixed ?? growth.inFlight, self.maxInFlight)
    reason = fixed == nil ? growth.reason : .requested
    self.growth = fixed == nil ? growth : nil
    restart(Reading(), now)
  }

  /// The user asks for a number in flight, and from now on for no other.
  mutating func fix(at count: Int) {
    isFixed = true
    growth = nil
    set(count, .requested)
  }

  /// The host has dropped connections: `count` is the limit of requests at once from now on, unless the user has set one.
  mutating func cap(at count: Int, _ reading: Reading, at now: Double) {
    guard !isFixed else { return }
    maxInFlight = max(1, min(maxInFlight, count))
    settle(maxInFlight, .connectionsDropped(requests: maxInFlight), reading, now)
  }

  /// Whether the number still grows, by answers.
  var isGrowing: Bool { growth != nil }

  /// Whether the host has not begun to answer, and may be far away.
  var isStranger: Bool { growth?.isStranger == true }

  /// Whether the number grows by the clock.
  var isPaced: Bool { growth?.isPaced == true }

  /// Takes in for how long the handshake of a connection has been pending, in seconds.
  mutating func connecting(since seconds: Double, at now: Double) { growth?.connecting(since: seconds, at: now) }

  /// Takes in that a connection stands.
  mutating func connected(after seconds: Double, at now: Double) { growth?.connected(after: seconds, at: now) }

  /// Takes in that the first answer begins.
  mutating func began(after seconds: Double, at now: Double) { growth?.began(after: seconds, at: now) }

  /// Takes in an answer, by which the number grows at first: see ``SlowStart/answered(_:inFlight:from:at:)``.
  mutating func answered(_ answer: Reading, inFlight count: Int, from start: Double, at now: Double) {
    growth?.answered(answer, inFlight: count, from: start, at: now)
    if let growth { inFlight = growth.inFlight }
  }

  /// The host answers many on one connection.
  mutating func multiplexes(at now: Double) {
    growth?.multiplexes(at: now)
    if let growth { inFlight = growth.inFlight }
  }

  /// Takes in where the run stands; call it while requests wait to be started.
  mutating func look(_ reading: Reading, at now: Double) {
    guard !isFixed else { return }
    if let end = growth?.look(reading, at: now) {
      settle(end.inFlight, end.reason, reading, now)
    } else if let growth {
      set(growth.inFlight, growth.reason)
    } else {
      hold(reading, now)
    }
  }

  private mutating func settle(_ count: Int, _ why: ConcurrencyReason, _ reading: Reading, _ now: Double) {
    growth = nil
    former = nil
    set(count, why)
    restart(reading, now)
  }

  private mutating func hold(_ reading: Reading, _ now: Double) {
    if now - slice.time >= Self.sliceSeconds {
      rates.append(Double(reading.bytes - slice.bytes) / (now - slice.time))
      slice = (reading.bytes, now)
    }
    guard rates.count >= Self.slices else { return }
    let mean = rates.reduce(0, +) / Double(rates.count)
    let variance = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rates.count - 1)
    let error = mean > 0 ? (variance / Double(rates.count)).squareRoot() / mean : 1
    let busy = (reading.cpuSeconds - start.reading.cpuSeconds) / max(1e-9, now - start.time)
    if let former {
      judge(former, mean, error)
    } else if rest > 0 {
      rest -= 1
    } else {
      attempt(Former(inFlight: inFlight, rate: mean, error: error), busy)
    }
    restart(reading, now)
  }

  /// Ends a trial: back where the step did not pay, and the other way next time.
  private mutating func judge(_ former: Former, _ rate: Double, _ error: Double) {
    self.former = nil
    let gain = former.rate > 0 ? rate / former.rate - 1 : 1
    let noise = max(0.05, 2 * (error * error + former.error * former.error).squareRoot())
    // More must bring more; fewer must not bring less.
    if triesMore ? gain > noise : gain > -0.05 {
      patience = 1
      return
    }
    rest = patience
    patience = min(2 * patience, 32)
    triesMore.toggle()
    set(former.inFlight, .fastest(workers: former.inFlight))
  }

  private mutating func attempt(_ measured: Former, _ busy: Double) {
    if busy > 0.85 || inFlight >= maxInFlight { triesMore = false }
    if inFlight <= 2 { triesMore = true }
    former = measured
    set(
      triesMore ? max(inFlight + 1, inFlight * 3 / 2) : inFlight * 3 / 4,
      triesMore ? .tryingMore : .tryingFewer)
  }

  private mutating func set(_ count: Int, _ why: ConcurrencyReason) {
    inFlight = max(1, min(count, maxInFlight))
    reason = why
  }

  private mutating func restart(_ reading: Reading, _ now: Double) {
    start = (reading, now)
    slice = (reading.bytes, now)
    rates.removeAll(keepingCapacity: true)
  }
}
