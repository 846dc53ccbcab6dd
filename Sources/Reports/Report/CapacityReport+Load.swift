import AdvisorCore
import Console
import Planning

extension CapacityReport {
  /// Response time against utilisation, with the operating point.
  var latency: ReportDocument.Section {
    guard let queue else {
      return ReportDocument.Section(
        title: "Latency", missing: ["No load was given: --arrival-rate and --service-time show the latency."])
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
    let goal = responseGoal.map { goal in
      Plot.Series("goal", .dashed, [0, 100].map { Plot.Point(x: $0, y: goal) })
    }
    let plot = Plot(
      xLabel: "utilisation, %", yLabel: "95 % answered within, s", isLogarithmicY: true,
      series: [Plot.Series("expected", .line, curve), Plot.Series("operating point", .points, [here])]
        + [goal].compactMap(\.self))
    let sentence =
      "\(Quantity.text(count: queue.arrivalRate)) requests/s of \(Quantity.text(seconds: queue.serviceTime)) keep "
      + "\(queue.servers) servers \(TextReport.percent(queue.utilisation)) busy; 95 % of the requests are answered within "
      + "\(Quantity.text(seconds: here.y))."
    let tooFew = queue.servers > max(1, Int(profile.machine.usable.effectiveCPUs))
    return ReportDocument.Section(
      title: "Latency", sentences: [sentence],
      figures: [.init(title: "Latency by utilisation", caption: sentence, plot: plot)],
      missing: tooFew
        ? ["This machine cannot keep up with the load alone: shown are the \(queue.servers) servers that just can."]
        : [])
  }

  /// How busy the servers are now, and when load or task times are a fifth higher.
  var headroom: ReportDocument.Section {
    guard let queue else {
      return ReportDocument.Section(
        title: "Headroom", missing: ["No load was given: --arrival-rate and --service-time show the headroom."])
    }
    let cases = [
      ("now", 1.0), ("load +20 %", 1.2), ("tasks 20 % slower", 1.2), ("both", 1.44),
    ]
    let bars = cases.enumerated().map { index, row in
      Plot.Point(x: Double(index), y: queue.utilisation * row.1 * 100, name: row.0)
    }
    let limit = [-0.5, Double(cases.count) - 0.5].map { Plot.Point(x: $0, y: 100, name: "limit") }
    let plot = Plot(
      xLabel: "", yLabel: "busy, %", xAxis: .names,
      series: [Plot.Series("servers busy", .bars, bars), Plot.Series("all of them", .dashed, limit)])
    let sentence = "\(TextReport.percent(1 - queue.utilisation)) of the servers' time is left."
    return ReportDocument.Section(
      title: "Headroom", sentences: [sentence, growth(queue)].compactMap(\.self),
      figures: [.init(title: "Headroom", caption: "\(sentence) Above 100 % queues grow without end.", plot: plot)])
  }

  /// How far the load may grow before the goal is missed.
  private func growth(_ queue: QueuePlan) -> String? {
    guard let responseGoal else { return nil }
    let goal = Quantity.text(seconds: responseGoal)
    let most = ExponentialQueue.maxArrivalRate(
      serviceSeconds: queue.serviceTime, servers: queue.servers, goal: .response(share: 0.95, within: responseGoal))
    guard let most else { return "However low the load, 95 % are not answered within \(goal)." }
    let rate = "\(Quantity.text(count: most)) requests/s"
    guard most > queue.arrivalRate else {
      return "95 % are answered within \(goal) up to \(rate), which is less than comes in."
    }
    return
      "The load may grow by \(TextReport.percent(most / queue.arrivalRate - 1)), to \(rate), before fewer than 95 % are "
      + "answered within \(goal)."
  }

  /// How many machines of each kind, what they cost, and how they fare when something changes.
  var fleetSection: ReportDocument.Section {
    let title = "Machines for the load"
    guard let fleet else {
      return ReportDocument.Section(
        title: title,
        missing: ["No goal was given: with --arrival-rate, --service-time and --p95-response machines are counted."])
    }
    let hasPrices = fleet.fleets.contains { $0.pricePerHour != nil }
    return ReportDocument.Section(
      title: title, sentences: ["As computed, \(fleet.method)."],
      exhibits: [
        .init(caption: "Fleets", table: TextReport.fleetTable(fleet, rows: 12)),
        .init(caption: "Machines if load or task times change", table: TextReport.sensitivityTable(fleet, rows: 12)),
      ],
      figures: [
        hasPrices
          ? Self.bars(fleet, title: "Cost by machine", label: "price an hour", value: \.pricePerHour)
          : Self.bars(fleet, title: "Machines by kind", label: "machines") { $0.machines.map(Double.init) }
      ].compactMap(\.self),
      missing: (hasPrices ? [] : [Self.noPrice])
        + fleet.fleets.compactMap { fleet in fleet.problem.map { "\(fleet.option.name): \(Sentences().text($0))." } })
  }

  private static let noPrice =
    "No cost by machine: no price is known. A price list (--prices) has them, this machine's under the name here."

  private static func bars(
    _ fleet: FleetPlan, title: String, label: String, value: (FleetPlan.Fleet) -> Double?
  ) -> ReportDocument.Figure? {
    let points = fleet.fleets.prefix(12).enumerated().compactMap { index, fleet in
      value(fleet).map { Plot.Point(x: Double(index), y: $0, name: fleet.option.name) }
    }
    guard let best = points.min(by: { $0.y < $1.y }) else { return nil }
    return ReportDocument.Figure(
      title: title, caption: "The least is \(best.name ?? "") with \(Quantity.significant(best.y)) (\(label)).",
      plot: Plot(xLabel: "", yLabel: label, xAxis: .names, series: [Plot.Series(label, .bars, points)]))
  }
}
