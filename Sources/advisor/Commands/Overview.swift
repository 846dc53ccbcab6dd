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
    try Terminal.output(
      """
      \(Style.heading("advisor")) \(Version.current): how to run a job on this machine

        \(oneLine(machine))
      \(TextReport.indent(knowledge(saved?.profile)))

      \(project())\(Style.heading("Type next"))
        advisor probe                             the machine, and what you may use of it
        advisor calibrate                         measure what things cost here (15 s)
        advisor recommend --job cpu:8x1e6         how to run 8 tasks of a million units
        advisor run --job wait:200x50ms           run it so; predicted beside observed
        advisor run -- gzip -k {} ::: *.txt       run your own command over its inputs
        make -j$(advisor cpus)                    how many workers may run here, for any program
        advisor exec -- pytest -n auto            start a program that sees that number
        advisor help                              everything else
      """)
  }

  /// What to type in this folder, by what lies in it.
  private static func project() -> String {
    guard let names = Descriptor(opening: ".", .folder)?.names() else { return "" }
    let lines = ProjectLine.lines(for: Set(names)) { name in
      (try? JSONDocument.contents(of: name, atMost: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
    }.prefix(3)
    guard !lines.isEmpty else { return "" }
    let width = max(40, lines.map(\.line.count).max() ?? 0)
    let rows = lines.map { "  \($0.line)\(String(repeating: " ", count: width - $0.line.count))  \($0.meaning)" }
    return (["\(Style.heading("In this folder"))"] + rows).joined(separator: "\n") + "\n\n"
  }

  /// The machine in one line: model, what it has, what may be used of it.
  private static func oneLine(_ machine: Machine) -> String {
    let name = machine.model ?? machine.architecture ?? "unknown machine"
    let memory = machine.usable.memoryBytes.map { ", \(Quantity.text(bytes: Double($0))) of memory" } ?? ""
    return "\(name): \(machine.counts.logicalCPUs) logical CPUs, "
      + "\(Quantity.significant(machine.usable.effectiveCPUs)) usable\(memory)"
  }

  /// What the saved profile says of three jobs of different kind, or that there is none.
  private static func knowledge(_ profile: MachineProfile?) -> String {
    guard let profile else { return "Nothing is measured yet: the first advice takes five seconds to measure." }
    guard let model = try? CostModel(profile: profile) else {
      return "The saved profile cannot be used: calibrate again."
    }
    let advice = ["cpu:8x1e6", "wait:200x50ms", "io:100x64KiB,latency=20ms"].compactMap { text -> String? in
      guard let job = try? Job(text), let best = try? model.recommend(job).recommended else { return nil }
      return "\(text): \(StrategyText().name(of: best)), \(Quantity.text(seconds: best.predicted.seconds.p50))"
    }
    return
      (["Measured \(profile.createdAt.prefix(10)), level \(profile.level.rawValue). For example:"]
      + advice.map { "  \($0)" }).joined(separator: "\n")
  }
}
