import AdvisorCore
import Calibration
import Console
import CostModel
import Documents
import FoundationEssentials
import Probe
import Reports
import Runtimes
import System

/// What `advisor` alone shows: this machine, what is known of it, and what to type next.
enum Overview {
  static func show() throws(AdvisorError) {
    let machine = try Prober.live.machine()
    let saved = try? ProfileStore.user(environment: ProcessInfo.processInfo.environment)
      .profile(of: machine.fingerprint)
    let here = project()
    let parts = [
      "\(Style.heading("advisor")) \(Version.current): how many workers a job should have here",
      TextReport.wrap(oneLine(machine), lead: "  ") + "\n" + knowledge(saved?.profile),
      section("In this folder", here),
      section("Type next", next.filter { line in !here.contains { $0.line == line.line } }),
    ]
    try Terminal.output(parts.compactMap(\.self).joined(separator: "\n\n"))
  }

  private static let next = [
    ProjectLine("make -j$(advisor cpus)", "as many as may run here"),
    ProjectLine("advisor run -- gzip -k {} ::: *.log", "a command over files; finds -j itself"),
    ProjectLine("advisor tune -- pytest -n {n}", "the best number for your tests"),
    ProjectLine("advisor why -- make", "what holds a command back"),
    ProjectLine("advisor cpus --why", "which limit counts, and who sets it"),
    ProjectLine("advisor recommend --job cpu:8x1e6", "threads or processes, and why"),
    ProjectLine("advisor help report", "how many machines a load needs"),
    ProjectLine("advisor help", "everything else"),
  ]

  /// What to type in this folder, by what lies in it.
  private static func project() -> [ProjectLine] {
    guard let names = Descriptor(opening: ".", .folder)?.names() else { return [] }
    let tests = ["tests", "test"].flatMap { folder in
      (Descriptor(opening: folder, .folder)?.names() ?? []).map { "\(folder)/\($0)" }
    }
    return Array(
      ProjectLine.lines(for: Set(names + tests)) { name in
        (try? JSONDocument.contents(of: name, atMost: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
      }.prefix(3))
  }

  /// Lines to paste under a heading, each beside its meaning, or above it where a narrow terminal leaves no room; nil without
  /// any.
  private static func section(_ title: String, _ lines: [ProjectLine]) -> String? {
    guard !lines.isEmpty else { return nil }
    let column = (lines.map(\.line.count).max() ?? 0) + 5
    let rows = lines.map { row in
      let line = "  \(row.line)"
      guard TextReport.width - column >= 24 else { return "\(line)\n" + TextReport.wrap(row.meaning, lead: "      ") }
      let gap = String(repeating: " ", count: column - line.count)
      return TextReport.wrap(row.meaning, lead: line + gap)
    }
    return ([Style.heading(title)] + rows).joined(separator: "\n")
  }

  /// The machine in one line: model, what it has, what may be used of it.
  private static func oneLine(_ machine: Machine) -> String {
    let name = machine.model ?? machine.architecture ?? "unknown machine"
    let memory = machine.usable.memoryBytes.map { ", \(Quantity.text(bytes: Double($0))) of memory" } ?? ""
    return "\(name): \(machine.counts.logicalCPUs) logical CPUs, "
      + "\(Quantity.significant(machine.usable.effectiveCPUs)) usable\(memory)"
  }

  private static let examples = [
    (meaning: "8 tasks that compute", job: "cpu:8x1e6"), (meaning: "200 waits", job: "wait:200x50ms"),
    (meaning: "100 downloads", job: "io:100x64KiB,latency=20ms"),
  ]

  /// What the saved profile says of three jobs of different kind, or that there is none.
  private static func knowledge(_ profile: MachineProfile?) -> String {
    guard let profile else {
      return TextReport.wrap("Nothing is measured yet: the first advice takes five seconds to measure.", lead: "  ")
    }
    guard let model = try? CostModel(profile: profile) else {
      return TextReport.wrap("The saved profile cannot be used: type advisor calibrate.", lead: "  ")
    }
    let advice = examples.compactMap { meaning, text -> String? in
      guard let job = try? Job(text), let best = try? model.recommend(job).recommended else { return nil }
      let time = Quantity.text(seconds: best.predicted.seconds.p50)
      return TextReport.wrap("\(meaning), \(text): \(StrategyText().name(of: best)), \(time)", lead: "    ")
    }
    let head = "Measured \(profile.createdAt.prefix(10)), level \(profile.level.rawValue). For example:"
    return ([TextReport.wrap(head, lead: "  ")] + advice).joined(separator: "\n")
  }
}
