public import AdvisorCore
private import func Glibc.exp
private import func Glibc.log
private import func Glibc.log1p
private import func Glibc.pow
private import Statistics

/// How service times spread about their mean; every form here has mean 1.
public enum ServiceDistribution: Hashable, Sendable {
  case deterministic
  case exponential
  /// The sum of a number of exponential phases.
  case erlang(phases: Int)
  /// By its squared coefficient of variation (variance over squared mean).
  case lognormal(scv: Double)
  /// Two exponential branches with balanced means, by the squared coefficient of variation, at least 1.
  case hyperexponential(scv: Double)
  /// `P(S > t) ~ t^−shape`; the shape above 2, so that the variance is finite.
  case pareto(shape: Double)

  /// Variance over squared mean.
  public var scv: Double {
    switch self {
    case .deterministic: 0
    case .exponential: 1
    case .erlang(let phases): 1 / Double(phases)
    case .lognormal(let scv), .hyperexponential(let scv): scv
    case .pareto(let shape): 1 / (shape * (shape - 2))
    }
  }

  /// A service time, in units of the mean.
  public func draw(_ random: inout some RandomNumberGenerator) -> Double {
    switch self {
    case .deterministic: return 1
    case .erlang(let phases):
      return (0..<phases).reduce(0) { sum, _ in sum - log(random.unit()) } / Double(phases)
    case .hyperexponential(let scv):
      let share = Self.quickShare(scv)
      let rate = random.unit() < share ? 2 * share : 2 * (1 - share)
      return -log(random.unit()) / rate
    case .exponential, .lognormal, .pareto: return quantile(random.unit())
    }
  }

  /// The time, in units of the mean, that this share of services stays within.
  ///
  /// - Parameter probability: strictly between 0 and 1.
  public func quantile(_ probability: Double) -> Double {
    switch self {
    case .deterministic: 1
    case .exponential: -log1p(-probability)
    case .lognormal(let scv):
      Lognormal(mean: 1, coefficientOfVariation: scv.squareRoot()).quantile(probability)
    case .pareto(let shape): (shape - 1) / shape * pow(1 - probability, -1 / shape)
    case .erlang, .hyperexponential: inverted(probability)
    }
  }

  /// `P(S > t)` of the two forms whose quantile has no closed form; t in units of the mean.
  private func survival(_ time: Double) -> Double {
    switch self {
    case .erlang(let phases):
      var term = exp(-Double(phases) * time)
      var sum = term
      for phase in stride(from: 1, to: phases, by: 1) {
        term *= Double(phases) * time / Double(phase)
        sum += term
      }
      return sum
    case .hyperexponential(let scv):
      let share = Self.quickShare(scv)
      return share * exp(-2 * share * time) + (1 - share) * exp(-2 * (1 - share) * time)
    default: return 0
    }
  }

  private func inverted(_ probability: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    while survival(high) > 1 - probability { high *= 2 }
    while true {
      let middle = (low + high) / 2
      guard middle > low, middle < high else { return middle }
      if survival(middle) > 1 - probability { low = middle } else { high = middle }
    }
  }

  /// The share of the quicker branch when both branches carry half of the work.
  private static func quickShare(_ scv: Double) -> Double { (1 + ((scv - 1) / (scv + 1)).squareRoot()) / 2 }
}

/// The text that a user types: `deterministic`, `exponential`, `erlang:4`, `lognormal:2.5`, `hyperexponential:4`, `pareto:3`.
extension ServiceDistribution: CustomStringConvertible {
  public var description: String {
    switch self {
    case .deterministic: "deterministic"
    case .exponential: "exponential"
    case .erlang(let phases): "erlang:\(phases)"
    case .lognormal(let scv): "lognormal:\(Quantity.decimal(scv, places: 9))"
    case .hyperexponential(let scv): "hyperexponential:\(Quantity.decimal(scv, places: 9))"
    case .pareto(let shape): "pareto:\(Quantity.decimal(shape, places: 9))"
    }
  }

  /// With a mean and a standard deviation in the same unit: lognormal, as measured times mostly are; exponential where both are
  /// equal, and deterministic without any.
  ///
  /// - Throws: `usage` for a deviation of more than ten means.
  public init(mean: Double, deviation: Double) throws(AdvisorError) {
    let scv = deviation * deviation / (mean * mean)
    switch scv {
    case 0: self = .deterministic
    case 1: self = .exponential
    case 0...100: self = .lognormal(scv: scv)
    default:
      throw AdvisorError(
        .usage, "a standard deviation of \(Quantity.text(seconds: deviation)) is more than ten times the mean",
        advice: "check its unit; up to \(Quantity.text(seconds: 10 * mean)) are planned for")
    }
  }

  /// - Throws: `usage` for a name or a parameter that there is no such distribution for.
  public init(_ text: String) throws(AdvisorError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let parameter = parts.count == 2 ? Double(parts[1]).flatMap { $0.isFinite ? $0 : nil } : nil
    switch (parts[0], parameter) {
    case ("deterministic", nil) where parts.count == 1: self = .deterministic
    case ("exponential", nil) where parts.count == 1: self = .exponential
    case ("erlang", let phases?) where (1...100).contains(phases) && phases == phases.rounded():
      self = phases == 1 ? .exponential : .erlang(phases: Int(phases))
    case ("lognormal", let scv?) where scv > 0 && scv <= 100: self = .lognormal(scv: scv)
    case ("hyperexponential", let scv?) where scv >= 1 && scv <= 100:
      self = scv == 1 ? .exponential : .hyperexponential(scv: scv)
    case ("pareto", let shape?) where shape >= 2.005 && shape <= 100: self = .pareto(shape: shape)
    default: throw Self.unknown(text)
    }
  }

  private static func unknown(_ text: String) -> AdvisorError {
    AdvisorError(
      .usage, "'\(text.excerpt)' is not a service distribution",
      advice: "write deterministic, exponential, erlang:PHASES (1 to 100), lognormal:SCV (up to 100), "
        + "hyperexponential:SCV (1 to 100) or pareto:ALPHA (2.005 to 100, which is an SCV of up to 100)")
  }
}
