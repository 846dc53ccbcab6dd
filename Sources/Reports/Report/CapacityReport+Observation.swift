import AdvisorCore
import Console
import Observation

extension CapacityReport {
  /// What bound a command or a process that was observed, with its time over time; nothing where none was named.
  var observed: [ReportDocument.Section] {
    guard let observation else { return [] }
    let (seconds, used) = (observation.seconds, observation.cpuSeconds / max(observation.seconds, 1e-9))
    let subject =
      "\(observation.target) was observed for \(Quantity.text(seconds: seconds)), with \(count(used, "CPU")) "
      + "in use on average."
    let figure = ReportDocument.Figure(
      title: "Time over time", caption: observation.binding.text, plot: Self.stack(observation))
    return [
      ReportDocument.Section(
        title: "What held it back", sentences: [observation.binding.text, subject],
        points: observation.causes.dropFirst().map(\.text) + observation.changes.map(\.text),
        exhibits: [.init(caption: "Where the time went", table: Self.budget(observation))],
        figures: observation.timeline.pieces.count > 1 ? [figure] : [], missing: observation.unknown.map(\.text))
    ]
  }

  private static func budget(_ observation: ObservationDocument) -> Table {
    Table(
      [.init("what"), .init("share", .right), .init("time", .right)],
      rows: observation.budget.filter { $0.share >= 0.005 }.map {
        [$0.code.words, TextReport.percent($0.share), Quantity.text(seconds: $0.seconds)]
      })
  }

  /// As many as there are colours, the rest together.
  private static let maxParts = 6

  /// The shares of each piece of the time, one above the other, the largest of the whole at the bottom.
  static func stack(_ observation: ObservationDocument) -> Plot {
    let timeline = observation.timeline
    // Stolen and throttled time are told apart for the whole only.
    let codes = observation.budget.map(\.code).filter { $0 != .stolen && $0 != .throttled || isAlone($0, observation) }
    let named = codes.count > maxParts ? Array(codes.prefix(maxParts - 1)) : codes
    var heights = [Double](repeating: 0, count: timeline.pieces.count)
    func series(_ title: String, _ share: (TimeSplit) -> Double) -> Plot.Series {
      let points = timeline.pieces.enumerated().map { index, split in
        let (low, height) = (heights[index], 100 * share(split))
        heights[index] = min(100, low + height)
        return Plot.Point(
          x: (Double(index) + 0.5) * timeline.pieceSeconds, y: height, low: low, high: heights[index])
      }
      return Plot.Series(title, .area, points)
    }
    var all = named.map { code in series(code.words) { code.share($0) } }
    if codes.count > named.count {
      let rest = codes.dropFirst(named.count)
      all.append(series("other") { split in rest.reduce(0) { $0 + $1.share(split) } })
    }
    return Plot(xLabel: "time, s", yLabel: "share of the time, %", series: all)
  }

  /// Whether the whole queue is throttled, or all of what ran stolen, so that nothing else stands for that time.
  private static func isAlone(_ code: Observation.Part.Code, _ observation: ObservationDocument) -> Bool {
    let other: Observation.Part.Code = code == .stolen ? .running : .runQueue
    return !observation.budget.contains { $0.code == other }
  }
}
