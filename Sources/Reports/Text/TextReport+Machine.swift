public import AdvisorCore

extension TextReport {
  /// The machine in one line: model, what it has, what may be used of it.
  public static func oneLine(_ machine: Machine) -> String {
    let name = machine.model ?? machine.architecture ?? "unknown machine"
    let memory = machine.usable.memoryBytes.map { ", \(Quantity.text(bytes: Double($0))) of memory" } ?? ""
    return "\(name): \(machine.counts.logicalCPUs) logical CPUs, "
      + "\(Quantity.significant(machine.usable.effectiveCPUs)) usable\(memory)"
  }
}
