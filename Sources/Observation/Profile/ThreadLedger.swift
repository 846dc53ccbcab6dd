/// Splits a thread's time from sample to sample by what the scheduler has counted and by where it was met.
struct ThreadLedger {
  private(set) var profile: ThreadProfile
  private var last: ThreadSample
  /// Seconds that were entered before the kernel counted them: it counts a wait when it is over, and a run at the next tick.
  private var owedRun = 0.0
  private var owedQueue = 0.0
  /// How long it has been in the wait that it is in.
  private var waited = 0.0
  private var lastWait = ThreadState.unknown

  /// The longest time that the scheduler's clock lags behind: a tick of a kernel of 100 Hz.
  private static let tick = 0.011
  /// A wait on a word that lasts longer is one for work.
  private static let maxBriefWait = 0.1

  /// - Parameter sample: the first look at it, from which on it counts.
  init(_ sample: ThreadSample) {
    profile = ThreadProfile(id: sample.id)
    last = sample
    if sample.state != .runnable { lastWait = sample.state }
  }

  /// A thread that has begun since the last sample. One that is met in a wait counts as if it had waited since then: some
  /// began later, but as many wait on after the last sample that meets them.
  ///
  /// - Parameters:
  ///   - sample: the first look at it.
  ///   - span: seconds since the last sample.
  init(begun sample: ThreadSample, span: Double) {
    self.init(sample)
    var split = TimeSplit()
    split.running = min(span, sample.runSeconds)
    split.queue = min(span - split.running, sample.queueSeconds)
    if sample.state != .runnable {
      addWait(span - split.running - split.queue, in: sample.state, isNew: true, to: &split)
    }
    profile.time = split
    profile.slices = sample.slices
  }

  /// Enters what has happened in the `span` seconds up to a sample, and returns it.
  mutating func enter(_ sample: ThreadSample, span: Double) -> TimeSplit {
    let hasRun = sample.slices != last.slices || sample.runSeconds != last.runSeconds
    var split = TimeSplit()
    split.running = min(span, Self.settle(sample.runSeconds - last.runSeconds, &owedRun))
    split.queue = min(span - split.running, Self.settle(sample.queueSeconds - last.queueSeconds, &owedQueue))
    let rest = span - split.running - split.queue
    profile.slices += max(0, sample.slices - last.slices)
    last = sample
    if sample.state == .runnable, !hasRun {
      split.queue += rest
      owedQueue += rest
    } else if sample.state == .runnable, rest <= Self.tick {
      split.running += rest
      owedRun += rest
    } else {
      addWait(rest, in: sample.state == .runnable ? lastWait : sample.state, isNew: hasRun, to: &split)
    }
    profile.time += split
    return split
  }

  /// Enters what it did from the last sample that met it to its end, and returns it: nobody tells, but in the mean that was half
  /// of the span, in which who was about to run went on as before.
  mutating func end(within span: Double) -> TimeSplit {
    var split = TimeSplit()
    let active = profile.time.running + profile.time.queue
    guard last.state == .runnable, active > 0 else { return split }
    split.running = span / 2 * profile.time.running / active
    split.queue = span / 2 * profile.time.queue / active
    profile.time += split
    return split
  }

  /// What the kernel has counted, less what was entered before.
  private static func settle(_ counted: Double, _ owed: inout Double) -> Double {
    let settled = min(max(0, counted), owed)
    owed -= settled
    return max(0, counted - settled)
  }

  private mutating func addWait(_ seconds: Double, in state: ThreadState, isNew: Bool, to split: inout TimeSplit) {
    waited = isNew ? seconds : waited + seconds
    lastWait = state
    switch state {
    case .disk: split.disk += seconds
    case .lock: split.lock += seconds
    case .network: split.network += seconds
    case .pipe: split.pipe += seconds
    case .sleep: split.sleep += seconds
    case .unknown, .runnable: split.unknown += seconds
    case .condition:
      split.idle += seconds
      if waited <= Self.maxBriefWait { profile.briefConditionSeconds += seconds }
    case .poll, .beat, .child, .terminal, .stopped, .ended: split.idle += seconds
    }
  }
}
