private import func Glibc.log
private import Statistics

/// The form of Ernest for jobs on clusters, `t = t0 + t1·s/m + t2·m + t3·log m` seconds for work s on m machines: a fixed
/// part, a part that is shared out, one that every machine adds, and one for trees of messages.
///
/// Venkataraman et al., "Ernest: Efficient Performance Prediction for Large-Scale Advanced Analytics", NSDI 2016.
public struct ErnestScaling: Sendable {
  /// One run.
  public struct Run: Sendable {
    public var machines: Double
    public var scale: Double
    public var seconds: Double

    public init(machines: Double, scale: Double, seconds: Double) {
      self.machines = machines
      self.scale = scale
      self.seconds = seconds
    }
  }

  /// t0 to t3; none is negative.
  public let terms: [Double]
  let standardErrors: [String: Double?]
  let degreesOfFreedom: Int
  /// In the terms that are above zero.
  private let regression: LeastSquares
  /// Standard deviation of a run about the fit, in seconds; nil without degrees of freedom.
  private let deviation: Double?

  public init(fittedTo runs: [Run]) {
    self.init(
      rows: runs.map { Self.features(machines: $0.machines, scale: $0.scale) }, seconds: runs.map(\.seconds),
      observations: runs.count, spread: 0)
  }

  public func seconds(machines: Double, scale: Double) -> Double {
    zip(terms, Self.features(machines: machines, scale: scale)).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private init(rows: [[Double]], seconds: [Double], observations: Int, spread: Double) {
    let terms = NonNegativeLeastSquares.coefficients(rows: rows, observed: seconds)
    let active = terms.indices.filter { terms[$0] > 0 }
    var regression = LeastSquares(columns: active.count)
    for (row, value) in zip(rows, seconds) { regression.add(active.map { row[$0] }, observed: value) }
    let freedom = observations - active.count
    let deviation = ((regression.residualSumOfSquares + spread) / Double(max(freedom, 1))).squareRoot()
    self.terms = terms
    self.regression = regression
    self.deviation = freedom > 0 ? deviation : nil
    degreesOfFreedom = freedom
    standardErrors = Dictionary(
      uniqueKeysWithValues: terms.indices.map { term in
        guard freedom > 0, let position = active.firstIndex(of: term) else { return (Self.names[term], nil) }
        let unit = active.indices.map { $0 == position ? 1.0 : 0 }
        return (Self.names[term], regression.leverage(of: unit).map { deviation * $0.squareRoot() })
      })
  }

  private static let names = ["t0", "t1", "t2", "t3"]

  private static func features(machines: Double, scale: Double) -> [Double] {
    [1, scale / machines, machines, log(machines)]
  }
}

/// The form as a law of throughput: one unit of work on a number of workers.
extension ErnestScaling: ScalingModel {
  static var name: ScalingFit.ModelName { .ernest }
  static var fewestGroups: Int { 3 }

  init(fittedTo data: ScalingData) {
    let roots = data.groups.map { $0.count.squareRoot() }
    self.init(
      rows: zip(data.groups, roots).map { group, root in
        Self.features(machines: group.workers, scale: 1).map { $0 * root }
      },
      seconds: zip(data.groups, roots).map { $0.seconds * $1 }, observations: data.points,
      spread: data.groups.reduce(0) { $0 + $1.secondsSpread })
  }

  var coefficients: [String: Double] { Dictionary(uniqueKeysWithValues: zip(Self.names, terms)) }

  /// Where the time is least: `t1/m² = t2 + t3/m`.
  var peakWorkers: Double? {
    let (shared, linear, logarithmic) = (terms[1], terms[2], terms[3])
    if linear > 0 {
      return max(1, ((logarithmic * logarithmic + 4 * shared * linear).squareRoot() - logarithmic) / (2 * linear))
    }
    return logarithmic > 0 ? max(1, shared / logarithmic) : nil
  }

  func throughput(workers: Double) -> Double { 1 / seconds(machines: workers, scale: 1) }

  /// Standard error of the throughput, from that of the seconds: d(1/t) = dt/t².
  func standardError(workers: Double) -> Double? {
    let features = Self.features(machines: workers, scale: 1)
    let active = terms.indices.filter { terms[$0] > 0 }.map { features[$0] }
    guard let deviation, let leverage = regression.leverage(of: active) else { return nil }
    let seconds = seconds(machines: workers, scale: 1)
    return deviation * leverage.squareRoot() / (seconds * seconds)
  }
}
