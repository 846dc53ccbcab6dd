public import AdvisorCore
public import Console

extension TextReport {
  /// Past runs, a line each, how good the predictions were, and what commands were tuned or tried.
  public static func history(_ list: HistoryList) -> String {
    let isEmpty = list.runs.isEmpty && list.tunings.isEmpty && list.pilots.isEmpty
    guard !isEmpty else { return "No past runs in \(list.path): `advisor run` remembers each." }
    let runs = list.runs.isEmpty ? nil : "\(self.runs(list).text)\n\n\(quality(list))"
    let tunings = list.tunings.isEmpty ? nil : "Tuned with `advisor tune`\n\(indent(self.tunings(list).text))"
    let pilots = list.pilots.isEmpty ? nil : "Tried with `advisor recommend`\n\(indent(self.pilots(list).text))"
    return [tunings, pilots, runs ?? list.path].compactMap(\.self).joined(separator: "\n\n")
  }

  private static func runs(_ list: HistoryList) -> Table {
    Table(
      [
        .init("when"), .init("job"), .init("run as"), .init("predicted", .right, isMinor: true),
        .init("observed", .right), .init("off by", .right), .init("", isMinor: true),
      ],
      rows: list.runs.map { run in
        [
          day(run.at), shortened(run.job, to: 20),
          StrategyText().label(run.plan.strategy, workers: run.plan.workers),
          run.predicted.map { Quantity.text(seconds: $0.p50) } ?? "–",
          Quantity.text(seconds: run.observed.seconds), run.error.map(signed) ?? "",
          run.miss.map(word) ?? "",
        ]
      })
  }

  private static func tunings(_ list: HistoryList) -> Table {
    Table(
      [
        .init("when"), .init("command"), .init("best"), .init("faster by", .right), .init("than"),
        .init("runs", .right),
      ],
      rows: list.tunings.map { tuning in
        [
          day(tuning.at), shortened(tuning.place.command, to: 40), values(tuning.recommended),
          tuning.verdict == .better ? tuning.gain.map { percent($0.value) } ?? "" : "–", values(tuning.start),
          "\(tuning.runs.count)",
        ]
      })
  }

  private static func pilots(_ list: HistoryList) -> Table {
    Table(
      [
        .init("when"), .init("command"), .init("inputs", .right), .init("tried", .right), .init("run as"),
        .init("predicted", .right),
      ],
      rows: list.pilots.map { pilot in
        [
          day(pilot.at), shortened(pilot.place.command, to: 40), "\(pilot.inputs)", "\(pilot.tried)",
          StrategyText().label(pilot.plan.strategy, workers: pilot.plan.workers),
          Quantity.text(seconds: pilot.predicted.p50),
        ]
      })
  }

  private static func day(_ at: String) -> String { String(at.prefix(16).replacing("T", with: " ")) }

  private static func shortened(_ text: String, to count: Int) -> String {
    let text = text.printable
    return text.count > count ? "\(text.prefix(count - 1))…" : text
  }

  private static func values(_ values: [String: String]) -> String {
    values.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)".printable }.joined(separator: ", ")
  }

  /// What a run outside its interval was off by.
  private static func word(_ miss: HistoryEntry.Miss) -> String {
    switch miss {
    case .work: "outside: CPU time"
    case .waiting: "outside: waits, load"
    case .unknown: "outside"
    }
  }

  private static func quality(_ list: HistoryList) -> String {
    let errors = list.runs.compactMap { $0.error.map(abs) }.sorted()
    let covered = list.runs.count { $0.isCovered == true }
    let whole = errors.count == list.runs.count ? "them" : "the \(errors.count) that were predicted"
    let quality =
      errors.isEmpty
      ? "."
      : ": half of \(whole) within \(percent(errors[errors.count / 2])) of the prediction, "
        + "\(covered) inside the 90\u{A0}% interval."
    return wrap("\(list.runs.count) of \(count(list.total, "run")) shown\(quality)", lead: "") + "\n\(list.path)"
  }

  private static func signed(_ share: Double) -> String {
    "\(share < 0 ? "−" : "+")\(Quantity.decimal(abs(share) * 100, places: 0))\u{A0}%"
  }
}
