public import AdvisorCore

/// A run as it is written (`advisor.run/1`): each reason with its sentence.
public struct RunDocument: Codable, Sendable, Hashable {
  public static let schema = "advisor.run/1"

  public var schema = Self.schema
  public var job: Job
  public var plan: Plan
  public var predicted: Prediction?
  public var observed: RunOutcome
  public var downloads: RunRecord.Downloads?
  public var error: Double?
  public var usual: RunRecord.Usual?
  public var startMethod: String?
  public var startMethodReason: String?
  public var reasons: [Reported<ConcurrencyReason>]?

  public init(_ record: RunRecord) {
    job = record.job
    plan = record.plan
    predicted = record.predicted
    observed = record.observed
    downloads = record.downloads
    error = record.error
    usual = record.usual
    startMethod = record.startMethod
    startMethodReason = record.startMethodReason
    reasons = record.reasons?.map { Reported($0, Sentences().text($0)) }
  }
}
