public import AdvisorCore

/// The advice as it is shown and written (`advisor.recommendation/1`): each reason and each caveat with its sentence.
public struct RecommendationDocument: Codable, Sendable, Hashable {
  public static let schema = "advisor.recommendation/1"

  public var schema = Self.schema
  public var job: Job
  public var profile: Recommendation.ProfileReference
  public var recommended: Candidate
  /// The others, best first.
  public var alternatives: [Candidate]
  public var confidence: Double
  /// Where the width of the recommended candidate's interval comes from; nil unless it was asked for.
  public var intervalSplit: IntervalSplit?
  /// Most telling first.
  public var reasons: [Reported<Reason>]
  public var caveats: [Reported<Caveat>]
  public var runtime: RuntimeAdvice?

  public init(_ advice: Recommendation, explainsInterval: Bool = false) {
    job = advice.job
    intervalSplit = explainsInterval ? advice.intervalSplit : nil
    profile = advice.profile
    recommended = advice.recommended
    alternatives = advice.alternatives
    confidence = advice.confidence
    runtime = advice.runtime
    let sentences = Sentences(strategies: StrategyText(isPython: advice.runtime != nil))
    reasons = advice.reasons.map { Reported($0, sentences.text($0)) }
    caveats = advice.caveats.map { Reported($0, sentences.text($0)) }
  }

  var strategies: StrategyText { StrategyText(isPython: runtime != nil) }
}
