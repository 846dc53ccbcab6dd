/// How good the advice is on a machine, measured (`advisor.verification/1`).
public struct Verification: Codable, Sendable, Hashable {
  public static let schema = "advisor.verification/1"

  /// One way of running a job, with the median of its runs.
  public struct Choice: Codable, Sendable, Hashable {
    public var strategy: Strategy
    public var workers: Int
    public var chunk: Int
    /// Of a pipeline: the workers of each stage.
    @Nullable public var stageWorkers: [Int]?
    public var seconds: Double
    /// Seconds of each run, in the order of the rounds in which all ways ran in turn; nil from builds that do not keep
    /// them.
    @Nullable public var runs: [Double]?
    /// Median prediction, in seconds; nil where none was made.
    @Nullable public var predicted: Prediction.Seconds?
    /// The name of the largest part of the predicted time.
    @Nullable public var largestPart: String?

    public init(
      strategy: Strategy, workers: Int, chunk: Int = 1, stageWorkers: [Int]? = nil, seconds: Double,
      runs: [Double]? = nil, predicted: Prediction.Seconds? = nil, largestPart: String? = nil
    ) {
      self.strategy = strategy
      self.workers = workers
      self.chunk = chunk
      self.stageWorkers = stageWorkers
      self.seconds = seconds
      self.runs = runs
      self.predicted = predicted
      self.largestPart = largestPart
    }
  }

  /// One run of the chosen way beside what was predicted for it, in seconds.
  public struct Forecast: Codable, Sendable, Hashable {
    public var predicted: Prediction.Seconds
    public var observed: Double

    public init(predicted: Prediction.Seconds, observed: Double) {
      self.predicted = predicted
      self.observed = observed
    }
  }

  /// One job of the suite.
  public struct Case: Codable, Sendable, Hashable {
    /// The job's name in the suite.
    @Nullable public var name: String?
    public var job: String
    public var chosen: Choice
    public var best: Choice
    /// How much longer the chosen way took than the best one, as a share, by rounds and split halves: below zero by chance only.
    public var regret: Double
    /// What a perfect adviser's regret would be in this noise.
    public var noiseFloor: Double
    /// Predicted time of the chosen way, in seconds.
    public var predicted: Prediction.Seconds
    public var observed: Double
    /// Whether the chosen way's first run ended within its 90 % interval.
    public var covered: Bool
    /// Each run of the chosen way; nil from builds that did not keep them.
    @Nullable public var forecasts: [Forecast]?
    /// The regret of each fixed rule that fits the job, by the rule's name.
    public var ruleRegrets: [String: Double]
    /// Ways that were measured.
    public var alternatives: Int
    /// Each of them.
    public var ways: [Choice]

    public init(
      name: String?, job: String, chosen: Choice, best: Choice, regret: Double, noiseFloor: Double,
      predicted: Prediction.Seconds,
      observed: Double, covered: Bool, forecasts: [Forecast]?, ruleRegrets: [String: Double], ways: [Choice]
    ) {
      self.name = name
      self.job = job
      self.chosen = chosen
      self.best = best
      self.regret = regret
      self.noiseFloor = noiseFloor
      self.predicted = predicted
      self.observed = observed
      self.covered = covered
      self.forecasts = forecasts
      self.ruleRegrets = ruleRegrets
      alternatives = ways.count
      self.ways = ways
    }
  }

  public struct Summary: Codable, Sendable, Hashable {
    public var meanRegret: Double
    public var p95Regret: Double
    /// Share of the cases in which the chosen way took at most a tenth longer than the best.
    public var withinTenth: Double
    public var meanNoiseFloor: Double
    /// Median of |predicted / observed − 1|, each that of a case's middle run.
    public var medianError: Double
    public var p90Error: Double
    /// Share of the chosen ways' runs that ended within their 90 % intervals, with its own 95 % interval.
    public var coverage: Double
    public var coverageInterval: [Double]
    /// Width of the chosen ways' 90 % intervals over their medians; the median of the cases.
    public var medianWidth: Double
    /// Interval score of the chosen ways' runs over the median of what was observed: the width, and twenty times what a run
    /// fell outside (Gneiting and Raftery, JASA 102, 2007, equation 43); the mean over the cases.
    public var meanScore: Double
    /// The mean regret of the best fixed rule.
    public var meanRegretOfDefault: Double
    public var meanRegretOfRules: [String: Double]

    public init(
      meanRegret: Double, p95Regret: Double, withinTenth: Double, meanNoiseFloor: Double, medianError: Double,
      p90Error: Double, coverage: Double, coverageInterval: [Double], medianWidth: Double, meanScore: Double,
      meanRegretOfDefault: Double, meanRegretOfRules: [String: Double]
    ) {
      self.meanRegret = meanRegret
      self.p95Regret = p95Regret
      self.withinTenth = withinTenth
      self.meanNoiseFloor = meanNoiseFloor
      self.medianError = medianError
      self.p90Error = p90Error
      self.coverage = coverage
      self.coverageInterval = coverageInterval
      self.medianWidth = medianWidth
      self.meanScore = meanScore
      self.meanRegretOfDefault = meanRegretOfDefault
      self.meanRegretOfRules = meanRegretOfRules
    }
  }

  public var schema = Self.schema
  public var cases: [Case]
  public var summary: Summary
  /// Jobs that could not be measured, and why.
  public var skipped: [String]

  public init(cases: [Case], summary: Summary, skipped: [String]) {
    self.cases = cases
    self.summary = summary
    self.skipped = skipped
  }
}
