public import AdvisorCore
public import Console

extension TextReport {
  /// The costs of a machine, fixed ones first, each with its interval.
  public static func profile(_ profile: MachineProfile) -> String {
    let machine = profile.machine
    let parts: [String?] =
      [
        """
        \(machine.model ?? machine.architecture ?? "unknown machine"), \(count(machine.usable.effectiveCPUs, "CPU")) usable
          measured \(profile.createdAt), level \(profile.level.rawValue), advisor \(profile.advisorVersion)
        """,
        "Fixed costs\n" + indent(fixedCosts(profile).text),
      ] + variableCosts(profile).map { $0.isEmpty ? nil : "\($0.title)\n\(indent($0.table.text))" } + [
        "Noise\n  • \(noise(profile.noise))",
        list("Caveats", profile.quality.map(Sentences().text), mark: "!"),
      ] + profile.runtimes.map(runtime) + profile.engines.map(engine)
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }

  /// Costs that grow with the work, kind by kind.
  static func variableCosts(_ profile: MachineProfile) -> [(title: String, table: Table, isEmpty: Bool)] {
    let costs = profile.variableCosts
    return [
      ("CPU time of one work unit", kernels(profile), costs.kernels.isEmpty),
      ("Speedup by workers", speedups(profile), costs.speedups.isEmpty),
      ("Memory bandwidth", bandwidth(profile), costs.memoryBandwidth.isEmpty),
      ("Disk, random reads", depths(costs.disk, "reads/s"), costs.disk.isEmpty),
      (
        "HTTP on one event loop, \(costs.httpServer ?? "the built-in server on loopback")",
        http(costs.http, "in flight"), costs.http.isEmpty
      ),
      ("HTTP by threads, the same server", http(costs.httpThreads ?? [], "threads"), costs.httpThreads == nil),
    ]
  }

  /// An estimate's value in the unit that it has.
  static func value(_ value: Double, _ unit: Estimate.Unit) -> String {
    switch unit {
    case .seconds, .secondsPerUnit: Quantity.text(seconds: value)
    case .bytes: Quantity.text(bytes: value)
    case .bytesPerSecond: "\(Quantity.text(bytes: value))/s"
    case .perSecond: "\(Quantity.text(count: value))/s"
    case .ratio: "\(Quantity.significant(value))×"
    }
  }

  /// An estimate's value; a tilde before it says that it is not settled.
  static func figure(_ estimate: Estimate) -> String { mark(estimate) + value(estimate.value, estimate.unit) }

  private static func mark(_ estimate: Estimate) -> String { estimate.isSettled ? "" : "~" }

  static func interval(_ estimate: Estimate) -> String {
    "\(value(estimate.low, estimate.unit)) – \(value(estimate.high, estimate.unit))"
  }

  static func fixedCosts(_ profile: MachineProfile) -> Table {
    Table(
      [
        .init("cost"), .init("where"), .init("floor", .right), .init("90 % interval", .right),
        .init("typical", .right, isMinor: true),
      ],
      rows: profile.fixedCosts.map { cost in
        [
          words(cost.name.rawValue), words(cost.placement.rawValue), figure(cost.floor),
          interval(cost.floor), value(cost.typical.value, cost.typical.unit),
        ]
      })
  }

  private static func kernels(_ profile: MachineProfile) -> Table {
    Table(
      [.init("kernel"), .init("mix"), .init("a unit", .right), .init("90 % interval", .right)],
      rows: profile.variableCosts.kernels.map { cost in
        [
          cost.kernel.rawValue, words(cost.mix.rawValue), figure(cost.secondsPerUnit),
          interval(cost.secondsPerUnit),
        ]
      })
  }

  private static func speedups(_ profile: MachineProfile) -> Table {
    Table(
      [.init("kernel"), .init("workers", .right), .init("speedup", .right), .init("90 % interval", .right)],
      rows: profile.variableCosts.speedups.map { point in
        [
          point.kernel.rawValue, "\(point.workers)", figure(point.speedup), interval(point.speedup),
        ]
      })
  }

  private static func bandwidth(_ profile: MachineProfile) -> Table {
    Table(
      [
        .init("threads", .right), .init("on node", .right, isMinor: true), .init("memory of", .right),
        .init("bandwidth", .right), .init("90 % interval", .right),
      ],
      rows: profile.variableCosts.memoryBandwidth.map { point in
        [
          "\(point.threads)", "\(point.cpuNode)", "\(point.memoryNode)",
          figure(point.bytesPerSecond), interval(point.bytesPerSecond),
        ]
      }
        + touches(profile.variableCosts.firstTouch, "first touch")
        + touches(profile.variableCosts.restedTouch, "after a rest"))
  }

  private static func touches(_ points: [BandwidthPoint]?, _ name: String) -> [[String]] {
    (points ?? []).map { point in
      [
        "\(point.threads)", "\(point.cpuNode)", name, figure(point.bytesPerSecond), interval(point.bytesPerSecond),
      ]
    }
  }

  private static func depths(_ points: [DepthPoint], _ unit: String, by depth: String = "in flight") -> Table {
    Table(
      [.init(depth, .right), .init("each", .right), .init(unit, .right), .init("90 % interval", .right)],
      rows: points.map { point in
        let rate = point.operationsPerSecond
        return [
          "\(point.depth)", Quantity.text(bytes: Double(point.bytes)),
          "\(mark(rate))\(Quantity.text(count: rate.value))",
          "\(Quantity.text(count: rate.low)) – \(Quantity.text(count: rate.high))",
        ]
      })
  }

  /// The requests' rates, and what we and the built-in server took of the machine meanwhile.
  private static func http(_ points: [DepthPoint], _ depth: String) -> Table {
    let rates = depths(points, "requests/s", by: depth)
    func column(_ title: String, _ cpus: (DepthPoint) -> Double?) -> (title: String, cells: [String])? {
      guard points.contains(where: { cpus($0) != nil }) else { return nil }
      return (title, points.map { point in cpus(point).map { Quantity.decimal($0, places: 2) } ?? "" })
    }
    let more = [column("our CPUs", \.clientCPUs), column("server's", \.serverCPUs)].compactMap(\.self)
    return Table(
      rates.columns + more.map { .init($0.title, .right) },
      rows: rates.rows.enumerated().map { index, row in row + more.map { $0.cells[index] } })
  }

  private static func noise(_ noise: Noise) -> String {
    var parts = [
      "other processes used \(percent(noise.otherBusyShare)) of the CPUs",
      "the hypervisor took \(percent(noise.stealShare))",
      "neighbours slowed the probe \(Quantity.significant(noise.probeRatio))×",
      "repeats spread \(percent(noise.runSpread))",
    ]
    if let pressure = noise.cpuPressure { parts.append("CPU pressure \(percent(pressure))") }
    return wrap(parts.joined(separator: ", "), lead: "    ").trimmingASCIISpace.description
  }

  static func percent(_ share: Double) -> String {
    Quantity.text(share: share, places: 1).replacing([" ": "\u{A0}"])
  }

  /// `sameCPU` → `same CPU`, `queueHandOff` → `queue hand off`.
  static func words(_ name: String) -> String {
    var text = ""
    var previous: Character?
    for character in name {
      if character.isUppercase, let previous, !previous.isUppercase { text += " " }
      text.append(character)
      previous = character
    }
    return text.split(separator: " ").map { $0.allSatisfy(\.isUppercase) ? String($0) : $0.lowercased() }
      .joined(separator: " ").replacing("cpu", with: "CPU").replacing("http", with: "HTTP")
  }
}
