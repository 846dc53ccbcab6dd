import AdvisorCore
import Planning

extension CapacityReport {
  var answer: ReportDocument.Section {
    guard let advice = recommendation else {
      return ReportDocument.Section(
        title: "Answer", sentences: scaling?.verdict ?? [],
        missing: ["No job was named: with --job the report starts with how to run it."])
    }
    let best = advice.recommended
    let seconds = best.predicted.seconds
    let answer =
      "Run \(advice.job.text) with \(TextReport.name(of: best)): \(Quantity.text(seconds: seconds.p50)) "
      + "(90 %: \(Quantity.text(seconds: seconds.p5)) to \(Quantity.text(seconds: seconds.p95))), "
      + "\(Quantity.significant(best.speedup)) times as fast as one task after the other, bound by "
      + "\(best.bindingLimit.rawValue); confidence \(TextReport.percent(advice.confidence))."
    return ReportDocument.Section(title: "Answer", sentences: [answer] + advice.reasons, missing: advice.warnings)
  }

  var candidates: ReportDocument.Section {
    guard let advice = recommendation else {
      return ReportDocument.Section(title: "Candidates", missing: ["No job was named, so none was weighed."])
    }
    return ReportDocument.Section(title: "Candidates", table: TextReport.candidateTable(advice, rows: 12))
  }

  var machineSection: ReportDocument.Section {
    let machine = profile.machine
    let known = { (number: Int?) in number.map(String.init) ?? "unknown" }
    let rows = [
      ["Packages", known(machine.counts.packages)], ["Cores", known(machine.counts.cores)],
      ["Logical CPUs online", "\(machine.counts.logicalCPUs)"],
      ["Threads per core", known(machine.counts.threadsPerCore)],
      ["NUMA nodes", "\(machine.counts.numaNodes)"],
      ["CPUs usable", Quantity.significant(machine.usable.effectiveCPUs)],
      ["CPU quota", machine.limits.cpuQuota.map { "\(Quantity.significant($0)) CPUs" } ?? "none"],
      ["Memory usable", machine.usable.memoryBytes.map { Quantity.text(bytes: Double($0)) } ?? "unknown"],
    ]
    return ReportDocument.Section(
      title: "Machine", drawing: drawing, table: Table([.init("what"), .init("how many", .right)], rows: rows),
      missing: machine.warnings)
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

  var fixedCosts: ReportDocument.Section {
    guard !profile.fixedCosts.isEmpty else {
      return ReportDocument.Section(title: "Fixed costs", missing: ["The profile has none: calibrate again."])
    }
    return ReportDocument.Section(
      title: "Fixed costs", sentences: ["Paid once each, whatever the size of the work."],
      table: TextReport.fixedCosts(profile))
  }

  var fleetSection: ReportDocument.Section {
    guard let fleet else {
      return ReportDocument.Section(
        title: "Machines for the load",
        missing: ["No goal was given: with --arrival-rate, --service-time and --p95-response machines are counted."])
    }
    return ReportDocument.Section(
      title: "Machines for the load", sentences: ["As computed, \(fleet.method)."],
      table: TextReport.fleetTable(fleet, rows: 12),
      missing: fleet.fleets.compactMap { fleet in fleet.problem.map { "\(fleet.option.name): \($0)." } })
  }

  var assumptions: ReportDocument.Section {
    let presumed = [
      "Intervals hold nine runs of ten, if the machine is as busy as it was when it was measured.",
      "Queues presume that requests arrive at random and independently of each other.",
      "Forecasts presume that what drove the load goes on as before.",
      "Noise while measuring: steal \(TextReport.percent(profile.noise.stealShare)), other processes "
        + "\(TextReport.percent(profile.noise.otherBusyShare)), spread between runs "
        + "\(TextReport.percent(profile.noise.runSpread)).",
    ]
    return ReportDocument.Section(title: "Assumptions and doubts", sentences: presumed, missing: profile.quality)
  }
}
