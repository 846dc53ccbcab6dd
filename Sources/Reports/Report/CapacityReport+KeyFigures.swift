import AdvisorCore
import Console
import Planning

/// The three figures that the answer rests on.
extension CapacityReport {
  var keyFigures: [ReportDocument.KeyFigure] {
    Array((fleetFigures + forecastFigures + measuredFigures + queueFigures + jobFigures).prefix(3))
  }

  private var fleetFigures: [ReportDocument.KeyFigure] {
    guard let goal = fleet?.goal, let best = fleet?.fleets.first, let whole = best.whole else { return [] }
    let state = goal.redundancy > 0 ? best.afterOneFailure ?? whole : whole
    let response = state.p95Response.map {
      ReportDocument.KeyFigure(
        value: Quantity.text(seconds: $0),
        label: "for 95 % of the requests\(goal.redundancy > 0 ? " with one machine failed" : ""); goal "
          + Quantity.text(seconds: goal.p95Response))
    }
    let most = outlook?.stages.first.map {
      ReportDocument.KeyFigure(
        value: "\(Quantity.text(count: $0.arrivalRate))/s",
        label: "the highest load that keeps the goal; now \(Quantity.text(count: goal.arrivalRate))/s")
    }
    let busy = ReportDocument.KeyFigure(
      value: TextReport.percent(whole.utilisation),
      label: "of each machine busy; at most "
        + TextReport.percent(1 - goal.headroom))
    return [response, most, outlook == nil ? busy : nil].compactMap(\.self) + [growth].compactMap(\.self)
  }

  private var forecastFigures: [ReportDocument.KeyFigure] {
    guard let forecast, let last = pastLoad.last, fleet == nil else { return [] }
    return [
      ReportDocument.KeyFigure(
        value: Quantity.text(count: last.load), label: "the last load\(last.date.map { ", \($0)" } ?? "")"),
      ReportDocument.KeyFigure(
        value: Quantity.text(count: forecast.usableCapacity), label: "the capacity, headroom taken off"),
      growth,
    ].compactMap(\.self)
  }

  /// Of the load, by the step of its history.
  private var growth: ReportDocument.KeyFigure? {
    guard let forecast else { return nil }
    let change = forecast.growthPerStep
    let amount =
      forecast.model == .exponential
      ? Quantity.text(share: abs(change)) : Quantity.significant(abs(change))
    return ReportDocument.KeyFigure(
      value: "\(change < 0 ? "−" : "+")\(amount)",
      label: "\(outlook == nil ? "load" : "requests/s") each \(ForecastSentences(forecast).step)")
  }

  private var measuredFigures: [ReportDocument.KeyFigure] {
    guard let measured, let top = measured.measured.max(by: { $0.throughput < $1.throughput }) else { return [] }
    let peak = measured.models.first { $0.model == measured.best }?.peak
    let one = measured.measured.first { $0.workers == 1 }
    return [
      ReportDocument.KeyFigure(
        value: QuantityUnit.text(top.throughput, in: measured.unit),
        label: "measured with \(count(top.workers, "worker"))"),
      ReportDocument.KeyFigure(
        value: peak.map { Quantity.text(count: $0.workers.rounded()) } ?? "none",
        label: "workers at the peak of the fitted law"),
      one.map {
        ReportDocument.KeyFigure(
          value: TextReport.percent(top.throughput / $0.throughput / top.workers), label: "efficiency there")
      },
    ].compactMap(\.self)
  }

  private var queueFigures: [ReportDocument.KeyFigure] {
    guard let queue, fleet == nil else { return [] }
    return [
      ReportDocument.KeyFigure(value: TextReport.percent(queue.utilisation), label: "of the CPUs busy"),
      ReportDocument.KeyFigure(
        value: Quantity.text(seconds: queue.percentiles.response.p95), label: "for 95 % of the requests"),
      ReportDocument.KeyFigure(value: TextReport.percent(queue.probabilityOfWait), label: "of the requests wait"),
    ]
  }

  private var jobFigures: [ReportDocument.KeyFigure] {
    guard let best = recommendation?.recommended else { return [] }
    return [
      ReportDocument.KeyFigure(
        value: Quantity.text(seconds: best.predicted.seconds.p50), label: "predicted, the median"),
      ReportDocument.KeyFigure(
        value: "\(Quantity.significant(best.speedup))×", label: "the speed of one task after the other"),
      ReportDocument.KeyFigure(value: best.bindingLimit.rawValue, label: "what would have to grow to be faster"),
    ]
  }
}
