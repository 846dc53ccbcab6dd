private import func Glibc.erfc
private import func Glibc.exp
private import func Glibc.lgamma
private import func Glibc.log
private import func Glibc.pow

extension CensoredTimes {
  /// From tasks of which one in a hundred takes 20 times the mean to ones that are equal to within 2 %.
  private static let shapes = (0..<40).map { 0.5 * pow(128, (Double($0) + 0.5) / 40) }

  /// Weibull times: t^k is exponential at a rate θ; priors are flat in log k and log θ. For each k θ is integrated out, for its
  /// posterior is Gamma(d, Σt^k), d those that have ended and the sum over all.
  ///
  /// - Parameters: logarithms of times as shares of the longest.
  static func weibull(_ ended: [Double], _ running: [Double]) -> Belief {
    let (count, sum, all) = (Double(ended.count), ended.reduce(0, +), ended + running)
    let (digamma, trigamma) = (digamma(ended.count), trigamma(ended.count))
    return Belief(
      shapes.map { shape in
        let logPower = log(all.reduce(0) { $0 + exp(shape * $1) })
        let belief = Belief(
          logMean: lgamma(1 + 1 / shape).0 - (digamma - logPower) / shape, variance: trigamma / (shape * shape),
          shape: shape)
        return (belief, count * (log(shape) - logPower) + shape * sum)
      })
  }

  /// Standard deviations of a lognormal's logarithm, from 0.02 to 1.5.
  private static let scales = (0..<24).map { 0.02 * pow(75, (Double($0) + 0.5) / 24) }
  private static let maxRunning = 24

  /// Lognormal times; priors are flat in the logarithm's mean, up to e⁴ times the longest seen, and in the logarithm of its
  /// deviation.
  static func lognormal(_ ended: [Double], _ running: [Double]) -> Belief {
    let (count, mean) = (Double(ended.count), ended.reduce(0, +) / Double(ended.count))
    let squares = ended.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let groups = grouped(running)
    let places = places(ended: count, running: Double(running.count))
    return Belief(
      scales.flatMap { scale in
        places.filter { mean + $0 * scale < 4 }.map { place in
          let location = mean + place * scale
          let ends = (1 - count) * log(scale) - squares / (2 * scale * scale) - count * place * place / 2
          let goOn = groups.reduce(0) { $0 + $1.count * logSurvival(($1.log - location) / scale) }
          return (Belief(logMean: location + scale * scale / 2, variance: 0, shape: scale), ends + goOn)
        }
      })
  }

  /// Where the mean of all logarithms may lie: deviations from that of those that have ended, the more to the right the
  /// fewer have.
  private static func places(ended: Double, running: Double) -> [Double] {
    let error = 4 / ended.squareRoot()
    let beyond = 1 + error - 1.5 * min(0, Normal.quantile(ended / (ended + running + 1)))
    return (0..<60).map { -error + (beyond + error) * Double($0) / 59 }
  }

  /// Many as a few, each for its neighbours.
  private static func grouped(_ logs: [Double]) -> [(log: Double, count: Double)] {
    let sorted = logs.sorted()
    let groups = min(maxRunning, sorted.count)
    return (0..<groups).map { group in
      let part = sorted[(group * sorted.count / groups)..<((group + 1) * sorted.count / groups)]
      return (part.reduce(0, +) / Double(part.count), Double(part.count))
    }
  }

  /// Of the standard normal distribution; far out by the tail's leading term (Abramowitz and Stegun, 26.2.12).
  private static func logSurvival(_ z: Double) -> Double {
    z < 30 ? log(erfc(z / 2.0.squareRoot()) / 2) : -z * z / 2 - log(z * (2 * Double.pi).squareRoot())
  }

  /// The least time is that of the shortest; the rate of what is beyond it is Gamma(d − 1, Σ(t − least)), the sum over all that
  /// have lasted longer (Nelson, chapter 3, for a prior flat in its logarithm).
  static func exponential(_ ended: [Double], _ running: [Double]) -> Belief {
    let least = ended.min() ?? 0
    let beyond = (ended + running).reduce(0) { $0 + max(0, $1 - least) }
    let excess = max(beyond, 1e-6 * least) * exp(-digamma(ended.count - 1))
    let share = least / (least + excess)
    let variance = trigamma(ended.count - 1) * (1 - share) * (1 - share)
    return Belief(logMean: log(least + excess), variance: variance, shape: share)
  }

  /// ψ(n) = −γ + Σ 1/i, and ψ′(n) = π²/6 − Σ 1/i², i below n (Abramowitz and Stegun, 6.3.2 and 6.4.3).
  private static func digamma(_ count: Int) -> Double {
    let sum: Double = (1..<count).reduce(0) { $0 + 1 / Double($1) }
    return sum - 0.577_215_664_901_532_9
  }

  private static func trigamma(_ count: Int) -> Double {
    let sum: Double = (1..<count).reduce(0) { $0 + 1 / Double($1 * $1) }
    return Double.pi * Double.pi / 6 - sum
  }
}
