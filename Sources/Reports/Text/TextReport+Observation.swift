import AdvisorCore
public import Console
public import Observation

extension TextReport {
  /// What binds a process tree, where its time went, and what would change that.
  public static func observation(_ observation: Observation) -> String {
    let sentences = Sentences(strategies: StrategyText())
    let profile = observation.profile
    let others = observation.causes.dropFirst().map(sentences.text)
    let changes = observation.changes.map { change in
      wrap(sentences.text(change), lead: "  → ") + (change.command.map { "\n      \($0)" } ?? "")
    }
    let title =
      "Time (\(Quantity.text(seconds: profile.seconds)), \(Quantity.significant(profile.cpus)) of "
      + "\(count(observation.setting.cpus, "CPU")) in use)"
    let parts: [String?] = [
      wrap(sentences.answer(observation), lead: ""),
      list("Also", others, mark: "·"),
      section(title, budget(observation)) ?? title,
      section("Threads that ran or could have run", levels(observation.parallelism)),
      join([memory(profile), use(profile)].compactMap(\.self), by: "\n"),
      changes.isEmpty ? nil : join(["What would change it"] + changes, by: "\n"),
      list("What cannot be told", observation.unknown.map(sentences.text), mark: "!"),
    ]
    return join(parts.compactMap(\.self), by: "\n\n")
  }

  /// A table under its title; nil where it has no rows.
  private static func section(_ title: String, _ table: Table) -> String? {
    table.rows.isEmpty ? nil : "\(title)\n" + indent(table.text)
  }

  private static func budget(_ observation: Observation) -> Table {
    Table(
      [.init("what"), .init("share", .right), .init("time", .right), .init("over time")],
      rows: observation.budget.filter { $0.share >= 0.005 }.map { part in
        [
          part.code.words, percent(part.share), Quantity.text(seconds: part.seconds),
          Sparkline.text(observation.profile.timeline.map(part.code.share), columns: 36),
        ]
      })
  }

  private static func levels(_ shares: [Double]) -> Table {
    let shown = shares.enumerated().filter { $0.element >= 0.005 }
    let most = 12
    let rows = shown.prefix(most).map { level in
      [
        "\(level.offset)", percent(level.element),
        String(repeating: "█", count: Int((level.element * 40).rounded())),
      ]
    }
    let rest = shown.dropFirst(most)
    let sum = rest.reduce(0) { $0 + $1.element }
    let more =
      rest.isEmpty ? [] : [["\(rest[most].offset)…", percent(sum), String(repeating: "█", count: Int(sum * 40))]]
    return Table([.init("threads", .right), .init("share", .right), .init("")], rows: rows + more)
  }

  /// One line of what it moved, how often it was switched, and how fast the clocks ran.
  private static func use(_ profile: TreeProfile) -> String? {
    var parts: [String] = []
    if let moved = profile.transfers {
      let (read, written) = (
        Quantity.text(bytes: Double(moved.readBytes)), Quantity.text(bytes: Double(moved.writtenBytes))
      )
      let disk = Quantity.text(bytes: Double(moved.diskReadBytes + moved.diskWrittenBytes))
      parts.append("read \(read), wrote \(written), \(disk) of it on disk")
    }
    if let switches = profile.switches, profile.seconds > 0 {
      let sum = switches.voluntary + switches.involuntary
      let forced = percent(Double(switches.involuntary) / Double(max(1, sum)))
      parts.append("\(Quantity.text(count: Double(sum) / profile.seconds)) switches/s, \(forced) of them forced")
    }
    if let clock = profile.clock {
      let most = clock.max.map { " of \(Quantity.significant($0 / 1e9))" } ?? ""
      parts.append("clock \(Quantity.significant(clock.mean / 1e9))\(most) GHz")
    }
    return parts.isEmpty ? nil : wrap("Use: \(join(parts, by: "; ")).", lead: "")
  }

  /// Nil where none was seen: what ended before it was looked at.
  private static func memory(_ profile: TreeProfile) -> String? {
    guard profile.peakBytes > 0 else { return nil }
    let limit = profile.last?.memory.map { " of \(Quantity.text(bytes: Double($0.limitBytes)))" } ?? ""
    let kills = (profile.last?.outOfMemoryKills ?? 0) - (profile.first?.outOfMemoryKills ?? 0)
    let killed = kills > 0 ? "; the kernel killed \(count(kills, "process", "processes")) for want of memory" : ""
    return "Memory: \(Quantity.text(bytes: Double(profile.peakBytes)))\(limit) at the peak, "
      + "\(count(profile.majorFaults, "fault")) read from a disk\(killed)."
  }
}
