import AdvisorCore
import ArgumentParser
import Calibration
import Console
import CostModel
import Documents
import FoundationEssentials
import Probe
import Reports
import Tasks

extension RunCommand {
  /// Runs the user's own command over its inputs, with as many workers as its first tasks and its throughput call for.
  func runCommand() throws {
    guard choice.strategy == nil || choice.strategy == .processes else {
      throw ValidationError("A command runs in processes: leave --strategy out.")
    }
    let words = try CommandLineWords(CommandLineWords.afterTerminator())
    let machine = try Prober.live.machine()
    var options = try tasks.commandOptions(machine, workers: choice.workers, json: form.json)
    try tasks.setEnvironment()
    var work = try tasks.given.work(words, options.limits)
    tasks.share.apply(to: &work.template, &options, tasks: work.inputs.count)
    if tasks.given.longestFirst {
      work.inputs = try LongestFirst.sorted(work.inputs, work.template, jobLog: tasks.records.jobLog)
    }
    if tasks.dryRun { return try CommandDryRun.run(work.template, work.inputs, batch: options.batch) }
    options.parts = work.parts
    let isSingle = work.inputs.columns == 0
    if isSingle { options.printDirectly() }
    let watch = CommandWatch(
      cpus: machine.usable.effectiveCPUs, total: work.inputs.count, showsProgress: !isSingle)
    let runner = try CommandRunner(work.template, work.inputs, options, observer: watch)
    let summary = try runner.run()
    watch.bar.clear()
    let isBatched = options.batch != nil
    let record = watch.record(of: words, summary, model: try model(for: machine), isBatched: isBatched)
    if summary.ending == .finished, summary.progress.done > 0 { past.remember(record, on: machine) }
    try show(record, summary)
  }

  func show(_ record: RunRecord, _ summary: CommandSummary) throws {
    if form.json {
      try Terminal.output(JSONDocument.text(of: record))
    } else if summary.progress.done > 0 {
      Terminal.note(TextReport.run(record))
    }
    for note in summary.notes(isRecorded: tasks.records.isKept) { Terminal.note(note) }
    if case .inputsFailed(let error) = summary.ending { Terminal.complain(error) }
    if summary.exitStatus != 0 { throw ExitCode(summary.exitStatus) }
  }

  /// The cost model of a profile that is there; a command is not worth calibrating first, its own tasks tell its costs.
  func model(for machine: Machine) throws(AdvisorError) -> CostModel? {
    if let found = try costs.named() { return try CostModel(profile: found.profile) }
    let environment = ProcessInfo.processInfo.environment
    guard let found = try? ProfileStore.user(environment: environment).profile(of: machine.fingerprint) else {
      return nil
    }
    return try CostModel(profile: found.profile)
  }
}
