public import AdvisorCore
public import Console

/// A drawing of a machine: package, NUMA node, cache, core, CPU; alike groups folded into one line.
extension TextReport {
  public static func tree(_ machine: Machine) -> String {
    let drawing = Drawing(machine: machine)
    let memoryOnly = machine.numa.filter(\.cpus.isEmpty).map { node in
      "node \(node.id)\(node.memoryBytes.map { " (\(Quantity.text(bytes: Double($0))))" } ?? ""), without CPUs"
    }
    let lines = drawing.lines(MachineTree(machine).branches, indent: "", isLast: memoryOnly.isEmpty)
    let others = memoryOnly.enumerated().map { index, text in
      (index == memoryOnly.count - 1 ? "└─ " : "├─ ") + text
    }
    let title = "\(machine.model ?? "Machine"): \(count(machine.counts.logicalCPUs, "CPU"))"
    let offline = machine.cpus.offline.isEmpty ? [] : ["offline: \(folded(machine.cpus.offline, to: 60))"]
    return ([title] + lines + others + offline).joined(separator: "\n")
  }

  private struct Drawing {
    let machine: Machine

    /// - Parameter isLast: whether nothing follows these branches at their level.
    func lines(_ branches: [MachineTree.Branch], indent: String, isLast: Bool = true) -> [String] {
      branches.enumerated().flatMap { index, branch -> [String] in
        let ends = isLast && index == branches.count - 1
        let head = indent + (ends ? "└─ " : "├─ ")
        return [head + text(branch, width: TextReport.width - head.count)]
          + lines(branch.children, indent: indent + (ends ? "   " : "│  "))
      }
    }

    private func text(_ branch: MachineTree.Branch, width: Int) -> String {
      let marks = marks(branch.cpus)
      var parts = branch.parts
      var lead = lead(branch, parts)
      // The inner caches are what a crowded line can spare.
      while lead.count + 12 + marks.count > width, let spare = parts.lastIndex(where: { $0.kind.hasPrefix("L1") }) {
        parts.remove(at: spare)
        lead = self.lead(branch, parts)
      }
      guard branch.children.isEmpty else { return lead }
      return lead + TextReport.folded(branch.cpus, to: max(12, width - lead.count - marks.count)) + marks
    }

    /// All but the CPUs.
    private func lead(_ branch: MachineTree.Branch, _ parts: [MachineTree.Part]) -> String {
      let names = parts.map { part in
        let numbers = part.numbers.isEmpty ? "" : " \(TextReport.folded(part.numbers, to: 12))"
        return part.kind + (part.numbers.count > 1 ? "s" : "") + numbers + part.detail
      }.joined(separator: ", ")
      let label = (branch.count > 1 ? "\(branch.count) × " : "") + names
      guard branch.children.isEmpty else { return label }
      return label + (label.isEmpty ? "" : ": ") + (branch.cpus.count == 1 ? "CPU " : "CPUs ")
    }

    /// What is not to be used as the others are.
    private func marks(_ cpus: CPUSet) -> String {
      let sets = [
        (cpus.subtracting(machine.cpus.allowed), "not allowed"), (cpus.intersection(machine.cpus.isolated), "isolated"),
      ]
      let marks = sets.filter { !$0.0.isEmpty }.map { set, mark in
        set == cpus ? mark : "\(TextReport.folded(set, to: 16)) \(mark)"
      }
      return marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))"
    }
  }
}
