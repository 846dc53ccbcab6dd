import AdvisorCore
import Console

/// A machine as nested groups of CPUs: package, NUMA node, cache, core.
struct MachineTree {
  /// What one line names: `package 0`, `L2 1 MiB`; several where groups of different levels hold the same CPUs.
  struct Part: Equatable {
    var kind: String
    /// Which of its kind; several where alike groups are folded into one line.
    var numbers: CPUSet = []
    var detail = ""
  }

  struct Branch {
    var parts: [Part]
    var cpus: CPUSet
    var children: [Branch] = []
    /// How many alike groups the line stands for, in each group of the line above.
    var count = 1

    /// Equal for groups that differ in their numbers only.
    var shape: String {
      "\(count)[\(parts.map(\.kind).joined(separator: ","));\(cpus.count)](\(children.map(\.shape).joined()))"
    }
  }

  /// Groups of one level, over the whole machine.
  private struct Level {
    var groups: [(part: Part, cpus: CPUSet)]
  }

  let branches: [Branch]

  init(_ machine: Machine) {
    let levels =
      [
        Self.level("drawer", machine, \.drawer), Self.level("book", machine, \.book),
        Self.level("package", machine, \.package),
      ] + (machine.counts.dies == machine.counts.packages ? [] : [Self.level("die", machine, \.die)])
      + [Self.nodes(machine)] + Self.caches(machine) + [Self.level("core", machine, \.core)]
    // A small machine is drawn core by core.
    let maxLeaves = machine.cpus.online.count <= 16 ? 8 : 2
    branches = Self.fold(Self.branches(of: machine.cpus.online, levels[...]), maxLeaves: maxLeaves)
  }

  private static func level(_ kind: String, _ machine: Machine, _ number: KeyPath<Machine.LogicalCPU, Int?>) -> Level {
    var groups: [Int: CPUSet] = [:]
    for cpu in machine.topology {
      if let number = cpu[keyPath: number] { groups[number, default: []].insert(cpu.id) }
    }
    return Level(
      groups: groups.sorted { $0.key < $1.key }.map { (Part(kind: kind, numbers: [$0.key]), $0.value) })
  }

  private static func nodes(_ machine: Machine) -> Level {
    Level(
      groups: machine.numa.filter { !$0.cpus.isEmpty }.map { node in
        let memory = node.memoryBytes.map { " (\(Quantity.text(bytes: Double($0))))" } ?? ""
        return (Part(kind: "node", numbers: [node.id], detail: memory), node.cpus)
      })
  }

  /// The outer caches first.
  private static func caches(_ machine: Machine) -> [Level] {
    let kinds = Set(machine.caches.map { TextReport.name(of: $0) }).sorted { ($0.prefix(2), $1) > ($1.prefix(2), $0) }
    return kinds.map { kind in
      let groups = machine.caches.filter { TextReport.name(of: $0) == kind }.flatMap { cache in
        let size = cache.sizeBytes.map { " \(Quantity.text(bytes: Double($0)))" } ?? ""
        return cache.sets.map { (part: Part(kind: kind + size), cpus: $0) }
      }
      return Level(groups: groups.sorted { ($0.cpus.first ?? 0) < ($1.cpus.first ?? 0) })
    }
  }

  private static func branches(of cpus: CPUSet, _ levels: ArraySlice<Level>) -> [Branch] {
    guard let level = levels.first else { return [] }
    var rest = cpus
    var found: [Branch] = []
    for group in level.groups {
      let inside = group.cpus.intersection(rest)
      guard !inside.isEmpty else { continue }
      rest = rest.subtracting(inside)
      let children = branches(of: inside, levels.dropFirst())
      if children.count == 1, children[0].cpus == inside {
        found.append(Branch(parts: [group.part] + children[0].parts, cpus: inside, children: children[0].children))
      } else {
        found.append(Branch(parts: [group.part], cpus: inside, children: children))
      }
    }
    guard !rest.isEmpty else { return found }
    // CPUs that no group of this level has: on to the next level, and to themselves in the end.
    let others = branches(of: rest, levels.dropFirst())
    return found + (others.isEmpty ? [Branch(parts: [], cpus: rest)] : others)
  }
}

extension MachineTree {
  /// More alike groups than this become one, where they have groups within.
  private static let maxInner = 8

  /// - Parameter maxLeaves: more alike groups than this become one line, where nothing is within.
  private static func fold(_ branches: [Branch], maxLeaves: Int) -> [Branch] {
    let inner = branches.map { branch in
      var branch = branch
      branch.children = fold(branch.children, maxLeaves: maxLeaves)
      return branch
    }
    var alike: [(shape: String, members: [Branch])] = []
    for branch in inner {
      let shape = branch.shape
      if let at = alike.firstIndex(where: { $0.shape == shape }) {
        alike[at].members.append(branch)
      } else {
        alike.append((shape, [branch]))
      }
    }
    return alike.flatMap { _, members in
      guard members.count > (members[0].children.isEmpty ? maxLeaves : maxInner) else { return members }
      var merged = merge(members)
      merged.count *= members.count
      return [merged]
    }
  }

  /// One branch for several of one shape.
  private static func merge(_ branches: [Branch]) -> Branch {
    var merged = branches[0]
    for branch in branches.dropFirst() { merged.cpus = merged.cpus.union(branch.cpus) }
    for index in merged.parts.indices {
      let parts = branches.map { $0.parts[index] }
      merged.parts[index].numbers = parts.reduce([]) { $0.union($1.numbers) }
      if Set(parts.map(\.detail)).count > 1 { merged.parts[index].detail = "" }
    }
    for index in merged.children.indices { merged.children[index] = merge(branches.map { $0.children[index] }) }
    return merged
  }
}
