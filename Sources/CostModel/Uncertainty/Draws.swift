import AdvisorCore
private import func Glibc.exp
private import func Glibc.log
import Statistics

/// The same 400 possible worlds for every candidate (docs/model.md, 6.1): what differs between two candidates is
/// then what they do, not how they were drawn.
final class Draws {
  static let count = 400

  private let profile: MachineProfile
  private let cpus: Int
  private var streams: [ErrorSource: [Double]] = [:]
  private var models: [Model: [Double]] = [:]
  private var standard: [UInt64: [Double]] = [:]

  private struct Model: Hashable {
    var cause: ModelError.Cause
    var strategy: Strategy
    var scale: Double
  }

  /// How much of a run's noise there is in a wait: timers and remote latencies are as long as they are.
  private static let noiseOfWaits = 0.25

  init(_ profile: MachineProfile) {
    self.profile = profile
    cpus = profile.machine.usable.logicalCPUs
  }

  /// The seconds that a candidate takes in each world, by a model that knows of no past run.
  ///
  /// - Parameter sources: what differs between the worlds; all else is as expected.
  func seconds(of outcome: Outcome, _ sources: Set<IntervalSplit.Source> = Set(IntervalSplit.Source.allCases))
    -> [Double]
  {
    var seconds = [Double](repeating: 0, count: Self.count)
    let sizes = sources.contains(.taskSizes) ? relativeMakespans(outcome.makespanSpread) : nil
    let isNoisy = sources.contains(.runNoise)
    let noise = RunNoise(profile, during: outcome.seconds)
    let atOnce = min(outcome.workers, cpus)
    var runs: [Double: [Double]] = [:]
    for part in outcome.parts {
      let costs = sources.contains(.calibration) ? factors(of: part.error) : nil
      let model = sources.contains(.model) ? model(of: outcome.cause(of: part), outcome) : nil
      let weight = !isNoisy ? 0 : part.name == .wait ? Self.noiseOfWaits : 1
      let spread = weight * noise.spread(neighbours: part.error.runSpread, cpus: atOnce)
      let run = runs[spread] ?? self.runs(spread)
      runs[spread] = run
      for j in seconds.indices {
        let size = part.isFixed ? 1 : sizes?[j] ?? 1
        seconds[j] += part.seconds * (costs?[j] ?? 1) * (model?[j] ?? 1) * size * run[j]
      }
    }
    return seconds
  }

  /// By what a part of a run is longer in each world.
  private func runs(_ spread: Double) -> [Double] { normals(Self.runStream).map { exp(spread * $0) } }

  /// Standard deviation of the logarithm of the seconds, the model's discrepancy left out.
  func spreadWithoutDiscrepancy(of outcome: Outcome) -> Double {
    Self.variance(seconds(of: outcome, [.calibration, .taskSizes, .runNoise])).squareRoot()
  }

  /// What each source alone makes of the interval, the largest first.
  func shares(of outcome: Outcome) -> [IntervalSplit.Share] {
    let alone = IntervalSplit.Source.allCases.map { source in (source, seconds(of: outcome, [source])) }
    let total = alone.reduce(0) { $0 + Self.variance($1.1) }
    return alone.map { source, seconds in
      let spread = Spread(sorted: seconds.sorted())
      return IntervalSplit.Share(
        source: source, share: total > 0 ? Self.variance(seconds) / total : 0,
        width: spread.median > 0 ? (spread.p95 - spread.p5) / spread.median : 0)
    }.sorted { $0.share > $1.share }
  }

  /// Of the logarithm.
  private static func variance(_ seconds: [Double]) -> Double {
    let logs = seconds.map { log(max($0, 1e-12)) }
    let mean = logs.mean() ?? 0
    return logs.map { ($0 - mean) * ($0 - mean) }.mean() ?? 0
  }

  private func relativeMakespans(_ makespanSpread: MakespanSpread) -> [Double] {
    switch makespanSpread {
    case .normal(0): return Array(repeating: 1, count: Self.count)
    case .normal(let deviation): return normals(Self.luckStream).map { max(0.05, 1 + deviation * $0) }
    case .drawn(let makespans): return (0..<Self.count).map { makespans[$0 % makespans.count] }
    }
  }

  /// How far each world's cost lies from the calibrated one; few samples give it the heavier tails of Student's t.
  ///
  /// Within its 99 % interval: the exponential of Student's t has no mean, and one world would decide between the candidates.
  private func factors(of source: ErrorSource) -> [Double] {
    if let known = streams[source] { return known }
    let made: [Double]
    if source.deviation == 0 {
      made = Array(repeating: 1, count: Self.count)
    } else {
      let reach = StudentT(degreesOfFreedom: source.degreesOfFreedom).quantile(0.995)
      made = students(source.stream, degreesOfFreedom: source.degreesOfFreedom).map {
        exp(source.deviation * max(-reach, min(reach, $0)))
      }
    }
    streams[source] = made
    return made
  }

  /// The model's discrepancy.
  private func model(of cause: ModelError.Cause, _ outcome: Outcome) -> [Double] {
    let strategy = outcome.strategy
    let atOnce = outcome.engine == nil ? min(outcome.workers, cpus) : outcome.workers
    let scale = ModelError.of(cause, strategy, cpus: atOnce).scale
    let key = Model(cause: cause, strategy: strategy, scale: scale)
    if let known = models[key] { return known }
    let stream = Self.causeStream &+ UInt64(cause.rawValue)
    let common = normals(stream)
    let own = normals(Self.strategyStream &+ UInt64(strategy.complexity))
    let chi = chis(stream, degreesOfFreedom: ModelError.degreesOfFreedom)
    let shares = (Discrepancy.commonShare.squareRoot(), (1 - Discrepancy.commonShare).squareRoot())
    let made = (0..<Self.count).map { j in exp(scale * (shares.0 * common[j] + shares.1 * own[j]) / chi[j]) }
    models[key] = made
    return made
  }

  private static let luckStream: UInt64 = 1
  private static let runStream: UInt64 = 3
  private static let strategyStream: UInt64 = 16
  private static let causeStream: UInt64 = 32

  /// Standard normals in shuffled strata: one draw from each of 400 equal shares, so that the middle is in the middle.
  private func normals(_ stream: UInt64) -> [Double] {
    if let known = standard[stream] { return known }
    var random = Xoshiro(seed: stream)
    let made = Self.strata.shuffled(using: &random)
    standard[stream] = made
    return made
  }

  private static let strata = (0..<count).map { Normal.quantile((Double($0) + 0.5) / Double(count)) }

  private func students(_ stream: UInt64, degreesOfFreedom: Double) -> [Double] {
    zip(normals(stream), chis(stream, degreesOfFreedom: degreesOfFreedom)).map { $0 / $1 }
  }

  /// √(χ² / degrees of freedom).
  private func chis(_ stream: UInt64, degreesOfFreedom: Double) -> [Double] {
    guard degreesOfFreedom < 200 else { return Array(repeating: 1, count: Self.count) }
    var random = Xoshiro(seed: ~stream)
    let shape = degreesOfFreedom / 2
    return (0..<Self.count).map { _ in (random.gamma(shape: shape) / shape).squareRoot() }
  }
}
