import AdvisorCore
import ArgumentParser
import Console
import CostModel
import Execution
import Probe
import Reports

extension RunCommand {
  /// Downloads the URLs of a list, and runs a command on each file as it lands where one is given.
  func runDownloads(_ list: String) throws {
    let words = work.command.isEmpty ? nil : try CommandLineWords(CommandLineWords.afterTerminator())
    guard words?.lists.isEmpty != false else {
      throw ValidationError("With --urls the downloaded files are the inputs: leave ::: out.")
    }
    let downloads = try DownloadList(path: list).downloads
    let folder = fetch.into ?? "."
    if tasks.dryRun {
      return try Terminal.output(downloads.map { "\($0.url) → \(folder)/\($0.name)" }.joined(separator: "\n"))
    }
    let machine = try Prober.live.machine()
    let watch = DownloadWatch(downloads.count, into: folder, cpus: machine.usable.effectiveCPUs)
    if let words {
      try process(downloads, into: folder, by: words.command, on: machine, watch)
    } else {
      try fetch(downloads, into: folder, on: machine, watch)
    }
  }

  private func fetch(
    _ downloads: [Download], into folder: String, on machine: Machine, _ watch: DownloadWatch
  ) throws {
    let options = fetch.options(tasks, workers: choice.workers, openFiles: machine.limits.openFiles)
    let summary = try DownloadRunner(downloads, into: folder, options, observer: watch).run(listeningToSignals: true)
    let record = watch.record(summary.progress, nil, model: nil)
    if !summary.isInterrupted { past.remember(record, on: machine) }
    try finish(watch, record, isInterrupted: summary.isInterrupted, summary.exitStatus)
  }

  private func process(
    _ downloads: [Download], into folder: String, by command: [[UInt8]], on machine: Machine, _ watch: DownloadWatch
  ) throws {
    try tasks.setEnvironment()
    // Tasks take descriptors, too.
    let options = fetch.options(tasks, workers: nil, openFiles: machine.limits.openFiles.map { $0 / 2 })
    var commandOptions = try tasks.commandOptions(machine, workers: choice.workers, json: form.json)
    // Without a journal nothing tells what has been processed: files that are there are processed again.
    if tasks.records.journal == nil, tasks.records.jobLog == nil { commandOptions.resume = nil }
    var template = try CommandTemplate(command, form: tasks.given.shell ? .shell : .words)
    tasks.share.apply(to: &template, &commandOptions, tasks: downloads.count)
    let summary = try DownloadPipeline(downloads, into: folder, options).run(template, commandOptions, observer: watch)
    let record = watch.record(summary.downloads.progress, summary.commands.progress, model: try model(for: machine))
    if summary.commands.ending == .finished { past.remember(record, on: machine) }
    try finish(
      watch, record, isInterrupted: summary.commands.isInterrupted, summary.exitStatus, tasksPrint: true)
  }

  /// - Parameter tasksPrint: whether stdout is the tasks'.
  private func finish(
    _ watch: DownloadWatch, _ record: RunRecord, isInterrupted: Bool, _ status: Int32, tasksPrint: Bool = false
  ) throws {
    watch.bar.clear()
    if tasksPrint, !form.json {
      Terminal.note(TextReport.run(record))
    } else {
      try form.show(record, as: TextReport.run(record))
    }
    if isInterrupted { Terminal.note("interrupted: run the same again with --resume to go on") }
    if status != 0 { throw ExitCode(status) }
  }
}
