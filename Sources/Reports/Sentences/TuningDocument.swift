public import AdvisorCore

/// What tuning has shown as it is shown and written (`advisor.tune/1`): each reason with its sentence.
public struct TuningDocument: Encodable, Sendable {
  public var report: TuningReport
  public var reasons: [Reported<TuningReason>]

  private enum Keys: CodingKey { case reasons }

  public init(_ report: TuningReport) {
    self.report = report
    let sentences = Sentences(strategies: StrategyText())
    reasons = report.reasons.map { Reported($0, sentences.text($0)) }
  }

  public func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var values = encoder.container(keyedBy: Keys.self)
    try values.encode(reasons, forKey: .reasons)
  }
}
