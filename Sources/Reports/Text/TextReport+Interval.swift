import AdvisorCore
import Console

extension TextReport {
  /// Where the width of an interval comes from, the largest source first.
  static func intervalSplit(_ split: IntervalSplit) -> String {
    let table = Table(
      [.init("source"), .init("share", .right), .init("width alone", .right), .init("what it is")],
      rows: split.shares.map { [$0.source.rawValue, percent($0.share), percent($0.width), meaning(of: $0.source)] })
    let runs = "\(split.pastRuns) past \(split.pastRuns == 1 ? "run" : "runs") of such jobs"
    let learnt =
      split.pastRuns > 0
      ? "\(runs) make it \(percent(split.width)) of the median, from \(percent(split.widthWithoutHistory))."
      : "It is \(percent(split.width)) of the median wide; there are no past runs of such jobs."
    return "Where the 90 % interval comes from\n\(indent(table.text))\n\(wrap(learnt, lead: "  • "))"
  }

  private static func meaning(of source: IntervalSplit.Source) -> String {
    switch source {
    case .calibration: "errors of the measured costs"
    case .taskSizes: "luck of the draw of task sizes"
    case .model: "what the model was off by elsewhere"
    case .runNoise: "other processes and repeats"
    }
  }
}
