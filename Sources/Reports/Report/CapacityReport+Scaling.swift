import AdvisorCore
import Console
import Planning

extension CapacityReport {
  /// Measured speedup with the fitted curves, the band of the best, and the line of perfect speedup.
  var speedup: ReportDocument.Section {
    guard let fit = scaling, let most = fit.measured.last?.workers,
      let best = fit.models.first(where: { $0.model == fit.best })
    else { return unfittedSpeedup }
    let kernel = speedups.first?.kernel.rawValue ?? ""
    let band = best.predictions.filter { $0.low != nil }.map {
      Plot.Point(x: $0.workers, y: $0.throughput, low: $0.low, high: $0.high)
    }
    let linear = Plot.Series("linear", .dotted, [Plot.Point(x: 1, y: 1), Plot.Point(x: most, y: most)])
    let plot = Plot(
      xLabel: "workers", yLabel: "speedup",
      series: [measuredSpeedup]
        + (band.isEmpty ? [] : [Plot.Series("90 % band", .band, band)])
        + ([best] + fit.models.filter { $0.model == .amdahl && $0.model != fit.best }).map { Self.curve($0, of: fit) }
        + [linear])
    return ReportDocument.Section(
      title: "Speedup", sentences: fit.sentences,
      figures: [
        .init(
          title: "Speedup by workers", caption: "Measured with the kernel \(kernel), and fitted.",
          plot: plot)
      ],
      missing: band.isEmpty ? ["No band about the fit: it has as many coefficients as there are measurements."] : [])
  }

  private var measuredSpeedup: Plot.Series {
    Plot.Series(
      "measured", .points,
      speedups.map {
        Plot.Point(x: Double($0.workers), y: $0.speedup.value, low: $0.speedup.low, high: $0.speedup.high)
      })
  }

  /// Measured speedup beside what the CPUs allow, where there are too few points for a law.
  private var unfittedSpeedup: ReportDocument.Section {
    let cpus = profile.machine.usable.effectiveCPUs
    let measured = speedups
    guard measured.count >= 2, let best = measured.max(by: { $0.speedup.value < $1.speedup.value }) else {
      return ReportDocument.Section(
        title: "Speedup", missing: ["The profile has speedups at fewer than two worker counts: nothing to draw."])
    }
    let bound = measured.map { Plot.Point(x: Double($0.workers), y: min(Double($0.workers), cpus)) }
    let sentence =
      "\(count(best.workers, "worker is", "workers are")) \(Quantity.significant(best.speedup.value)) times as fast "
      + "as one; \(count(cpus, "CPU allows", "CPUs allow")) \(Quantity.significant(min(Double(best.workers), cpus)))."
    return ReportDocument.Section(
      title: "Speedup", sentences: [sentence],
      figures: [
        .init(
          title: "Speedup by workers", caption: "Measured with the kernel \(best.kernel.rawValue).",
          plot: Plot(
            xLabel: "workers", yLabel: "speedup",
            series: [measuredSpeedup, Plot.Series("limit", .dotted, bound)]))
      ],
      missing: ["No law is fitted: that takes three worker counts within the CPUs that there are."])
  }

  private static func curve(_ model: ScalingFit.Model, of fit: ScalingFit) -> Plot.Series {
    let name =
      switch model.model {
      case .usl: "USL"
      case .amdahl: "Amdahl"
      case .ernest: "Ernest"
      }
    return Plot.Series(
      name, model.model == fit.best ? .line : .dashed,
      model.predictions.map { Plot.Point(x: $0.workers, y: $0.throughput, low: $0.low, high: $0.high) })
  }

  /// Of the kernel that was measured at the most worker counts, the first of equals: kernels scale differently.
  private var speedups: [SpeedupPoint] {
    let byKernel = Kernel.allCases.map { kernel in profile.variableCosts.speedups.filter { $0.kernel == kernel } }
    return byKernel.reduce([]) { $1.count > $0.count ? $1 : $0 }
  }

  /// Nil where too few worker counts were measured to fit.
  var fittedSpeedup: ScalingFit? {
    let points = (speedups.first.map { profile.speedupsWithinCPUs(of: $0.kernel) } ?? []).map {
      ScalingData.Point(workers: Double($0.workers), throughput: $0.speedup.value)
    }
    let most = points.map(\.workers).max() ?? 1
    // A curve is drawn through more places than were measured.
    let between = (0...32).map { 1 + (most - 1) * Double($0) / 32 }
    return (try? ScalingData(points)).map { ScalingFit($0, predictingAlso: between) }
  }

  /// A planner's own measurements with the fitted law.
  var measuredSection: ReportDocument.Section {
    let title = "More workers"
    guard let fit = measured, let best = fit.models.first(where: { $0.model == fit.best }) else {
      return ReportDocument.Section(title: title, missing: ["no measured throughput was named (--measurements)."])
    }
    let points = fit.measured.map { Plot.Point(x: $0.workers, y: $0.throughput) }
    let band = best.predictions.filter { $0.low != nil }.map {
      Plot.Point(x: $0.workers, y: $0.throughput, low: $0.low, high: $0.high)
    }
    let plot = Plot(
      xLabel: "workers", yLabel: "throughput",
      series: [Plot.Series("measured", .points, points)]
        + (band.isEmpty ? [] : [Plot.Series("90 % band", .band, band)]) + [Self.curve(best, of: fit)])
    return ReportDocument.Section(
      title: title,
      exhibits: [.init(caption: "Laws fitted to \(fit.points) points", table: TextReport.laws(fit))],
      figures: [.init(title: "Throughput by workers", caption: "As measured, with the law that fits best.", plot: plot)]
    )
  }

  /// Throughput by operations in flight, with its knee.
  var concurrency: ReportDocument.Section {
    var section = ReportDocument.Section(title: "Operations in flight")
    for (name, points) in [
      ("HTTP requests on loopback", profile.variableCosts.http), ("Disk reads", profile.variableCosts.disk),
    ] {
      let smallest = points.map(\.bytes).min()
      let shown = points.filter { $0.bytes == smallest }.sorted { $0.depth < $1.depth }
      guard shown.count >= 2, let best = shown.map(\.operationsPerSecond.value).max(),
        let knee = shown.first(where: { $0.operationsPerSecond.value >= 0.9 * best })
      else {
        section.missing.append("\(name): not measured at several depths.")
        continue
      }
      let size = Quantity.text(bytes: Double(knee.bytes))
      section.figures.append(
        .init(
          title: "\(name) of \(size)",
          caption:
            "\(name): nine tenths of the most, \(Quantity.text(count: best))/s, from \(knee.depth) in flight on.",
          plot: Self.depthPlot(shown, knee: knee)))
    }
    return section
  }

  private static func depthPlot(_ points: [DepthPoint], knee: DepthPoint) -> Plot {
    let measured = points.map {
      let rate = $0.operationsPerSecond
      return Plot.Point(x: Double($0.depth), y: rate.value, low: rate.low, high: rate.high)
    }
    return Plot(
      xLabel: "in flight", yLabel: "operations/s", xAxis: .doublings,
      series: [
        Plot.Series("measured", .joined, measured),
        Plot.Series(
          "\(knee.depth) in flight", .mark,
          [Plot.Point(x: Double(knee.depth), y: knee.operationsPerSecond.value)]),
      ])
  }
}
