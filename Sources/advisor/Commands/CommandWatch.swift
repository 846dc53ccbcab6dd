import AdvisorCore
import CostModel
import Execution
import Probe
import Reports

/// Follows a run of commands: shows its progress, names its failures, and remembers what the first tasks cost.
final class CommandWatch: CommandObserver {
  /// More failures than these are counted, not named.
  private static let mostNamed = 20

  let bar = ProgressBar("running")
  private let cpus: Double
  private(set) var pilot: CommandPilot
  private var remaining = RemainingTime()
  private var counters = Contention.reading()
  private var busy: Double?
  private var named = 0

  init(cpus: Double) {
    self.cpus = cpus
    pilot = CommandPilot(cpus: cpus)
  }

  func taskEnded(_ outcome: CommandOutcome) {
    if !outcome.succeeded, outcome.ending != .stopped { name(outcome) }
    pilot.add(outcome)
    remaining.add(wallSeconds: outcome.wallSeconds, tasks: outcome.weight)
  }

  func progressed(_ progress: CommandProgress) {
    pilot.note(workers: progress.workers)
    guard bar.isShown else { return }
    measureCPUs()
    bar.draw(progress.total.map { Double(progress.done) / Double(max(1, $0)) } ?? 0, note(progress))
  }

  /// The share of all CPUs' time that was not idle since about a quarter of a second ago.
  private func measureCPUs() {
    guard let now = Contention.reading() else { return }
    guard let before = counters, let contention = Contention(from: before, to: now) else { return }
    busy = contention.busy
    counters = now
  }

  private func note(_ progress: CommandProgress) -> String {
    let rate = progress.seconds > 0 ? Double(progress.done) / progress.seconds : 0
    var parts = ["\(progress.done)\(progress.total.map { "/\($0)" } ?? "")", "\(Quantity.significant(rate))/s"]
    if progress.failed > 0 { parts.append("\(progress.failed) failed") }
    if let total = progress.total {
      let left = max(0, total - progress.done - progress.skipped)
      if let range = remaining.range(left: left, workers: progress.workers) {
        parts.append("\(Quantity.text(seconds: range.lowerBound))–\(Quantity.text(seconds: range.upperBound)) left")
      }
    }
    if let busy { parts.append("CPU \(Int((busy * 100).rounded())) %") }
    if let memory = progress.memory {
      parts.append(
        "\(Quantity.text(bytes: Double(memory.usedBytes))) of \(Quantity.text(bytes: Double(memory.limitBytes)))")
    }
    let why = progress.reason.isEmpty ? "" : " (\(progress.reason))"
    return (parts + ["\(progress.workers) workers\(why)"]).joined(separator: "  ")
  }

  private func name(_ outcome: CommandOutcome) {
    named += 1
    guard named <= Self.mostNamed else { return }
    bar.clear()
    Terminal.note(outcome.text + (named == Self.mostNamed ? "\nfurther failures are counted, not named" : ""))
  }

  /// Predicted beside observed; the prediction is made of the first tasks' cost and the workers chosen then.
  func record(of words: CommandLineWords, _ summary: CommandSummary, model: CostModel?, isBatched: Bool)
    -> RunRecord
  {
    let progress = summary.progress
    let plan = Plan(strategy: .processes, workers: max(1, pilot.workers ?? progress.workers))
    let text = words.command.map { String(decoding: $0, as: UTF8.self).printable }.joined(separator: " ")
    let job = pilot.job(text, tasks: max(1, progress.done))
    // What was over before anything could be predicted was not predicted; the first batches say little of those to come.
    let isPredicted = !isBatched && pilot.isOver && pilot.tasks < progress.done
    return RunRecord(
      job: job, plan: plan, predicted: isPredicted ? predict(job, plan, model) : nil,
      observed: RunRecord.Observed(
        seconds: progress.seconds, cpuSeconds: progress.cpuSeconds, tasks: progress.done, failed: progress.failed,
        maxRSSBytes: progress.maxRSSBytes), usual: isPredicted ? usual(job, model) : nil)
  }

  /// What has run as a job, by the cost of its first tasks.
  func job(_ text: String, tasks: Int) -> Job { pilot.job(text, tasks: tasks) }

  func noted(_ text: String) {
    bar.clear()
    Terminal.note(text)
  }

  private func predict(_ job: Job, _ plan: Plan, _ model: CostModel?) -> Prediction {
    (try? model?.predict(job, plan: plan)) ?? pilot.prediction(tasks: job.stages[0].count, workers: plan.workers)
  }

  /// What most people would have typed instead.
  private func usual(_ job: Job, _ model: CostModel?) -> RunRecord.Usual {
    let workers = max(1, Int(cpus.rounded(.up)))
    let plan = Plan(strategy: .processes, workers: workers)
    return RunRecord.Usual(command: "xargs -P \(workers)", seconds: predict(job, plan, model).seconds.p50)
  }
}
