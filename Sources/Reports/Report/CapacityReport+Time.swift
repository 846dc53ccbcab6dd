import AdvisorCore
import Console
import Planning

extension CapacityReport {
  /// The load to come, and what the capacity or each number of machines bears of it.
  var forecastSection: ReportDocument.Section {
    let title = "Until when"
    guard let forecast, let first = forecast.forecast.first, let last = forecast.forecast.last else {
      return ReportDocument.Section(
        title: title, missing: ["no past load was named (--load-history, with --capacity or --p95-response)."])
    }
    let past = Plot.thinned(pastLoad.map { Plot.Point(x: $0.t, y: $0.load, name: $0.date) }, to: 400)
    let ahead = forecast.forecast.map { Plot.Point(x: $0.t, y: $0.load, low: $0.low, high: $0.high, name: $0.date) }
    let ends = [past.first ?? ahead.first, ahead.last].compactMap(\.self)
    let plot = Plot(
      xLabel: first.date == nil ? "t" : "", yLabel: outlook == nil ? "load" : "requests/s",
      xAxis: first.date == nil ? .numbers : .dates,
      series: [
        Plot.Series(past.count < pastLoad.count ? "lows and peaks so far" : "so far", .points, past),
        Plot.Series("\(TextReport.percent(forecast.level)) interval", .band, ahead),
        Plot.Series("expected", .line, ahead),
      ] + limits(forecast, highest: last.high, ends))
    return ReportDocument.Section(
      title: title, sentences: forecast.basis,
      exhibits: [
        outlook.map {
          .init(
            caption: "Machines and dates", table: TextReport.outlookTable($0, price: machinePrice, currency: currency))
        }
      ]
      .compactMap(\.self),
      figures: [
        .init(
          title: "Load forecast",
          caption: outlook.map { "What machines can serve within the goal\(AnswerSentences.failed($0.redundancy))." }
            ?? "With the usable capacity.", plot: plot)
      ])
  }

  /// An hour of one advised machine.
  private var machinePrice: Double? { fleet?.fleets.first?.option.pricePerHour }

  /// Level lines: of the capacity, or of the numbers of machines that the forecast reaches.
  private func limits(
    _ forecast: LoadForecast, highest: Double, _ ends: [Plot.Point]
  ) -> [Plot.Series] {
    guard let outlook else { return [Self.level("capacity", forecast.usableCapacity, ends)] }
    let reached = outlook.stages.enumerated().filter { $0.offset == 0 || $0.element.arrivalRate <= highest }
    return reached.map { Self.level(count($0.element.machines, "machine"), $0.element.arrivalRate, ends) }
  }

  private static func level(_ title: String, _ load: Double, _ ends: [Plot.Point]) -> Plot.Series {
    Plot.Series(title, .dashed, ends.map { Plot.Point(x: $0.x, y: load, name: $0.name) })
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
        title: "Predicted and observed",
        missing: ["no past run that was predicted before it began is remembered for this machine."])
    }
    let times = shown.flatMap { [$0.observed, $0.predicted.p50] }
    let diagonal = [times.min() ?? 1, times.max() ?? 1].map { Plot.Point(x: $0, y: $0) }
    let points = shown.map {
      Plot.Point(x: $0.observed, y: $0.predicted.p50, low: $0.predicted.p5, high: $0.predicted.p95)
    }
    let within = shown.count {
      ($0.predicted.p5...max($0.predicted.p5, $0.predicted.p95)).contains($0.observed)
    }
    let plot = Plot(
      xLabel: "observed, s", yLabel: "predicted", xAxis: .logarithmic, isLogarithmicY: true, yUnit: .seconds,
      series: [Plot.Series("runs, 90 %", .points, points), Plot.Series("equal", .dotted, diagonal)])
    return ReportDocument.Section(
      title: "Predicted and observed",
      figures: [
        .init(
          title: "Predicted against observed",
          caption: "\(within) of \(shown.count) past runs ended within the interval that was predicted.", plot: plot)
      ])
  }

  var assumptions: ReportDocument.Section {
    let presumed: [String?] = [
      "Intervals hold nine runs of ten, if the machine is as busy as it was when it was measured.",
      queue == nil
        ? nil
        : "Queues presume that requests arrive at random and independently of each other, and that service times are "
          + "exponential.",
      fleet == nil
        ? nil
        : "The load is spread evenly over the machines, and a request takes as long on each of their CPUs as was said.",
      forecast == nil ? nil : "What drove the load goes on as before.",
      "Noise while measuring: steal \(TextReport.percent(profile.noise.stealShare)), other processes "
        + "\(TextReport.percent(profile.noise.otherBusyShare)), spread between runs "
        + "\(TextReport.percent(profile.noise.runSpread)).",
    ]
    return ReportDocument.Section(
      title: "Assumptions and doubts", points: presumed.compactMap(\.self),
      missing: profile.quality.map(Sentences().text))
  }
}
