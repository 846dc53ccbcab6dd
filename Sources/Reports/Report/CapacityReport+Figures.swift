import AdvisorCore
import Planning

extension CapacityReport {
  /// Measured speedup with the fitted curve, and the lines of perfect and of Amdahl's speedup.
  var scalingSection: ReportDocument.Section {
    let title = "Speedup"
    guard let fit = scaling, let most = fit.measured.last?.workers else {
      return ReportDocument.Section(
        title: title, missing: ["The profile has speedups at fewer than three worker counts: nothing to fit."])
    }
    let kernel = speedupKernel
    let measured = profile.variableCosts.speedups.filter { $0.kernel == kernel }.map {
      Plot.Point(x: Double($0.workers), y: $0.speedup.value, low: $0.speedup.low, high: $0.speedup.high)
    }
    let curves = fit.models.filter { $0.model != .ernest }.map { model in
      let isBest = model.model == fit.best
      let name = model.model == .usl ? "universal law" : "Amdahl"
      return Plot.Series(
        name, isBest ? .line : .dashed,
        model.predictions.map { Plot.Point(x: $0.workers, y: $0.throughput) })
    }
    let linear = Plot.Series("linear", .dotted, [Plot.Point(x: 1, y: 1), Plot.Point(x: most, y: most)])
    let plot = Plot(
      xLabel: "workers", yLabel: "speedup",
      series: [Plot.Series("measured, 90 %", .points, measured)] + curves + [linear])
    return ReportDocument.Section(
      title: title, sentences: fit.verdict,
      figures: [
        .init(
          title: "Speedup by workers", caption: "Kernel \(kernel?.rawValue ?? ""): \(fit.verdict.first ?? "")",
          plot: plot)
      ])
  }

  /// The kernel whose speedups were measured at the most worker counts.
  var speedupKernel: Kernel? {
    Dictionary(grouping: profile.variableCosts.speedups, by: \.kernel)
      .max { ($0.value.count, $1.key.rawValue) < ($1.value.count, $0.key.rawValue) }?.key
  }

  /// Throughput by operations in flight, with its knee.
  var concurrency: ReportDocument.Section {
    var section = ReportDocument.Section(title: "Operations in flight")
    for (name, points) in [
      ("HTTP requests on loopback", profile.variableCosts.http), ("Disk reads", profile.variableCosts.disk),
    ] {
      guard points.count >= 2 else {
        section.missing.append("\(name): not measured at several depths.")
        continue
      }
      let smallest = points.map(\.bytes).min()
      let shown = points.filter { $0.bytes == smallest }.sorted { $0.depth < $1.depth }
      let best = shown.map(\.operationsPerSecond.value).max() ?? 0
      let knee = shown.first { $0.operationsPerSecond.value >= 0.9 * best }
      let plot = Plot(
        xLabel: "in flight", yLabel: "operations/s", isLogarithmicX: true,
        series: [
          Plot.Series(
            "measured, 90 %", .points,
            shown.map {
              let rate = $0.operationsPerSecond
              return Plot.Point(x: Double($0.depth), y: rate.value, low: rate.low, high: rate.high)
            })
        ] + (knee.map { [Self.knee($0)] } ?? []))
      let caption =
        "\(name): nine tenths of the most, \(Quantity.text(count: best))/s, from \(knee?.depth ?? 1) in flight on."
      section.figures.append(.init(title: name, caption: caption, plot: plot))
    }
    return section
  }

  private static func knee(_ point: DepthPoint) -> Plot.Series {
    let x = Double(point.depth)
    return Plot.Series("knee", .dashed, [Plot.Point(x: x, y: 0), Plot.Point(x: x, y: point.operationsPerSecond.value)])
  }

  /// Response time against utilisation, with the operating point.
  var queueSection: ReportDocument.Section {
    guard let queue else {
      return ReportDocument.Section(
        title: "Latency and headroom",
        missing: ["No load was given: --arrival-rate and --service-time show the latency."])
    }
    let curve = (1...49).compactMap { step -> Plot.Point? in
      let utilisation = Double(step) / 50
      let rate = utilisation * Double(queue.servers) / queue.serviceTime
      guard let load = try? QueueLoad(arrivalRate: rate, serviceSeconds: queue.serviceTime),
        let model = try? ExponentialQueue(load, servers: queue.servers)
      else { return nil }
      return Plot.Point(x: utilisation * 100, y: model.responseQuantile(0.95))
    }
    let here = Plot.Point(x: queue.utilisation * 100, y: queue.percentiles.response.p95)
    let plot = Plot(
      xLabel: "utilisation, %", yLabel: "95 % answered within, s", isLogarithmicY: true,
      series: [Plot.Series("expected", .line, curve), Plot.Series("operating point", .points, [here])])
    let sentence =
      "\(queue.servers) servers are \(TextReport.percent(queue.utilisation)) busy; 95 % of the requests are answered within "
      + "\(Quantity.text(seconds: here.y)), and \(TextReport.percent(1 - queue.utilisation)) headroom is left."
    return ReportDocument.Section(
      title: "Latency and headroom", sentences: [sentence],
      figures: [.init(title: "Latency by utilisation", caption: sentence, plot: plot)])
  }

  /// The load to come, with the two dates.
  var forecastSection: ReportDocument.Section {
    guard let forecast, let first = forecast.forecast.first, let last = forecast.forecast.last else {
      return ReportDocument.Section(
        title: "Until when", missing: ["No past load was given: --load-history and --capacity forecast it."])
    }
    let points = forecast.forecast.map {
      Plot.Point(x: Double($0.t - first.t) / forecast.step + 1, y: $0.load, low: $0.low, high: $0.high)
    }
    let end = (last.t - first.t) / forecast.step + 1
    let capacity = [Plot.Point(x: 1, y: forecast.usableCapacity), Plot.Point(x: end, y: forecast.usableCapacity)]
    let plot = Plot(
      xLabel: first.date.map { "steps from \($0)" } ?? "steps ahead", yLabel: "load",
      series: [
        Plot.Series("\(TextReport.percent(forecast.level)) interval", .band, points),
        Plot.Series("expected", .line, points),
        Plot.Series("usable capacity", .dashed, capacity),
      ])
    return ReportDocument.Section(
      title: "Until when", sentences: forecast.verdict,
      figures: [.init(title: "Load forecast", caption: forecast.verdict.joined(separator: " "), plot: plot)])
  }

  /// Predicted against observed, from the history.
  var past: ReportDocument.Section {
    let shown = runs.filter { $0.observed.failed == 0 && $0.observed.seconds > 0 && $0.predicted.p50 > 0 }
    guard !shown.isEmpty else {
      return ReportDocument.Section(
        title: "Predicted and observed", missing: ["No past run on this machine is remembered."])
    }
    let times = shown.flatMap { [$0.observed.seconds, $0.predicted.p50] }
    let diagonal = [times.min() ?? 1, times.max() ?? 1].map { Plot.Point(x: $0, y: $0) }
    let points = shown.map {
      Plot.Point(x: $0.observed.seconds, y: $0.predicted.p50, low: $0.predicted.p5, high: $0.predicted.p95)
    }
    let within = shown.count {
      ($0.predicted.p5...max($0.predicted.p5, $0.predicted.p95)).contains($0.observed.seconds)
    }
    let sentence = "\(within) of \(shown.count) past runs ended within the interval that was predicted."
    let plot = Plot(
      xLabel: "observed, s", yLabel: "predicted, s", isLogarithmicX: true, isLogarithmicY: true,
      series: [Plot.Series("runs, 90 %", .points, points), Plot.Series("equal", .dotted, diagonal)])
    return ReportDocument.Section(
      title: "Predicted and observed", sentences: [sentence],
      figures: [.init(title: "Predicted against observed", caption: sentence, plot: plot)])
  }
}
