public import AdvisorCore
public import Observation

/// What tuning has shown as it is shown and written (`advisor.tune/1`): each reason and caveat with its sentence.
public struct TuningDocument: Encodable, Sendable {
  public var report: TuningReport
  /// What holds the command back at the start, in the words of `why`: what takes most of the time.
  public var cause: Reported<Cause>?
  public var reasons: [Reported<TuningReason>]
  public var caveats: [Reported<TuningCaveat>]

  public init(_ report: TuningReport, causes: [Cause]) {
    self.report = report
    let sentences = Sentences()
    cause = causes.first.map { Reported($0, sentences.text($0)) }
    reasons = report.reasons.map { Reported($0, sentences.text($0)) }
    caveats = report.caveats.map { Reported($0, sentences.text($0)) }
  }

  public func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var members = encoder.container(keyedBy: MemberName.self)
    try members.encode(report.runs.map(Document.init), forKey: "runs")
    try members.encode(caveats, forKey: "caveats")
    try members.encode([cause.map(Why.cause)].compactMap(\.self) + reasons.map(Why.reason), forKey: "reasons")
  }

  /// What `why` would say, and what the times of the runs say, in one list.
  private enum Why: Encodable {
    case cause(Reported<Cause>)
    case reason(Reported<TuningReason>)

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .cause(let cause): try cause.encode(to: encoder)
      case .reason(let reason): try reason.encode(to: encoder)
      }
    }
  }
}

extension TuningReport.Run: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(failure.map { Reported($0, Sentences().text($0)) }, forKey: "failure")
  }
}

extension TuningEntry: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(runs.map(Document.init), forKey: "runs")
  }
}

extension HistoryList: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(tunings.map(Document.init), forKey: "tunings")
  }
}
