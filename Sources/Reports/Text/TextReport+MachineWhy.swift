import AdvisorCore
public import Console
import Observation

extension TextReport {
  /// The worst in one line, then each finding with its loss, what mends it, and what could not be seen.
  public static func machineWhy(_ document: MachineWhyDocument) -> String {
    let parts: [String?] = [
      wrap(document.text, lead: ""), document.twin.flatMap(costs), document.twin.map(counts), findings(document),
      processes(document), mends(document), ignored(document), unseen(document), seen(document),
    ]
    return join(parts.compactMap(\.self), by: "\n\n")
  }

  private static func findings(_ document: MachineWhyDocument) -> String? {
    guard !document.findings.isEmpty else { return nil }
    return Table(
      [.init("holds back"), .init("figure"), .init("loss", .right), .init("mend")],
      rows: document.findings.map { finding in
        let words = MachineWords(cause: finding.cause.value)
        return [words.name, words.figure, MachineWords.text(finding.loss, of: finding.cause.value), finding.mend.text]
      }
    ).text
  }

  /// Others' processes by name, and the load of those that cannot be seen.
  private static func processes(_ document: MachineWhyDocument) -> String? {
    for finding in document.findings {
      guard case .otherProcesses(_, let programs, let unnamed) = finding.cause.value else { continue }
      let named = programs.map { program in
        let times = program.processes > 1 ? " × \(program.processes)" : " (\(program.ids.first ?? 0))"
        return "\(program.name.printable)\(times): \(count((program.cpus * 100).rounded() / 100, "CPU"))"
      }
      let hidden =
        unnamed >= document.minLoss
        ? ["\(percent(unnamed)) of the CPUs by processes that ended or cannot be seen from here"] : []
      return list("Other processes", named + hidden, mark: "•")
    }
    return nil
  }

  /// Not wrapped: they are there to be pasted.
  private static func mends(_ document: MachineWhyDocument) -> String? {
    let lines = document.findings.compactMap { finding in
      finding.mend.command.map { "  \(MachineWords(cause: finding.cause.value).name): \($0)" }
    }
    return lines.isEmpty ? nil : join(["To mend, as root"] + lines, by: "\n")
  }

  private static func ignored(_ document: MachineWhyDocument) -> String? {
    list(
      "Accepted, as asked",
      document.ignored.map { finding in
        let words = MachineWords(cause: finding.cause.value)
        return "\(words.name), \(words.figure): loss \(MachineWords.text(finding.loss, of: finding.cause.value))"
      }, mark: "·")
  }

  /// One line for what the same would let be seen.
  private static func unseen(_ document: MachineWhyDocument) -> String? {
    var groups: [(remedy: String, members: [MachineWhyDocument.Unseen])] = []
    for unseen in document.unseen {
      if let index = groups.firstIndex(where: { $0.remedy == unseen.remedy }) {
        groups[index].members.append(unseen)
      } else {
        groups.append((unseen.remedy, [unseen]))
      }
    }
    return list(
      "Cannot tell",
      groups.map { group in
        var names: [String] = []
        for name in group.members.map(\.aspect.words) where !names.contains(name) { names.append(name) }
        let first = group.members.first.map { Sentences().text($0.cause, $0.file) } ?? ""
        return "\(join(names, by: ", ")): \(first); \(group.remedy)."
      }, mark: "?")
  }

  private static func seen(_ document: MachineWhyDocument) -> String? {
    guard document.findings.isEmpty else { return nil }
    let names = join(document.seen.map(\.words), by: ", ")
    return wrap("Looked at for \(Quantity.text(seconds: document.seconds)): \(names).", lead: "")
  }

  private static func costs(_ twin: TwinComparison) -> String? {
    let figures = twin.figures.map { figure in
      [figure.name.words, text(figure.here, figure.name), text(figure.twin, figure.name), figure.lossText]
    }
    let costs = twin.costs.map { cost in
      [cost.name, value(cost.here.value, cost.here.unit), value(cost.twin.value, cost.twin.unit), cost.lossText]
    }
    guard !figures.isEmpty || !costs.isEmpty else { return nil }
    return Table(
      [.init("worse here"), .init("here", .right), .init("twin", .right), .init("loss", .right)], rows: figures + costs
    ).text
  }

  private static func text(_ value: Double, _ name: TwinComparison.Figure.Name) -> String {
    switch name {
    case .effectiveCPUs: Quantity.significant(value)
    case .memoryBytes: Quantity.text(bytes: value)
    }
  }

  private static func counts(_ twin: TwinComparison) -> String {
    """
    here: \(twin.here)
    twin: \(twin.twin)
    \(count(twin.alike, "cost agrees", "costs agree")) within their 90 % intervals, \(twin.better) are lower here.
    """
  }
}
