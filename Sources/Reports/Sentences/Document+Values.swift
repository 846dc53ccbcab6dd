public import AdvisorCore
public import Planning

extension KeyedEncodingContainer<MemberName> {
  /// Writes codes with their sentences.
  fileprivate mutating func encode<Value: Codable & Hashable & Sendable>(
    _ codes: [Value], as text: (Value) -> String, forKey name: MemberName
  ) throws {
    try encode(codes.map { Reported($0, text($0)) }, forKey: name)
  }
}

extension RunRecord: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encodeIfPresent(reasons?.map { Reported($0, Sentences().text($0)) }, forKey: "reasons")
  }
}

extension BatchPlan: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(verdict, as: Sentences(currency: currency).text, forKey: "verdict")
  }
}

extension ScalingFit: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(verdict, as: { Sentences().text($0, in: unit) }, forKey: "verdict")
  }
}

extension LoadForecast: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    let sentences = ForecastSentences(self)
    try members.encode(verdict, as: sentences.text, forKey: "verdict")
    try members.encode(guess.map { Reported($0, sentences.text($0)) }, forKey: "guess")
  }
}

extension QueuePlan: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(outcomes, as: Sentences().text, forKey: "outcomes")
  }
}

extension ClosedQueuePlan: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(outcomes, as: Sentences().text, forKey: "outcomes")
  }
}

extension LossPlan: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(outcomes, as: Sentences().text, forKey: "outcomes")
  }
}

extension NetworkPlan: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(verdict, as: Sentences().text, forKey: "verdict")
  }
}

extension FleetPlan: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(fleets.map(Document.init), forKey: "fleets")
  }
}

extension FleetPlan.Fleet: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(problem.map { Reported($0, Sentences().text($0)) }, forKey: "problem")
  }
}

extension CapacityReport: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(Document(profile), forKey: "profile")
    try members.encode(ReportedAnswer(self), forKey: "answer")
    try members.encodeIfPresent(scaling.map(Document.init), forKey: "scaling")
    try members.encodeIfPresent(measured.map(Document.init), forKey: "measured")
    try members.encodeIfPresent(forecast.map(Document.init), forKey: "forecast")
    try members.encodeIfPresent(fleet.map(Document.init), forKey: "fleet")
  }
}

/// A report's answer, each statement with its sentence.
private struct ReportedAnswer: Encodable {
  let standing: Nullable<ReportAnswer.Standing>
  let headline: Reported<ReportAnswer.Statement>
  let actions: [Reported<ReportAnswer.Statement>]
  let dates: [Reported<ReportAnswer.Statement>]
  let costs: [Reported<ReportAnswer.Statement>]
  let certainties: [Reported<ReportAnswer.Statement>]

  init(_ report: CapacityReport) {
    let (answer, sentences) = (report.answer, AnswerSentences(report: report))
    let reported = { (statements: [ReportAnswer.Statement]) in statements.map { Reported($0, sentences.text($0)) } }
    standing = Nullable(wrappedValue: answer.standing)
    headline = Reported(answer.headline, sentences.text(answer.headline))
    (actions, dates) = (reported(answer.actions), reported(answer.dates))
    (costs, certainties) = (reported(answer.costs), reported(answer.certainties))
  }
}

extension Machine: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(warnings, as: Sentences().text, forKey: "warnings")
  }
}

extension CPUCount: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(warnings, as: Sentences().text, forKey: "warnings")
  }
}

extension MachineProfile: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(Document(machine), forKey: "machine")
    try members.encode(quality, as: Sentences().text, forKey: "quality")
    try members.encode(runtimes.map(Document.init), forKey: "runtimes")
    try members.encode(engines.map(Document.init), forKey: "engines")
  }
}

extension RuntimeCosts: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(quality, as: Sentences().text, forKey: "quality")
  }
}

extension EngineCosts: Documented {
  public func encodeSentences(into members: inout KeyedEncodingContainer<MemberName>) throws {
    try members.encode(quality, as: Sentences().text, forKey: "quality")
  }
}
