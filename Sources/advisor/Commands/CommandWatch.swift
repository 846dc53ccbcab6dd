import AdvisorCore
import CostModel
import Execution
import Reports

/// Follows a run of commands: shows its progress, names its failures, and remembers what the first tasks cost.
final class CommandWatch: CommandObserver {
  /// The first tasks, from which the whole run is predicted.
  private struct Pilot {
    var tasks = 0
    var cpuSeconds = 0.0
    var wallSeconds = 0.0
    var memoryBytes = 0.0
    /// Workers when the pilot had ended.
    var workers: Int?
  }

  /// More failures than these are counted, not named.
  private static let mostNamed = 20

  let bar = ProgressBar("running")
  private let pilotTasks: Int
  private var pilot = Pilot()
  private var named = 0

  init(cpus: Double) { pilotTasks = max(4, 2 * Int(cpus.rounded(.up))) }

  func taskEnded(_ outcome: CommandOutcome) {
    if !outcome.succeeded { name(outcome) }
    guard pilot.tasks < pilotTasks else { return }
    pilot.tasks += 1
    pilot.cpuSeconds += outcome.cpuSeconds
    pilot.wallSeconds += outcome.wallSeconds
    pilot.memoryBytes = max(pilot.memoryBytes, Double(outcome.maxRSSBytes ?? 0))
  }

  func progressed(_ progress: CommandProgress) {
    if pilot.tasks >= pilotTasks, pilot.workers == nil, progress.workers > 0 { pilot.workers = progress.workers }
    let total = progress.total.map { "/\($0)" } ?? ""
    let rate = progress.seconds > 0 ? Double(progress.done) / progress.seconds : 0
    var note = "\(progress.done)\(total)  \(Quantity.significant(rate))/s  \(progress.workers) workers"
    if progress.failed > 0 { note += "  \(progress.failed) failed" }
    if let total = progress.total, rate > 0 {
      note += "  \(Quantity.text(seconds: Double(total - progress.done) / rate)) left"
    }
    if !progress.reason.isEmpty { note += "  (\(progress.reason))" }
    bar.draw(progress.total.map { Double(progress.done) / Double(max(1, $0)) } ?? 0, note)
  }

  private func name(_ outcome: CommandOutcome) {
    named += 1
    guard named <= Self.mostNamed else { return }
    bar.clear()
    Terminal.note(outcome.text + (named == Self.mostNamed ? "\nfurther failures are counted, not named" : ""))
  }

  /// Predicted beside observed; the prediction is made of the first tasks' cost and the workers chosen then.
  func record(of words: CommandLineWords, _ summary: CommandSummary, model: CostModel?) -> RunRecord {
    let progress = summary.progress
    let workers = max(1, pilot.workers ?? progress.workers)
    let plan = Plan(strategy: .processes, workers: workers)
    let job = job(words, tasks: max(1, progress.done))
    let predicted = pilot.tasks < progress.done ? model.flatMap { try? $0.predict(job, plan: plan) } : nil
    return RunRecord(
      job: job, plan: plan, predicted: predicted,
      observed: RunRecord.Observed(
        seconds: progress.seconds, cpuSeconds: progress.cpuSeconds, tasks: progress.done, failed: progress.failed,
        maxRSSBytes: progress.maxRSSBytes))
  }

  private func job(_ words: CommandLineWords, tasks: Int) -> Job {
    let count = Double(max(1, pilot.tasks))
    let cpu = pilot.cpuSeconds / count
    let stage = Stage(
      kind: .command, count: tasks, size: .seconds(max(cpu, 1e-6)),
      memoryBytes: pilot.memoryBytes > 0 ? pilot.memoryBytes : nil,
      latencySeconds: max(0, pilot.wallSeconds / count - cpu))
    let text = words.command.map { String(decoding: $0, as: UTF8.self).printable }.joined(separator: " ")
    return Job(text: text, stages: [stage])
  }
}
