import AdvisorCore
import Console

extension CapacityReport {
  var machineSection: ReportDocument.Section {
    let machine = profile.machine
    let known = { (number: Int?) in number.map(String.init) ?? "unknown" }
    let rows = [
      ["Packages", known(machine.counts.packages)], ["Cores", known(machine.counts.cores)],
      ["Logical CPUs online", "\(machine.counts.logicalCPUs)"],
      ["Threads per core", known(machine.counts.threadsPerCore)],
      ["NUMA nodes", "\(machine.counts.numaNodes)"],
      ["CPUs usable", Quantity.significant(machine.usable.effectiveCPUs)],
      ["CPU quota", machine.limits.cpuQuota.map { count($0, "CPU") } ?? "none"],
      ["Memory usable", machine.usable.memoryBytes.map { Quantity.text(bytes: Double($0)) } ?? "unknown"],
    ]
    let counts = ReportDocument.Exhibit(
      caption: "The machine", table: Table([.init("what"), .init("how many", .right)], rows: rows))
    let caches = ReportDocument.Exhibit(caption: "Caches", table: TextReport.caches(machine))
    return ReportDocument.Section(
      title: "Machine", drawing: drawing, exhibits: [counts] + (machine.caches.isEmpty ? [] : [caches]),
      missing: (drawing.isEmpty ? ["Not drawn: the profile does not say where its CPUs are."] : [])
        + machine.warnings.map(Sentences().text))
  }

  /// NUMA nodes with their cores, and the logical CPUs of each.
  private var drawing: [ReportDocument.Box] {
    let machine = profile.machine
    return Dictionary(grouping: machine.topology) { $0.node ?? 0 }.sorted { $0.key < $1.key }.map { node, cpus in
      let memory =
        machine.numa.first { $0.id == node }?.memoryBytes.map { ", \(Quantity.text(bytes: Double($0)))" } ?? ""
      let cores = Dictionary(grouping: cpus) { $0.siblings.first ?? $0.id }.sorted { $0.key < $1.key }
      return ReportDocument.Box(
        title: "NUMA node \(node)\(memory)",
        inside: cores.map { _, threads in
          let isUsable = threads.contains { machine.cpus.usable.contains($0.id) }
          let names = threads.map { String($0.id) }.joined(separator: ", ")
          return "CPU \(names)\(isUsable ? "" : ", not usable")"
        })
    }
  }

  /// Fixed and variable costs, each with its interval.
  var costs: ReportDocument.Section {
    let parts =
      [
        ("Fixed costs", TextReport.fixedCosts(profile), profile.fixedCosts.isEmpty)
      ] + TextReport.variableCosts(profile)
    return ReportDocument.Section(
      title: "Costs",
      sentences: ["Fixed costs are paid once each, whatever the size of the work; the others grow with it."],
      exhibits: parts.filter { !$0.isEmpty }.map { .init(caption: $0.title, table: $0.table) },
      missing: parts.filter(\.isEmpty).map { "\($0.title): not in the profile. Calibrate again to measure it." })
  }

  /// What the profile could hold and does not.
  var notMeasured: ReportDocument.Section {
    let known = Set(profile.fixedCosts.map(\.name))
    let fixed = FixedCost.Name.allCases.filter { !known.contains($0) }.map { TextReport.words($0.rawValue) }
    let kernels = Set(profile.variableCosts.kernels.map(\.kernel))
    let unknown = Kernel.allCases.filter { !kernels.contains($0) }.map(\.rawValue)
    let nodes = Set(profile.variableCosts.memoryBandwidth.map(\.memoryNode))
    let silent = profile.machine.numa.map(\.id).filter { !nodes.contains($0) }
    let list = { (name: String, items: [String]) in items.isEmpty ? nil : "\(name): \(items.joined(separator: ", "))." }
    let points = [
      list("Fixed costs", fixed), list("Kernels", unknown), list("Memory bandwidth of nodes", silent.map(String.init)),
    ].compactMap(\.self)
    return ReportDocument.Section(title: "Not measured", points: points)
  }
}
