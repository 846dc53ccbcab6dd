import AdvisorCore
import Console
import Planning

extension CapacityReport {
  /// The load to come, with the two dates.
  var forecastSection: ReportDocument.Section {
    let title = "Until when"
    guard let forecast, let first = forecast.forecast.first, let last = forecast.forecast.last else {
      return ReportDocument.Section(
        title: title,
        missing: ["No past load was given: --load-history, with --capacity or --p95-response, forecasts it."])
    }
    let past = Plot.thinned(pastLoad.map { Plot.Point(x: $0.t, y: $0.load, name: $0.date) }, to: 400)
    let ahead = forecast.forecast.map { Plot.Point(x: $0.t, y: $0.load, low: $0.low, high: $0.high, name: $0.date) }
    let capacity = [past.first ?? ahead.first, ahead.last].compactMap(\.self).map {
      Plot.Point(x: $0.x, y: forecast.usableCapacity, name: $0.name)
    }
    let level = TextReport.percent(forecast.level)
    let dates = [("upper \(level)", forecast.upperCrossing), ("trend", forecast.pointCrossing)].compactMap {
      name, crossing in
      crossing.flatMap { $0.t <= last.t ? Self.mark(name, $0, forecast.usableCapacity) : nil }
    }
    let plot = Plot(
      xLabel: first.date == nil ? "t" : "date", yLabel: "load", xAxis: first.date == nil ? .numbers : .dates,
      series: [
        Plot.Series(past.count < pastLoad.count ? "load so far, lows and peaks" : "load so far", .points, past),
        Plot.Series("\(level) interval", .band, ahead),
        Plot.Series("expected", .line, ahead), Plot.Series("usable capacity", .dashed, capacity),
      ] + dates)
    let caution = forecast.caution
    return ReportDocument.Section(
      title: title,
      sentences: caution + (outlook?.sentences.prefix(2) ?? []) + forecast.future,
      exhibits: [outlook.map { .init(caption: "Machines and dates", table: TextReport.outlookTable($0)) }]
        .compactMap(\.self),
      figures: [.init(title: "Load forecast", caption: forecast.headline.joined(separator: " "), plot: plot)],
      missing: [outlookProblem].compactMap(\.self))
  }

  private static func mark(_ name: String, _ crossing: LoadForecast.Crossing, _ capacity: Double) -> Plot.Series {
    let date = crossing.text
    return Plot.Series("\(name): \(date)", .mark, [Plot.Point(x: crossing.t, y: capacity, name: date)])
  }

  /// Predicted against observed, from the history.
  var past: ReportDocument.Section {
    // Those that were predicted before they began; of the others the model knows nothing.
    let shown = runs.compactMap { run -> (predicted: Prediction.Seconds, observed: Double)? in
      guard run.unlearntSeconds != nil, let predicted = run.predicted, predicted.p50 > 0 else { return nil }
      return run.observed.failed == 0 && run.observed.seconds > 0 ? (predicted, run.observed.seconds) : nil
    }
    guard !shown.isEmpty else {
      return ReportDocument.Section(
        title: "Predicted and observed", missing: ["No past run on this machine is remembered."])
    }
    let times = shown.flatMap { [$0.observed, $0.predicted.p50] }
    let diagonal = [times.min() ?? 1, times.max() ?? 1].map { Plot.Point(x: $0, y: $0) }
    let points = shown.map {
      Plot.Point(x: $0.observed, y: $0.predicted.p50, low: $0.predicted.p5, high: $0.predicted.p95)
    }
    let within = shown.count {
      ($0.predicted.p5...max($0.predicted.p5, $0.predicted.p95)).contains($0.observed)
    }
    let sentence = "\(within) of \(shown.count) past runs ended within the interval that was predicted."
    let plot = Plot(
      xLabel: "observed, s", yLabel: "predicted, s", xAxis: .logarithmic, isLogarithmicY: true,
      series: [Plot.Series("runs, 90 %", .points, points), Plot.Series("equal", .dotted, diagonal)])
    return ReportDocument.Section(
      title: "Predicted and observed", sentences: [sentence],
      figures: [.init(title: "Predicted against observed", caption: sentence, plot: plot)])
  }

  var assumptions: ReportDocument.Section {
    let presumed = [
      "Intervals hold nine runs of ten, if the machine is as busy as it was when it was measured.",
      "Queues presume that requests arrive at random and independently of each other, and that service times are "
        + "exponential.",
      "Fleets presume that the load is spread evenly over the machines.",
      "Forecasts presume that what drove the load goes on as before.",
      "Noise while measuring: steal \(TextReport.percent(profile.noise.stealShare)), other processes "
        + "\(TextReport.percent(profile.noise.otherBusyShare)), spread between runs "
        + "\(TextReport.percent(profile.noise.runSpread)).",
    ]
    return ReportDocument.Section(
      title: "Assumptions and doubts", points: presumed, missing: profile.quality.map(Sentences().text))
  }
}
