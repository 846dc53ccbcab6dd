import AdvisorCore
public import Console
public import Planning

extension TextReport {
  /// A network: what limits it, then its classes and its stations.
  public static func network(_ plan: NetworkPlan) -> String {
    let parts = [
      list("Verdict", plan.verdict.map(Sentences().text), mark: "•"), "Classes\n\(indent(classes(plan).text))",
      "Stations\n\(indent(stations(plan).text))", wrap("\(plan.method); means", lead: "  "),
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }

  private static func classes(_ plan: NetworkPlan) -> Table {
    Table(
      [
        .init("class"), .init("users", .right), .init("think time", .right), .init("requests/s", .right),
        .init("response", .right), .init("in the system", .right),
      ],
      rows: plan.classes.map { one in
        [
          one.name, one.users.map(String.init) ?? "open", one.thinkTime.map { Quantity.text(seconds: $0) } ?? "–",
          Quantity.text(count: one.throughput), Quantity.text(seconds: one.meanResponse),
          length(one.meanInSystem),
        ]
      })
  }

  private static func stations(_ plan: NetworkPlan) -> Table {
    let names = plan.classes.map(\.name)
    return Table(
      [.init("station"), .init("servers", .right), .init("busy", .right), .init("requests", .right)]
        + names.map { .init(String($0.prefix(16)), .right) },
      rows: plan.stations.map { station in
        [
          station.name, station.servers.map(String.init) ?? "delay", station.utilisation.map(percent) ?? "–",
          length(station.meanInSystem),
        ] + names.map { name in station.residenceTimes[name].map { $0 == 0 ? "–" : Quantity.text(seconds: $0) } ?? "–" }
      })
  }
}
