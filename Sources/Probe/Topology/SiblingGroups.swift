import AdvisorCore

/// The online CPUs in groups that share something: a core, a package, a die.
///
/// The kernel's sets of siblings decide, not its numbers: `physical_package_id` is -1 or a cluster's on some machines,
/// and `core_id` repeats in every package (Documentation/admin-guide/cputopology.rst).
struct SiblingGroups {
  /// In the order of their lowest CPU.
  private(set) var groups: [CPUSet] = []
  /// The place in `groups` of each CPU, by number.
  private var places: [Int?]
  /// Online CPUs that are in no group.
  private(set) var ungrouped: CPUSet = []
  /// Whether two CPUs disagree about who shares with whom.
  private(set) var isContradictory = false

  /// - Parameters:
  ///   - siblings: the set that a CPU names, nil where it does not say.
  init(of online: CPUSet, siblings: (Int) -> CPUSet?) {
    places = Array(repeating: nil, count: (online.last ?? -1) + 1)
    var placed: CPUSet = []
    for cpu in online where !placed.contains(cpu) {
      // One read a group is enough: the kernel keeps these sets symmetric.
      guard let named = siblings(cpu)?.intersection(online), named.contains(cpu) else {
        ungrouped.insert(cpu)
        continue
      }
      let group = named.subtracting(placed)
      if group != named { isContradictory = true }
      placed = placed.union(group)
      for member in group { places[member] = groups.count }
      groups.append(group)
    }
  }

  /// Whether a smaller group lies in several of these, which cannot be.
  func splits(_ smaller: SiblingGroups) -> Bool {
    smaller.groups.contains { group in
      let homes = group.compactMap { self[$0]?.number }
      return homes.contains { $0 != homes[0] }
    }
  }

  /// The group's number and members; nil for a CPU that is in none.
  subscript(cpu: Int) -> (number: Int, cpus: CPUSet)? {
    guard cpu < places.count, let place = places[cpu] else { return nil }
    return (place, groups[place])
  }
}
