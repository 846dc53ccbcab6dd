import AdvisorCore
import Console
import CostModel
import Probe
import Reports
import Tasks

/// Follows a run of commands: shows its progress, names its failures, and remembers what the first tasks cost.
final class CommandWatch: CommandObserver {
  /// More failures than these are counted, not named.
  private static let maxNamed = 20

  let bar: ProgressBar
  private let cpus: Double
  private(set) var pilot: CommandPilot
  private var remaining = RemainingTime()
  private var cpuUse = CPUUse()
  private var reason = (text: "", since: 0.0)
  private var named = 0
  /// Calls that have ended.
  private var calls = 0

  /// - Parameters:
  ///   - total: tasks of the run; nil where that is unknown.
  ///   - pilotSeconds: of tasks, together, that are seen before anything is said of the whole run.
  ///   - showsProgress: not where a task writes to the terminal itself.
  init(cpus: Double, total: Int? = nil, pilotSeconds: Double = 0, showsProgress: Bool = true) {
    self.cpus = cpus
    bar = ProgressBar("running", isWanted: showsProgress)
    pilot = CommandPilot(cpus: cpus, total: total, minSeconds: pilotSeconds)
  }

  func taskEnded(_ outcome: CommandOutcome) { taskEnded(outcome, isTypical: true) }

  /// - Parameter isTypical: whether it tells what others will take.
  func taskEnded(_ outcome: CommandOutcome, isTypical: Bool) {
    if !outcome.succeeded, outcome.ending != .stopped { name(outcome.text) }
    calls += 1
    if isTypical { pilot.add(outcome) }
    remaining.add(wallSeconds: outcome.wallSeconds, tasks: outcome.weight)
  }

  func progressed(_ progress: CommandProgress) {
    pilot.note(progress)
    guard bar.isShown else { return }
    if progress.reason != reason.text { reason = (progress.reason, progress.seconds) }
    bar.draw(progress.total.map { Double(progress.done + progress.skipped) / Double(max(1, $0)) }, notes(progress))
  }

  func willWrite() { bar.clear() }

  /// The most important first. Why there are so many workers comes early while it is news, and last when it is not.
  private func notes(_ progress: CommandProgress) -> [String] {
    let rate = progress.seconds > 0 ? Double(progress.done) / progress.seconds : 0
    var notes = ["\(progress.done)\(progress.total.map { "/\($0)" } ?? "")", "\(Quantity.significant(rate))/s"]
    if progress.failed > 0 { notes.append("\(progress.failed) failed") }
    if let total = progress.total, total > progress.done + progress.skipped {
      let range = remaining.range(left: total - progress.done - progress.skipped, workers: progress.workers)
      if let range { notes.append("\(Quantity.text(secondsFrom: range)) left") }
    }
    notes.append("\(progress.workers) worker\(progress.workers == 1 ? "" : "s")")
    let place = notes.endIndex
    if let busy = cpuUse.measure() { notes.append(busy) }
    if let memory = progress.memory { notes.append(memory.text) }
    guard !progress.reason.isEmpty else { return notes }
    let isNews = progress.seconds - reason.since < 3
    notes.insert("(\(progress.reason))", at: isNews ? place : notes.endIndex)
    return notes
  }

  func failedBefore(_ text: String) { name(text) }

  private func name(_ text: String) {
    named += 1
    guard named <= Self.maxNamed else { return }
    bar.clear()
    Terminal.note(text + (named == Self.maxNamed ? "\nfurther failures are counted, not named" : ""))
  }

  /// Predicted beside observed; the prediction is made of the first tasks' cost and the workers chosen then.
  func record(of words: CommandLineWords, _ summary: CommandSummary, model: CostModel?, isBatched: Bool)
    -> RunRecord
  {
    let (progress, model) = (summary.progress, model?.measured(in: pilot.conditions))
    let plan = Plan(strategy: .processes, workers: max(1, min(pilot.workers ?? progress.workers, calls)))
    let text = words.command.map(Self.word).joined(separator: " ")
    let job = pilot.job(text, tasks: max(1, progress.done))
    // What was over before anything could be predicted was not predicted; the first batches say little of those to come.
    let isPredicted = !isBatched && pilot.isOver && pilot.tasks < progress.done
    return RunRecord(
      job: job, plan: plan, predicted: isPredicted ? predict(job, plan, model) : nil,
      observed: progress.observed, usual: isPredicted ? usual(job, model) : nil)
  }

  /// A word of the command as it may have been typed; braces need no quotes.
  private static func word(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    let isPlain = !text.isEmpty && !text.contains { $0.isWhitespace || "'\"\\;|&<>()$`*?".contains($0) }
    return isPlain ? text.printable : ShellQuoting.word(bytes)
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

extension CommandProgress {
  /// What a run that has ended took.
  var observed: RunRecord.Observed {
    RunRecord.Observed(
      seconds: seconds, cpuSeconds: cpuSeconds, tasks: done, failed: failed, maxRSSBytes: maxRSSBytes)
  }
}
