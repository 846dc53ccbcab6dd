public import AdvisorCore
public import Console

extension TextReport {
  /// Past runs, a line each, and how good the predictions were.
  public static func history(_ list: HistoryList) -> String {
    guard !list.runs.isEmpty else { return "No past runs in \(list.path): `advisor run` remembers each." }
    let table = Table(
      [
        .init("when"), .init("job"), .init("run as"), .init("predicted", .right), .init("observed", .right),
        .init("off by", .right), .init(""),
      ],
      rows: list.runs.map { run in
        [
          String(run.at.prefix(16).replacing("T", with: " ")), String(run.job.printable.prefix(20)),
          StrategyText().label(run.plan.strategy, workers: run.plan.workers),
          run.predicted.map { Quantity.text(seconds: $0.p50) } ?? "–",
          Quantity.text(seconds: run.observed.seconds), run.error.map(signed) ?? "",
          run.miss.map(word) ?? "",
        ]
      })
    return "\(table.text)\n\n\(quality(list))"
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
        + "\(covered) inside the 90 % interval."
    return "\(list.runs.count) of \(list.total) runs shown\(quality)\n\(list.path)"
  }

  private static func signed(_ share: Double) -> String {
    "\(share < 0 ? "−" : "+")\(Quantity.decimal(abs(share) * 100, places: 0))\u{A0}%"
  }
}
