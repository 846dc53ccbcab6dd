import AdvisorCore
import CostModel
import func Glibc.log2
import Planning

/// A machine to plan with: one that was measured, or one of a price list, scaled from the nearest that was.
struct MachineKind {
  /// What this machine is called among others; a price list calls it `here`.
  static let thisMachine = "this machine"
  /// Its name in a price list.
  static let here = "here"

  var name: String
  var profile: MachineProfile
  var pricePerHour: Double?
  /// How often its CPUs are twice or half those of the machine that was measured; 0 for a measured one.
  var doublings = 0.0

  /// The measured machines with their prices, and after them those that only the list has.
  static func all(
    measured: [(name: String, profile: MachineProfile)], _ prices: PriceList?
  ) throws(AdvisorError) -> [MachineKind] {
    var kinds = measured.map { name, profile in
      MachineKind(
        name: name, profile: profile,
        pricePerHour: prices?.price(of: name) ?? (name == thisMachine ? prices?.price(of: here) : nil))
    }
    let known = Set(measured.map(\.name) + [here])
    for entry in prices?.entries ?? [] where !known.contains(entry.machine) {
      if let kind = try scaled(entry, from: measured.map(\.profile)) { kinds.append(kind) }
    }
    return kinds
  }

  /// Nil for a machine whose CPUs the list does not say.
  private static func scaled(
    _ entry: PriceList.Entry, from profiles: [MachineProfile]
  ) throws(AdvisorError) -> MachineKind? {
    guard let cpus = entry.cpus else { return nil }
    let distance = { (profile: MachineProfile) in
      abs(log2(Double(cpus) / Double(max(1, profile.machine.usable.logicalCPUs))))
    }
    guard let nearest = profiles.min(by: { distance($0) < distance($1) }) else { return nil }
    let imagined = WhatIf(cpus: cpus, memoryBytes: entry.memoryBytes)
    return MachineKind(
      name: entry.machine, profile: try nearest.whatIf(imagined), pricePerHour: entry.pricePerHour,
      doublings: distance(nearest))
  }
}
