import AdvisorCore
private import func Glibc.exp
private import func Glibc.hypot
private import func Glibc.log
import Statistics

/// The same 400 possible worlds for every candidate (docs/model.md, 6.1): what differs between two candidates is
/// then what they do, not how they were drawn.
final class Draws {
  static let count = 400

  /// Standard deviation of the logarithm between runs of the same work.
  private let runSpread: Double
  private var streams: [ErrorSource: [Double]] = [:]
  private var models: [Model: [Double]] = [:]

  private struct Model: Hashable {
    var strategy: Strategy
    var waiting: Bool
  }

  /// How much of the discrepancy there is in a wait: timers and remote latencies are as long as they are.
  private static let discrepancyOfWaits = 0.25

  init(noise: Noise) {
    let spread = hypot(noise.runSpread, noise.loadSpread)
    runSpread = spread.isFinite ? min(1, max(0, spread)) : 0.05
  }

  /// The seconds that a candidate takes in each world, by a model that knows of no past run.
  func seconds(of outcome: Outcome) -> [Double] {
    var seconds = [Double](repeating: 0, count: Self.count)
    let makespanSpread = relativeMakespans(outcome.makespanSpread)
    for part in outcome.parts {
      let factors = factors(of: part.error)
      let model = model(of: outcome.strategy, waiting: part.name == .wait)
      for j in seconds.indices {
        seconds[j] += part.seconds * factors[j] * model[j] * (part.isFixed ? 1 : makespanSpread[j])
      }
    }
    return seconds
  }

  /// Standard deviation of the logarithm of the seconds, the model's discrepancy left out.
  func spreadWithoutDiscrepancy(of outcome: Outcome) -> Double {
    let makespanSpread = relativeMakespans(outcome.makespanSpread)
    let noise = normals(Self.runStream)
    let logs = (0..<Self.count).map { j in
      let seconds = outcome.parts.reduce(0) {
        $0 + $1.seconds * factors(of: $1.error)[j] * ($1.isFixed ? 1 : makespanSpread[j])
      }
      return log(max(seconds, 1e-12)) + runSpread * noise[j]
    }
    let mean = logs.mean() ?? 0
    return (logs.map { ($0 - mean) * ($0 - mean) }.mean() ?? 0).squareRoot()
  }

  private func relativeMakespans(_ makespanSpread: MakespanSpread) -> [Double] {
    switch makespanSpread {
    case .normal(0): return Array(repeating: 1, count: Self.count)
    case .normal(let deviation): return normals(Self.luckStream).map { max(0.05, 1 + deviation * $0) }
    case .drawn(let makespans): return (0..<Self.count).map { makespans[$0 % makespans.count] }
    }
  }

  /// How far each world's cost lies from the calibrated one; few samples give it the heavier tails of Student's t.
  private func factors(of source: ErrorSource) -> [Double] {
    if let known = streams[source] { return known }
    let made: [Double]
    if source.deviation == 0 {
      made = Array(repeating: 1, count: Self.count)
    } else {
      made = students(source.stream, degreesOfFreedom: source.degreesOfFreedom).map { exp(source.deviation * $0) }
    }
    streams[source] = made
    return made
  }

  /// The model's discrepancy and the noise of a run.
  private func model(of strategy: Strategy, waiting: Bool) -> [Double] {
    let key = Model(strategy: strategy, waiting: waiting)
    if let known = models[key] { return known }
    let weight = waiting ? Self.discrepancyOfWaits : 1
    let belief = Discrepancy.unlearnt.predictive
    let common = normals(Self.commonStream)
    let own = normals(Self.strategyStream &+ UInt64(strategy.complexity))
    let chi = chis(Self.commonStream, degreesOfFreedom: belief.degreesOfFreedom)
    let noise = normals(Self.runStream)
    let shares = (Discrepancy.commonShare.squareRoot(), (1 - Discrepancy.commonShare).squareRoot())
    let made = (0..<Self.count).map { j in
      let z = (shares.0 * common[j] + shares.1 * own[j]) / chi[j]
      return exp(weight * (belief.scale * z + runSpread * noise[j]))
    }
    models[key] = made
    return made
  }

  private static let luckStream: UInt64 = 1
  private static let commonStream: UInt64 = 2
  private static let runStream: UInt64 = 3
  private static let strategyStream: UInt64 = 16

  /// Standard normals in shuffled strata: one draw from each of 400 equal shares, so that the middle is in the middle.
  private func normals(_ stream: UInt64) -> [Double] {
    var random = Xoshiro(seed: stream)
    return Self.strata.shuffled(using: &random)
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
