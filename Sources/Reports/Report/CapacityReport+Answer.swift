import AdvisorCore
import Console
import CostModel
import Planning

extension CapacityReport {
  /// What to do, in a sentence for each question that was asked.
  var answer: ReportDocument.Section {
    let sentences = [jobAnswer, fleetAnswer].compactMap(\.self) + timeAnswer
    return ReportDocument.Section(
      title: "Answer", sentences: sentences.isEmpty ? scaling?.sentences ?? [] : sentences,
      missing: recommendation == nil
        ? [adviceProblem ?? "No job was named: with --job the report starts with how to run it."] : [])
  }

  private var jobAnswer: String? {
    guard let advice = recommendation else { return nil }
    let best = advice.recommended
    let seconds = best.predicted.seconds
    return "Run \(advice.job.text) with \(advice.strategies.name(of: best)): \(Quantity.text(seconds: seconds.p50)) "
      + "(90 %: \(Quantity.text(seconds: seconds.p5)) to \(Quantity.text(seconds: seconds.p95))), "
      + "a \(Quantity.significant(best.speedup))× speedup over sequential execution, bound by "
      + "\(best.bindingLimit.rawValue); confidence \(TextReport.percent(advice.confidence))."
  }

  /// Whether the load has been there already, and until when the machines keep the goal, or the capacity holds.
  private var timeAnswer: [String] {
    guard let outlook else { return forecast?.headline ?? [] }
    return (forecast?.caution ?? []) + outlook.sentences.prefix(2)
  }

  private var noAdvice: String {
    adviceProblem == nil
      ? "No job was named, so no way of running it was weighed."
      : "No way of running the job could be weighed, as the answer says."
  }

  private var fleetAnswer: String? {
    guard let fleet, let best = fleet.fleets.first, let machines = best.machines else { return nil }
    let price = best.pricePerHour.map { ", for \(Quantity.significant($0)) an hour" } ?? ""
    return "\(Quantity.text(count: fleet.goal.arrivalRate)) requests/s take \(machines) × \(best.option.name)\(price), "
      + "\(fleet.goal.redundancy) of them to spare."
  }

  var why: ReportDocument.Section {
    guard let advice = recommendation else {
      return ReportDocument.Section(title: "Why", missing: [noAdvice])
    }
    return ReportDocument.Section(title: "Why", points: advice.reasons.map(\.text), missing: advice.caveats.map(\.text))
  }

  var candidates: ReportDocument.Section {
    guard let advice = recommendation else {
      return ReportDocument.Section(title: "Candidates", missing: [noAdvice])
    }
    return ReportDocument.Section(
      title: "Candidates",
      exhibits: [.init(caption: "Candidates", table: TextReport.candidateTable(advice, rows: 12))])
  }

  var strategyMapSection: ReportDocument.Section {
    guard let map = strategyMap else {
      return ReportDocument.Section(
        title: "Strategy map", missing: ["Not drawn: the profile lacks costs that every way of running such jobs has."])
    }
    return ReportDocument.Section(
      title: "Strategy map",
      sentences: [
        "The best strategy for \(map.kind.rawValue) jobs here, by the size of a task (downwards) and the number of tasks "
          + "(to the right).", TextReport.strategyMapLegend(map),
      ], exhibits: [.init(caption: "Strategy map", table: TextReport.strategyMapTable(map), isMap: true)])
  }
}
