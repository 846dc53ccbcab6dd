import AdvisorCore
import Statistics
private import func Glibc.exp
private import func Glibc.expm1
private import func Glibc.log

/// What the calls that were still running at a moment say of all of them: beside many others the first to end are the shortest.
struct RunningOn: Sendable {
  /// How many times as long a call takes in the mean as those that have ended.
  let factor: Double
  /// CPU time of a call in the mean, in seconds.
  let computing: Double
  /// The same of those that have ended.
  private let computed: Double
  private let times: CensoredTimes
  /// The logarithm of the mean of those that have ended.
  private let logMean: Double

  /// How much the light tail, the heavy one and a least time are believed.
  private static let shares = [0.5, 0.25, 0.25]
  private static let maxLookedAt = 512

  /// - Parameters:
  ///   - ended: the first calls of the run to end.
  ///   - ages: how long others had been running then, in seconds.
  /// - Returns: nil where none was running.
  init?(_ ended: ArraySlice<EndedCalls.Call>, beside ages: [Double]) {
    guard !ages.isEmpty else { return nil }
    let step = 1 + (ended.count + ages.count) / Self.maxLookedAt
    func some(_ all: [Double]) -> [Double] { all.enumerated().filter { $0.offset % step == 0 }.map(\.element) }
    let walls = some(ended.map(\.usage.wallSeconds))
    guard let times = CensoredTimes(ended: walls, running: some(ages)), let mean = walls.mean(), mean > 0 else {
      return nil
    }
    self.times = times
    logMean = log(mean)
    let expected = zip(Self.shares, times.beliefs).reduce(0) { $0 + $1.0 * $1.1.logMean }
    factor = exp(max(0, expected - logMean))
    computed = ended.map(\.usage.cpuSeconds).mean() ?? 0
    // Whether longer ones compute longer is told by those that have ended.
    let fit = WorkFit(ended.map { .init(tasks: 1, bytes: $0.usage.wallSeconds, seconds: $0.usage.cpuSeconds) })
    computing = max(computed, fit?.seconds(tasks: 1, bytes: mean * factor) ?? 0)
  }

  /// How long calls had been running that ended later, in seconds: of those counts only that they were running.
  static func ages(beside ended: ArraySlice<EndedCalls.Call>, of run: EndedCalls) -> [Double] {
    guard let now = ended.last?.at else { return [] }
    return run.calls[ended.endIndex...].compactMap { call in
      call.at.map { now - ($0 - call.usage.wallSeconds) }.flatMap { $0 > 0 ? $0 : nil }
    }
  }

  /// What a call computes and waits, by what those that have ended did.
  func lengthened(computing: Double, waiting: Double) -> (computing: Double, waiting: Double) {
    let longer = computing * (computed > 0 ? self.computing / computed : 1)
    return (longer, max(0, (computing + waiting) * factor - longer))
  }

  /// How much longer a run takes than one of equal calls, each ``factor`` times as long as those that have ended.
  ///
  /// Which tail it is the calls that have ended don't tell, and the longest of many are by the tail: each counts by its share,
  /// and what they differ by is not known. By these shares the medians of uniform, exponential and lognormal times are off by as
  /// much to either side.
  ///
  /// - Parameter capacity: how many workers can be at full speed at once.
  func unevenness(tasks: Int, workers: Int, capacity: Double) -> Unevenness {
    func world(_ belief: CensoredTimes.Belief, _ sizes: some TaskSizes) -> (longer: Double, variance: Double) {
      let ending = Unevenness(tasks: tasks, of: sizes, workers: workers, capacity: capacity)
      return (
        max(0, belief.logMean - logMean) + log(ending.factor), belief.variance + ending.deviation * ending.deviation
      )
    }
    let scale = times.lognormal.shape
    let worlds = [
      world(times.weibull, WeibullSizes(shape: times.weibull.shape)),
      world(times.lognormal, LognormalSizes(scv: expm1(scale * scale))),
      world(times.exponential, ExponentialSizes(least: times.exponential.shape)),
    ]
    let shared = zip(Self.shares, worlds)
    let longer = shared.reduce(0) { $0 + $1.0 * $1.1.longer }
    let variance = shared.reduce(0) { $0 + $1.0 * ($1.1.variance + ($1.1.longer - longer) * ($1.1.longer - longer)) }
    return Unevenness(factor: exp(longer) / factor, deviation: variance.squareRoot())
  }
}

extension CensoredTimes {
  fileprivate var beliefs: [Belief] { [weibull, lognormal, exponential] }
}
