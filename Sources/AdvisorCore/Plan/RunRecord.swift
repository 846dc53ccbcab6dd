/// Predicted beside observed (`advisor.run/1`).
public struct RunRecord: Encodable, Sendable, Hashable {
  /// What people would have typed instead, and how long that would have taken by the model.
  public struct Usual: Codable, Sendable, Hashable {
    public var command: String
    public var seconds: Double

    public init(command: String, seconds: Double) {
      self.command = command
      self.seconds = seconds
    }
  }

  /// What came over the network.
  public struct Downloads: Codable, Sendable, Hashable {
    /// Of bodies, in this run.
    public var bytes: Int
    /// Files that were there already.
    public var skipped: Int
    /// Attempts beyond the first.
    public var retries: Int
    public var failed: Int
    /// Requests in flight at the end, by host, as it was found; nil where the user set the number.
    public var hosts: [String: Int]?

    public init(bytes: Int, skipped: Int, retries: Int, failed: Int, hosts: [String: Int]? = nil) {
      self.bytes = bytes
      self.skipped = skipped
      self.retries = retries
      self.failed = failed
      self.hosts = hosts
    }
  }

  public static let schema = "advisor.run/1"

  public var schema = Self.schema
  public var job: Job
  public var plan: Plan
  /// Nil when the plan was given and no profile could say what to expect.
  public var predicted: Prediction?
  /// What the run itself had made of that later on; nil where it was over too soon to tell.
  public private(set) var revised: Prediction.Seconds?
  /// The share of its work that was done then: a tenth, of downloads a half.
  public private(set) var revisedShare: Double?
  public var observed: RunOutcome
  /// Nil for a job without downloads.
  public var downloads: Downloads?
  /// Observed over predicted median, less one.
  public var error: Double?
  /// Nil for a job that there is no other usual program for.
  public var usual: Usual?
  /// How Python's interpreters started: fork, spawn or forkserver; nil where there were none.
  public var startMethod: String?
  public var startMethodReason: String?
  /// Why it ran as it did, where the run found that out by itself.
  public var reasons: [ConcurrencyReason]?

  public init(job: Job, plan: Plan, predicted: Prediction?, observed: RunOutcome, usual: Usual? = nil) {
    self.job = job
    self.plan = plan
    self.predicted = predicted
    self.observed = observed
    self.error = predicted.map { observed.seconds / $0.seconds.p50 - 1 }
    self.usual = usual
  }

  /// Takes in what the run has made of its prediction when a share of its work was done.
  public mutating func revise(_ seconds: Prediction.Seconds, at share: Double) {
    (revised, revisedShare) = (seconds, share)
  }
}
