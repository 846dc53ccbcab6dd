public import AdvisorCore
public import Console

extension TextReport {
  /// The saved profiles, a line each.
  public static func profiles(_ list: ProfileList) -> String {
    guard !list.profiles.isEmpty else { return "No profiles in \(list.folder): `advisor calibrate` makes one." }
    let table = Table(
      [
        .init("machine"), .init("CPUs", .right), .init("level"), .init("measured"), .init("state"),
        .init("fingerprint"),
      ],
      rows: list.profiles.map { entry in
        [
          String((entry.model ?? "–").prefix(20)), entry.effectiveCPUs.map(Quantity.significant) ?? "–",
          entry.level?.rawValue ?? "–", entry.createdAt.map { String($0.prefix(10)) } ?? "–", state(of: entry),
          entry.fingerprint ?? String(entry.path.split(separator: "/").last ?? ""),
        ]
      })
    return "\(list.folder)\n\(table.text)"
  }

  private static func state(of entry: ProfileEntry) -> String {
    if entry.problem != nil { return "damaged" }
    if entry.staleness != nil { return "stale" }
    return entry.isThisMachine ? "this machine" : ""
  }

  /// The costs that differ, with how much.
  public static func difference(_ difference: ProfileDifference) -> String {
    let same = "\(count(difference.unchanged, "cost agrees", "costs agree")) within their 90 % intervals"
    let missing = [
      list("Only in the first", difference.onlyBefore, mark: "–"),
      list("Only in the second", difference.onlyAfter, mark: "+"),
    ].compactMap(\.self)
    guard !difference.changed.isEmpty else { return ([same + "."] + missing).joined(separator: "\n") }
    let table = Table(
      [
        .init("cost"), .init("before", .right), .init("after", .right), .init("ratio", .right),
        .init("deviations", .right), .init("moves"),
      ],
      rows: difference.changed.map { change in
        [
          change.name, value(change.before.value, change.before.unit), value(change.after.value, change.after.unit),
          change.ratio.map { "\(Quantity.significant($0))×" } ?? "–", Quantity.significant(change.deviations),
          change.part,
        ]
      })
    return (["\(same); \(difference.changed.count) differ:", indent(table.text)] + missing).joined(separator: "\n")
  }
}
