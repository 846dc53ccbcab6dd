import AdvisorCore
import ArgumentParser
import Console
import CostModel
import Probe
import Reports
import Transfer
import Downloads
import Tasks

extension RunCommand {
  /// Downloads the URLs of a list, and runs a command on each file as it lands where one is given.
  func runDownloads(_ list: String) throws {
    let words = work.command.isEmpty ? nil : try CommandLineWords(CommandLineWords.afterTerminator())
    guard words?.lists.isEmpty != false else {
      throw ValidationError("With --urls the downloaded files are the inputs: leave ::: out.")
    }
    let folder = fetch.into ?? "."
    let urls = try DownloadList(path: list)
    let downloads = try tasks.records.resumes ? urls.downloads(resumedIn: folder) : urls.downloads
    if tasks.dryRun {
      let lines = downloads.map { "\(WebAddress($0.url).shown.printable) → \(folder)/\($0.name)" }
      return try Terminal.output(lines.joined(separator: "\n"))
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
    let options = fetch.options(tasks, workers: choice.workers, limits: machine.limits)
    let summary = try DownloadRunner(downloads, into: folder, options, observer: watch).run(listeningToSignals: true)
    let (files, record) = (summary.progress, watch.record(summary.progress))
    if !summary.isInterrupted, files.done > files.skipped { past.remember(record, on: machine) }
    let share = Share(total: files.total, before: files.skipped, done: files.succeeded + files.skipped)
    try finish(watch, record, share, isInterrupted: summary.isInterrupted, summary.exitStatus)
  }

  private func process(
    _ downloads: [Download], into folder: String, by command: [[UInt8]], on machine: Machine, _ watch: DownloadWatch
  ) throws {
    try tasks.setEnvironment()
    let options = fetch.options(tasks, workers: nil, limits: machine.limits, besideTasks: true)
    var commandOptions = try tasks.commandOptions(machine, workers: choice.workers, json: form.json)
    // Without a journal nothing tells what has been processed: files that are there are processed again.
    if tasks.records.journal == nil, tasks.records.jobLog == nil { commandOptions.resume = nil }
    var template = try CommandTemplate(command, form: tasks.given.shell ? .shell : .words)
    tasks.share.apply(to: &template, &commandOptions, tasks: downloads.count)
    let summary = try DownloadPipeline(downloads, into: folder, options).run(template, commandOptions, observer: watch)
    let record = watch.record(summary, model: try model(for: machine))
    let files = summary.commands.progress
    if summary.commands.ending == .finished, files.done > 0 { past.remember(record, on: machine) }
    let before = files.skipped - files.failedBefore
    let share = Share(total: downloads.count, before: before, done: files.succeeded + before)
    if let failures = summary.commands.earlierFailures { Terminal.note(failures) }
    try finish(
      watch, record, share, isInterrupted: summary.commands.isInterrupted, summary.exitStatus, tasksPrint: true)
  }

  /// How much of the list is done, and how much of it was before this run.
  private struct Share {
    var total: Int
    var before: Int
    var done: Int

    /// Nil where there was something to do.
    var idleness: String? {
      if total == 0 { return "no URLs in the list: nothing to download" }
      return before == total ? "nothing to do: \(before) of \(total) already done" : nil
    }
  }

  /// - Parameter tasksPrint: whether stdout is the tasks'.
  private func finish(
    _ watch: DownloadWatch, _ record: RunRecord, _ share: Share, isInterrupted: Bool, _ status: Int32,
    tasksPrint: Bool = false
  ) throws {
    watch.bar.clear()
    if let idleness = share.idleness { Terminal.note(idleness) }
    if form.json || (share.idleness == nil && !tasksPrint) {
      try form.show(record, as: TextReport.run(record))
    } else if share.idleness == nil {
      Terminal.note(TextReport.run(record))
    }
    if isInterrupted {
      let goOn = share.done < share.total ? "; run the same again with --resume to go on" : ""
      Terminal.note("interrupted: \(share.done) of \(share.total) done\(goOn)")
    }
    if status != 0 { throw ExitCode(status) }
  }
}
