import AdvisorCore
private import func Glibc.exp
private import func Glibc.hypot
private import func Glibc.log

/// What the calls of a run that had ended at a moment say of all of it.
///
/// Two witnesses are heard: the cost model, given what the tasks compute and wait, and the run's own pace, which holds all
/// that the model may have wrong. Each counts by its precision in logarithms, so that the pace decides more the more of the
/// run is over (docs/model.md, 8.5).
struct RunWitness {
  let job: Job
  let workers: Int
  private let calls: ArraySlice<EndedCalls.Call>
  private let total: (tasks: Double, bytes: Double)
  private let cpus: Double
  private let pilot: TaskPilot
  private let model: CostModel?
  private let prior: RunPrior?
  private let cpu: WorkFit?
  private let wait: WorkFit?
  private let alone: WorkFit?
  private let wall: WorkFit?
  /// Of a task in the mean, in seconds.
  private let computing: Double
  private let waiting: Double
  /// How many times as long other programs make tasks take.
  private let load: Double
  /// The logarithm of what is more in that than was there when the run began.
  private let unseenLoad: Double
  /// How much longer the last tasks take than those of equal tasks would.
  private let unevenness: Unevenness
  /// Where sizes are not known: what the tasks that ran on when the last of the calls ended say.
  private let runningOn: RunningOn?
  /// How many they were, and how long they had been running, together and at least.
  private let running: (tasks: Double, seconds: Double, least: Double)

  /// What the rest of a run may differ from its begin by, for reasons that no task shows: standard deviation of the logarithm.
  private static let drift = 0.03
  /// The same for each factor of e by which others slow the tasks: they may stop, or be joined by more.
  private static let restlessness = 0.2
  /// The share of ``unseenLoad`` that passes, and its standard deviation: somebody may have come, or two tasks were begun on one
  /// CPU while another idled, as later ones will less often (docs/model.md, 8.5).
  private static let (passing, passingSpread) = (0.5, 0.3)
  /// What more calls than these have met stays the longer.
  private static let callsOfBegin = 20.0
  /// Tasks shorter than a slice of the scheduler wait for whole slices of others at first, and less once they have settled where
  /// others are not; how far varies. For a factor of e by which others slow them, and any more: what a run then takes
  /// less, and its standard deviation, in logarithms.
  private static let (settling, settlingSpread) = (0.4, 0.4)
  /// Calls of which it is known how long they queued for a CPU.
  private static let maxLookedAt = 64
  /// What no model is known better than.
  private static let minDoubt = 0.1
  /// The same for each factor of e by which there are more workers than ran beside the calls that were seen.
  private static let crowding = 0.3

  /// - Parameters:
  ///   - calls: those that had ended.
  ///   - run: all of it, as far as it is known.
  ///   - pilot: what its very first calls have cost.
  ///   - model: measured as they were; nil where there is no profile.
  ///   - present: what else wanted the CPUs when the run began; nil where that is not known.
  init(
    _ calls: ArraySlice<EndedCalls.Call>, of run: EndedCalls, _ pilot: TaskPilot, _ command: String, tasks: Int,
    workers: Int, cpus: Double, model: CostModel?, prior: RunPrior? = nil, present: PresentLoad? = nil
  ) {
    self.calls = calls
    total = (Double(tasks), run.bytes)
    self.workers = max(1, workers)
    self.cpus = cpus
    self.prior = prior
    cpu = EndedCalls.fit(calls, with: prior?.calls ?? [], \.cpuSeconds)
    let looked = calls.prefix(Self.maxLookedAt)
    wait = EndedCalls.fit(looked, \.waitSeconds)
    alone = EndedCalls.fit(looked, \.aloneSeconds)
    let then = FairShares(cpus: cpus, own: looked.meanRunning)
    let others = Self.others(looked, then, dispatchSeconds: pilot.conditions.dispatchSeconds)
    // Beside more than ran, little would be known.
    let now = FairShares(cpus: cpus, own: min(Double(workers), then.own))
    load = now.load(of: others)
    unseenLoad = max(0, log(load / now.load(of: present?.threads ?? others)))
    wall = EndedCalls.fit(calls) { $0.wallSeconds(besideAtMost: workers, cpus: cpus) }
    let ages = RunningOn.ages(beside: calls, of: run)
    running = (Double(ages.count), ages.reduce(0, +), ages.min() ?? 0)
    runningOn = run.bytes > 0 ? nil : RunningOn(calls, beside: ages)
    (self.pilot, self.model) = (pilot, model)
    var needs = pilot.needs
    if calls.count > pilot.tasks || run.bytes > 0, let cpu {
      let each = { (fit: WorkFit) in fit.seconds(tasks: Double(tasks), bytes: run.bytes) / Double(tasks) }
      needs = (max(each(cpu), 1e-6), max(0, (wait.map(each) ?? 0) - pilot.conditions.dispatchSeconds))
    }
    (computing, waiting) = runningOn?.lengthened(computing: needs.computing, waiting: needs.waiting) ?? needs
    unevenness =
      Unevenness(of: run, alone, workers: workers)
      ?? runningOn?.unevenness(
        tasks: tasks, workers: workers, capacity: cpus * (computing + waiting) / max(computing, 1e-6)) ?? .none
    var stage = pilot.commandStage(tasks: tasks)
    (stage.size, stage.latencySeconds) = (.seconds(computing), waiting)
    job = Job(text: command, stages: [stage])
  }

  /// The whole run with this number of workers.
  func prediction(workers: Int) -> Prediction { correct(raw(workers)) }

  /// What most people would have typed instead: off by as much as the model was of what ran.
  func usual() -> RunRecord.Usual {
    let others = max(1, Int(cpus.rounded(.up)))
    let (ran, former) = (prediction(workers: workers).seconds.p50, raw(workers).seconds.p50)
    let seconds = raw(others).seconds.p50 * (former > 0 ? ran / former : 1)
    return RunRecord.Usual(command: "xargs -P \(others)", seconds: seconds)
  }

  private func raw(_ workers: Int) -> Prediction {
    (try? model?.predict(job, plan: Plan(strategy: .processes, workers: workers)))
      ?? pilot.prediction(
        tasks: job.stages[0].count, computing: computing, waiting: waiting, workers: workers, cpus: cpus)
  }

  /// The model's prediction for equal tasks, corrected by what the run itself shows.
  func correct(_ model: Prediction) -> Prediction {
    let middle = model.seconds.p50 * unevenness.factor * load
    guard middle > 0, let work = cpu ?? wait else { return model }
    let sum = max(work.relativeDeviation(tasks: total.tasks, bytes: total.bytes), unevenness.deviation)
    let spread = (log(model.seconds.p95 / model.seconds.p50) + Self.reach(model.seconds)) / 2 / 1.645
    let believed = LogNormal(log: log(middle), deviation: max(Self.minDoubt, spread))
    let passing = Self.passing * min(1, Self.callsOfBegin / Double(calls.count)) * unseenLoad
    let lasting = log(load) - passing
    let settling = isShort ? min(1, lasting) : 0
    let doubts = [
      sum, Self.restlessness * lasting, Self.settlingSpread * settling, Self.passingSpread * unseenLoad,
    ]
    let pace = pace(sampled: sum)
    let found = believed.pooled(with: past(beside: pace ?? believed)).pooled(with: pace)
      .shifted(by: -(passing + Self.settling * settling) * leftShare)
      .widened(by: doubts.reduce(0, hypot) * leftShare)
    return model.replacing(found.seconds(atLeast: calls.last?.at ?? 0))
  }

  /// Whether a task takes less than a slice of the scheduler.
  private var isShort: Bool {
    let alone = calls.reduce(0) { $0 + $1.usage.aloneSeconds }
    return alone < TimeSlice.seconds * Double(calls.reduce(0) { $0 + $1.usage.weight })
  }

  /// A figure of the model at the left end may be 0.
  private static func reach(_ seconds: Prediction.Seconds) -> Double {
    seconds.p5 > 0 ? log(seconds.p50 / seconds.p5) : log(seconds.p95 / seconds.p50)
  }

  /// The share of the work that was still to be done.
  private var leftShare: Double {
    guard let last = calls.last else { return 1 }
    return total.bytes > 0 ? 1 - last.bytes / total.bytes : 1 - last.tasks / total.tasks
  }

  /// What past runs say: the more they contradict this one, the less they are believed.
  private func past(beside own: LogNormal) -> LogNormal? {
    prior?.seconds(tasks: total.tasks, bytes: total.bytes, workers: workers).map {
      LogNormal(log: $0.log, deviation: max($0.deviation, abs($0.log - own.log) / 2))
    }
  }

  /// What the run takes if it goes on as it has begun; nil where nobody says when calls ended.
  ///
  /// - Parameter sampled: what the model and the pace are off by together, since the same calls have told both: of its own
  ///   the pace has the rest.
  private func pace(sampled: Double) -> LogNormal? {
    guard let last = calls.last, let at = last.at, at > 0, let wall else { return nil }
    let left = (tasks: max(0, total.tasks - last.tasks), bytes: max(0, total.bytes - last.bytes))
    let work = (runningOn.map { $0.computing * left.tasks } ?? cpu?.seconds(tasks: left.tasks, bytes: left.bytes)) ?? 0
    let used = Double(min(workers, max(1, Int(left.tasks))))
    let shares = wall.seconds(tasks: left.tasks, bytes: left.bytes) / used * (runningOn?.factor ?? 1)
    let sum = shares * unevenness.factor
    let rest = max(sum - running.seconds / used, untilLastEnds(left), work / max(cpus, 0.01))
    let sampling = max(wall.relativeDeviation(tasks: left.tasks, bytes: left.bytes), unevenness.deviation)
    let own = max(0, sampling * sampling - sampled * sampled).squareRoot()
    let error = hypot(hypot(own, Self.drift), Self.crowding * log(max(1, Double(workers) / max(1, calls.meanRunning))))
    return LogNormal(log: log(at + rest), deviation: max(1e-3, error * max(sum, rest) / (at + rest)))
  }

  /// Seconds until the last of the tasks left ends, which is still to be started after all others or has been of late.
  private func untilLastEnds(_ left: (tasks: Double, bytes: Double)) -> Double {
    guard left.tasks > 0, let alone else { return 0 }
    let each = alone.seconds(tasks: left.tasks, bytes: left.bytes) / left.tasks * (runningOn?.factor ?? 1)
    let unstarted = left.tasks - running.tasks
    return each + (unstarted >= 1 ? unstarted * pilot.conditions.dispatchSeconds : -running.least)
  }

  /// How many others computed: by what the tasks that were seen queued, beside what they queued for each other and for the thread
  /// that hands them out.
  private static func others(
    _ calls: ArraySlice<EndedCalls.Call>, _ then: FairShares, dispatchSeconds: Double
  ) -> Double {
    let wall = calls.reduce(0) { $0 + $1.usage.wallSeconds }
    let alone = calls.reduce(0) { $0 + $1.usage.aloneSeconds }
    guard alone > 0 else { return 0 }
    let dispatching = dispatchSeconds * min(1, then.own / then.cpus) * Double(calls.reduce(0) { $0 + $1.usage.weight })
    return then.others(slowdown: wall / (alone + dispatching))
  }
}

/// What is believed of a time: the logarithm of its median, and the standard deviation of that.
private struct LogNormal {
  var log: Double
  var deviation: Double

  /// The mean of two by their precision.
  func pooled(with other: LogNormal?) -> LogNormal {
    guard let other, deviation > 0 else { return self }
    let (own, others) = (1 / (deviation * deviation), 1 / (other.deviation * other.deviation))
    return LogNormal(
      log: (log * own + other.log * others) / (own + others), deviation: (1 / (own + others)).squareRoot())
  }

  func shifted(by distance: Double) -> LogNormal { LogNormal(log: log + distance, deviation: deviation) }

  func widened(by deviation: Double) -> LogNormal { LogNormal(log: log, deviation: hypot(self.deviation, deviation)) }

  func seconds(atLeast least: Double) -> Prediction.Seconds {
    let half = 1.645 * deviation
    return .init(
      p5: max(least, exp(log - half)), p50: max(least, exp(log)), p95: max(least, exp(log + half)))
  }
}

extension Prediction {
  /// With another time, of which each part has the share that it had.
  fileprivate func replacing(_ seconds: Seconds) -> Prediction {
    var prediction = self
    let scale = self.seconds.p50 > 0 ? seconds.p50 / self.seconds.p50 : 1
    prediction.seconds = seconds
    prediction.fixedSeconds *= scale
    prediction.variableSeconds *= scale
    for index in prediction.breakdown.indices { prediction.breakdown[index].seconds *= scale }
    return prediction
  }
}
