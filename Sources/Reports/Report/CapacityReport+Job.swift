import AdvisorCore
import Console
import CostModel
import Planning

/// How to run the job, and why so.
extension CapacityReport {
  var why: ReportDocument.Section {
    ReportDocument.Section(
      title: "Why", sentences: fleet.map { ["As computed, \($0.method)."] } ?? [],
      points: (recommendation?.reasons.map(\.text) ?? []) + (measured?.sentences ?? []),
      missing: recommendation?.caveats.map(\.text) ?? [])
  }

  var candidates: ReportDocument.Section {
    let title = "How to run the job"
    guard let advice = recommendation else {
      return ReportDocument.Section(title: title, missing: adviceProblem == nil ? ["no job was named (--job)."] : [])
    }
    return ReportDocument.Section(
      title: title, exhibits: [.init(caption: title, table: TextReport.candidateTable(advice, rows: 12))])
  }

  var strategyMapSection: ReportDocument.Section {
    let title = "Strategy map"
    guard let map = strategyMap else {
      return ReportDocument.Section(
        title: title, missing: ["the profile lacks costs that every way of running such jobs has."])
    }
    return ReportDocument.Section(
      title: title,
      sentences: [
        "The best strategy for \(map.kind.rawValue) jobs here, by the size of a task (downwards) and the number of tasks "
          + "(to the right).", TextReport.strategyMapLegend(map),
      ], exhibits: [.init(caption: title, table: TextReport.strategyMapTable(map), isMap: true)])
  }
}
