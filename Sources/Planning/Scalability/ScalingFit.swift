public import AdvisorCore

/// What measured throughput says about more workers (`advisor.fit/1`).
public struct ScalingFit: Codable, Hashable, Sendable {
  public enum ModelName: String, Codable, Sendable { case usl, amdahl, ernest }

  public struct Peak: Codable, Hashable, Sendable {
    public var workers: Double
    public var throughput: Double
  }

  public struct Model: Codable, Hashable, Sendable {
    public var model: ModelName
    public var coefficients: [String: Double]
    /// Nil for a coefficient on its bound.
    public var standardErrors: [String: Double?]
    /// Nil when throughput grows with every worker.
    @Nullable public var peak: Peak?
    /// Root mean square of the misses at numbers of workers that were left out of the fit, over the mean throughput; nil
    /// when too few are left.
    @Nullable public var leaveOneOutError: Double?
    /// Error on the upper half of the worker counts, fitted to the lower half only.
    @Nullable public var extrapolationError: Double?
    public var predictions: [Prediction]
  }

  /// Throughput on the fitted curve.
  public struct Prediction: Codable, Hashable, Sendable {
    public var workers: Double
    public var throughput: Double
    /// The ends of the curve's 90 % confidence interval; nil without degrees of freedom.
    @Nullable public var low: Double?
    @Nullable public var high: Double?
  }

  /// The serial share that a speedup at a number of workers implies (Karp & Flatt).
  public struct SerialShare: Codable, Hashable, Sendable {
    public var workers: Double
    public var share: Double
  }

  public static let schema = "advisor.fit/1"

  public var schema = Self.schema
  public var points: Int
  /// What throughput counts; nil where the measurements do not tell.
  @Nullable public var unit: QuantityUnit?
  @Nullable public var input: TableInput?
  /// Means at each number of workers, ascending; empty for runs of different sizes.
  public var measured: [ScalingData.Point]
  public var best: ModelName
  public var models: [Model]
  /// Empty without a measurement of one worker.
  public var serialShares: [SerialShare]
  public var verdict: [Finding]

  /// - Parameter extra: numbers of workers to predict beside the measured ones.
  /// - Parameter cpus: of the machine where workers compute; nil where it is not known.
  public init(_ data: ScalingData, predictingAlso extra: [Double] = [], cpus: Double? = nil) {
    points = data.points
    measured = data.groups.map { ScalingData.Point(workers: $0.workers, throughput: $0.throughput) }
    let workers = Set(measured.map(\.workers) + extra).sorted()
    let models = [
      Model(AmdahlScaling.self, data, workers), Model(UniversalScalability.self, data, workers),
      Model(ErnestScaling.self, data, workers),
    ]
    let comparison = Comparison(data)
    let chosen = Self.simplestGood(comparison.isPeakSignificant ? Array(models.dropFirst()) : models, data)
    self.models = models
    best = chosen.model
    serialShares = Self.serialShares(data)
    verdict = chosen.verdict(data, comparison, cpus: cpus)
    (unit, input) = (data.unit, data.input)
  }

  /// The first, in order of simplicity, whose leave-one-out error is within a tenth of the least; of those with fewer
  /// coefficients than there are numbers of workers.
  private static func simplestGood(_ models: [Model], _ data: ScalingData) -> Model {
    let able = models.filter { $0.coefficients.count < data.groups.count }
    let least = able.compactMap(\.leaveOneOutError).min() ?? 0
    return able.first { ($0.leaveOneOutError ?? .infinity) <= 1.1 * least + 1e-9 } ?? models[0]
  }

  private static func serialShares(_ data: ScalingData) -> [SerialShare] {
    guard let single = data.groups.first(where: { $0.workers == 1 }) else { return [] }
    return data.groups.compactMap { group in
      Speedup.serialShare(speedup: group.throughput / single.throughput, workers: group.workers)
        .map { SerialShare(workers: group.workers, share: $0) }
    }
  }
}

extension ScalingFit.Model {
  fileprivate init<Law: ScalingModel>(_ law: Law.Type, _ data: ScalingData, _ workers: [Double]) {
    let fitted = Law(fittedTo: data)
    model = Law.name
    coefficients = fitted.coefficients
    standardErrors = fitted.standardErrors
    peak = fitted.peakWorkers.map { ScalingFit.Peak(workers: $0, throughput: fitted.throughput(workers: $0)) }
    leaveOneOutError = Law.leaveOneOutError(data)
    extrapolationError = Law.extrapolationError(data)
    predictions = workers.map(fitted.prediction)
  }
}
