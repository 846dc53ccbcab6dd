public import AdvisorCore

/// A machine on one screen: what it is, what this process may use of it, and who says so.
extension TextReport {
  /// - Parameter warnings: the machine's, in sentences.
  public static func machine(_ machine: Machine, warnings: [String]) -> String {
    let title = [
      machine.model, machine.architecture, machine.kernel.map { "Linux \($0)" },
      machine.isVirtual == true ? "virtual" : nil,
    ].compactMap(\.self)
    let parts: [String?] = [
      title.isEmpty ? "Unknown machine" : join(title, by: ", "),
      "CPUs\n" + indent(topology(machine)),
      "This process may use\n" + indent(share(machine).text + "\n\nFor other programs: advisor cpus, advisor exec"),
      machine.caches.isEmpty ? nil : "Caches\n" + indent(caches(machine).text),
      "NUMA nodes\n" + indent(nodes(machine)),
      list("Caveats", warnings, mark: "!"),
    ]
    return join(parts.compactMap(\.self), by: "\n\n")
  }

  private static func topology(_ machine: Machine) -> String {
    let counts = machine.counts
    let levels: [(Int?, String)] = [
      (counts.drawers, "drawer"), (counts.books, "book"), (counts.packages, "package"),
      (counts.dies == counts.packages ? nil : counts.dies, "die"), (counts.clusters, "cluster"),
      (counts.cores, "core"), (counts.logicalCPUs, "logical CPU"),
    ]
    let levelsText = join(levels.compactMap { number, name in number.map { count($0, name) } }, by: ", ")
    let threads = counts.threadsPerCore.map { "\(count($0, "hardware thread")) per core" + ($0 > 1 ? " at most" : "") }
    var lines = [levelsText, threads, "online \(folded(machine.cpus.online, to: 60))"].compactMap(\.self)
    if !machine.cpus.offline.isEmpty { lines.append("offline \(folded(machine.cpus.offline, to: 60))") }
    if !machine.cpus.isolated.isEmpty { lines.append("isolated \(folded(machine.cpus.isolated, to: 60))") }
    return join(lines + kinds(machine), by: "\n")
  }

  /// Unequal cores, one line a kind.
  private static func kinds(_ machine: Machine) -> [String] {
    var kinds: [(kind: String, capacity: Double, cpus: CPUSet)] = []
    for cpu in machine.topology {
      let kind = cpu.kind.map { $0.rawValue } ?? "alike"
      if let at = kinds.firstIndex(where: { $0.kind == kind && $0.capacity == cpu.capacity }) {
        kinds[at].cpus.insert(cpu.id)
      } else {
        kinds.append((kind, cpu.capacity, [cpu.id]))
      }
    }
    guard kinds.count > 1 else { return [] }
    return kinds.map { kind, capacity, cpus in
      let name = kind == "alike" ? "" : "\(kind) cores, "
      return "\(name)capacity \(Quantity.significant(capacity)): \(folded(cpus, to: 50))"
    }
  }

  private static func share(_ machine: Machine) -> Table {
    let (usable, limits) = (machine.usable, machine.limits)
    let isReduced = limits.memoryBytes == nil && machine.numa.contains { $0.hugePages.contains { $0.total > 0 } }
    let memory = usable.memoryBytes.map { Quantity.text(bytes: Double($0)) } ?? "unknown"
    let rows = [
      ["logical CPUs", folded(machine.cpus.usable, to: 16), setter(usable.sources["logicalCPUs"])],
      [
        "CPUs at a time", Quantity.significant(usable.effectiveCPUs),
        setter(usable.sources["effectiveCPUs"], .cpuQuota, limits),
      ],
      [
        "memory", memory,
        setter(usable.sources["memoryBytes"], .memoryBytes, limits) + (isReduced ? ", less huge pages" : ""),
      ],
      ["processes, threads", limit(limits.pids, .pids, limits), setter(limits.sources["pids"], .pids, limits)],
      [
        "open files", limit(limits.openFiles, .openFiles, limits),
        setter(limits.sources["openFiles"], .openFiles, limits),
      ],
    ]
    return Table([.init("what"), .init("at most"), .init("set by")], rows: rows)
  }

  private static func limit(_ value: Int?, _ name: Machine.Limits.Name, _ limits: Machine.Limits) -> String {
    value.map { "\($0)" } ?? (limits.isUnknown(name) ? "unknown" : "none")
  }

  /// The file that decides, and whether another that could not be read may set less.
  private static func setter(
    _ source: String?, _ name: Machine.Limits.Name? = nil, _ limits: Machine.Limits = .init()
  ) -> String {
    guard let source else { return "" }
    guard let name, limits.isIncomplete(name) else { return abbreviated(source, to: 46) }
    return abbreviated(source, to: 30) + (limits.isUnknown(name) ? " (limit unknown)" : " (or less)")
  }

  /// A path that fits a column: `/sys/fs/cgroup/…/memory.max`.
  private static func abbreviated(_ path: String, to width: Int) -> String {
    guard path.count > width, let slash = path.lastIndex(of: "/") else { return path }
    let name = path[slash...]
    return path.prefix(max(0, width - name.count - 1)) + "…" + name
  }

  public static func caches(_ machine: Machine) -> Table {
    Table(
      [.init("level"), .init("size", .right), .init("instances", .right), .init("CPUs sharing one", .right)],
      rows: machine.caches.map { cache in
        [
          name(of: cache), cache.sizeBytes.map { Quantity.text(bytes: Double($0)) } ?? "unknown",
          cache.instances.map { "\($0)" } ?? "unknown", cache.sharedBy.map { "\($0)" } ?? "unknown",
        ]
      })
  }

  /// `L1d`, as lscpu writes it.
  public static func name(of cache: Machine.Cache) -> String {
    let suffix =
      switch cache.type {
      case .data: "d"
      case .instruction: "i"
      case .unified: ""
      }
    return "L\(cache.level)\(suffix)"
  }

  private static func nodes(_ machine: Machine) -> String {
    // More rows would leave the screen, more distances the line.
    let most = 8
    let showsDistances = machine.numa.count <= most
    let table = Table(
      [.init("node", .right), .init("CPUs"), .init("memory", .right), .init("free", .right)]
        + (showsDistances ? [.init("distances", .right)] : []),
      rows: machine.numa.prefix(most).map { node in
        [
          "\(node.id)", node.cpus.isEmpty ? "none" : folded(node.cpus, to: 24),
          node.memoryBytes.map { Quantity.text(bytes: Double($0)) } ?? "unknown",
          node.freeBytes.map { Quantity.text(bytes: Double($0)) } ?? "unknown",
          node.distances.map { join($0.map { "\($0)" }, by: " ") } ?? "unknown",
        ]
      }
    ).text
    return showsDistances ? table : table + "\n… and \(machine.numa.count - most) more, with the distances in --json"
  }

  /// A cpulist that fits a column: `0,4,…,108` for evenly spaced CPUs, else as many as there is room for.
  public static func folded(_ cpus: CPUSet, to width: Int) -> String {
    let text = cpus.description
    guard text.count > width else { return text.isEmpty ? "none" : text }
    let numbers = Array(cpus)
    let step = numbers[1] - numbers[0]
    if zip(numbers, numbers.dropFirst()).allSatisfy({ $1 - $0 == step }) {
      return "\(numbers[0]),\(numbers[1]),…,\(numbers[numbers.count - 1])"
    }
    let ending = ",… (\(numbers.count))"
    let shown = text.prefix(max(0, width - ending.count))
    return shown.prefix(upTo: shown.lastIndex(of: ",") ?? shown.endIndex) + ending
  }
}
