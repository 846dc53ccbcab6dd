import AdvisorCore
import Console
import Planning

/// The load on the machines that are advised; on this one's CPUs where no goal was named.
extension CapacityReport {
  /// Response time against load, with the load of today.
  var latency: ReportDocument.Section {
    let title = "Response time"
    if let fleet, let best = fleet.fleets.first, let machines = best.machines {
      return fleetLatency(title, best.option, machines: machines, goal: fleet.goal)
    }
    guard let queue else {
      return ReportDocument.Section(
        title: title, missing: ["no load was named (--arrival-rate and --service-time, and --p95-response for a goal)."]
      )
    }
    let option = MachineOption(
      name: "this machine", servers: queue.servers, serviceTime: queue.serviceTime, pricePerHour: nil)
    let curve = Self.curve("expected", .line, option, machines: 1, upTo: Double(queue.servers) / queue.serviceTime)
    let today = Plot.Series(
      "\(Quantity.text(count: queue.arrivalRate))/s", .points,
      [Plot.Point(x: queue.arrivalRate, y: queue.percentiles.response.p95)])
    let plot = Plot(
      xLabel: "requests/s", yLabel: "95 % answered within", isLogarithmicY: true, yUnit: .seconds,
      series: [curve, today])
    return ReportDocument.Section(
      title: title,
      sentences: [
        "\(count(queue.servers, "CPU")) are \(TextReport.percent(queue.utilisation)) busy; 95 % of the requests are "
          + "answered within \(Quantity.text(seconds: queue.percentiles.response.p95))."
      ], figures: [.init(title: "Response time by load", caption: "With the load that was named.", plot: plot)],
      missing: queue.servers > max(1, Int(profile.machine.usable.effectiveCPUs))
        ? ["This machine has fewer CPUs, and cannot keep up with the load alone."] : [])
  }

  private func fleetLatency(
    _ title: String, _ option: MachineOption, machines: Int, goal: FleetGoal
  ) -> ReportDocument.Section {
    let failed = min(goal.redundancy, machines - 1)
    let left = machines - failed
    let most = Double(left * option.servers) / option.serviceTime
    let (names, counts) =
      failed == 0
      ? (["all up"], [machines])
      : (["all \(machines) up", failed == 1 ? "one failed" : "\(failed) failed"], [machines, left])
    let curves = zip(names, counts).map { Self.curve($0, .line, option, machines: $1, upTo: most) }
    let today = counts.compactMap { machines in
      Self.p95(option, machines: machines, rate: goal.arrivalRate).map { Plot.Point(x: goal.arrivalRate, y: $0) }
    }
    let limit = [0, most].map { Plot.Point(x: $0, y: goal.p95Response) }
    let plot = Plot(
      xLabel: "requests/s", yLabel: "95 % answered within", isLogarithmicY: true, yUnit: .seconds,
      series: curves + [
        Plot.Series("goal", .dashed, limit),
        Plot.Series("\(Quantity.text(count: goal.arrivalRate))/s", .points, today),
      ])
    return ReportDocument.Section(
      title: title,
      sentences: [
        "Each machine serves \(option.servers) at once, \(Quantity.text(seconds: option.serviceTime)) each; on average "
          + "\(TextReport.percent(goal.headroom)) of it stays free (headroom)."
      ],
      figures: [
        .init(
          title: "Response time by load",
          caption: "Of \(machines) × \(option.name), with the load that was named and the goal.", plot: plot)
      ])
  }

  private static func curve(
    _ title: String, _ style: Plot.Style, _ option: MachineOption, machines: Int, upTo most: Double
  ) -> Plot.Series {
    let points = (1...49).compactMap { step -> Plot.Point? in
      let rate = most * Double(step) / 50
      return p95(option, machines: machines, rate: rate).map { Plot.Point(x: rate, y: $0) }
    }
    return Plot.Series(title, style, points)
  }

  /// Of machines that share the load evenly.
  private static func p95(_ option: MachineOption, machines: Int, rate: Double) -> Double? {
    let share = try? QueueLoad(arrivalRate: rate / Double(machines), serviceSeconds: option.serviceTime)
    return share.flatMap { try? ExponentialQueue($0, servers: option.servers) }?.responseQuantile(0.95)
  }

  /// How many machines of each kind, what they cost, and how they fare when something changes.
  var fleetSection: ReportDocument.Section {
    let title = "Machines and cost"
    guard let fleet else {
      return ReportDocument.Section(title: title, missing: ["no goal was named (--p95-response)."])
    }
    let hasPrices = fleet.fleets.contains { $0.pricePerHour != nil }
    let figure =
      hasPrices
      ? bars(
        fleet, title: "Cost by machine", label: "\(currency.isEmpty ? "price" : currency) an hour",
        value: \.pricePerHour)
      : bars(fleet, title: "Machines by kind", label: "machines") { $0.machines.map(Double.init) }
    return ReportDocument.Section(
      title: title,
      exhibits: [
        .init(caption: "Machines for the load", table: TextReport.fleetTable(fleet, currency: currency, rows: 12)),
        .init(caption: "Machines if load or task times change", table: TextReport.sensitivityTable(fleet, rows: 12)),
      ],
      figures: [figure].compactMap(\.self),
      missing: fleet.fleets.compactMap { fleet in fleet.problem.map { "\(fleet.option.name): \(Sentences().text($0))." }
      })
  }

  /// Nil for one kind alone, which there is nothing to compare with.
  private func bars(
    _ fleet: FleetPlan, title: String, label: String, value: (FleetPlan.Fleet) -> Double?
  ) -> ReportDocument.Figure? {
    let points = fleet.fleets.prefix(12).enumerated().compactMap { index, fleet in
      value(fleet).map { Plot.Point(x: Double(index), y: $0, name: fleet.option.name) }
    }
    guard points.count > 1 else { return nil }
    return ReportDocument.Figure(
      title: title, caption: "For the load and the goal, spare machines included.",
      plot: Plot(xLabel: "", yLabel: label, xAxis: .names, series: [Plot.Series(label, .bars, points)]))
  }
}
