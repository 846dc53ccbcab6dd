import AdvisorCore
import ArgumentParser
import Console
import CostModel
import Downloads
import Probe
import Reports
import Tasks

struct DownloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "download",
    abstract: "Downloads URLs; can run a command on each file.",
    usage: "advisor download <list> --into <dir> [<options>] [-- <command> {}]",
    discussion: """
      A URL can be followed by sha256=HEX and out=NAME.

        advisor download urls.txt --into data
        advisor download urls.txt --into data --resume
        advisor download urls.txt --into data -- unzip -q {}
      """)

  @OptionGroup(title: "Downloads") var fetch: DownloadArguments
  @OptionGroup(title: "Downloads") var dry: DryRunOptions
  @OptionGroup(title: "Command on each file") var words: FileCommandArgument
  @OptionGroup(title: "Command on each file") var threads: ThreadOptions
  @OptionGroup var tasks: TaskArguments
  @OptionGroup(title: "Output") var grouping: GroupingOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try grouping.validate(with: tasks.printed)
    if let timeout = tasks.control.timeout, timeout.seconds == nil {
      throw ValidationError("--timeout: for downloads give a time such as 30s, not a part of a median.")
    }
  }

  func run() throws {
    let words = words.command.isEmpty ? nil : CommandLineWords(CommandLineWords.afterTerminator())
    guard words?.sources.isEmpty != false else {
      throw ValidationError("The downloaded files are the inputs: leave ::: out.")
    }
    let folder = fetch.into
    let urls = try DownloadList(path: fetch.list)
    let downloads = try tasks.records.resumes ? urls.downloads(resumedIn: folder) : urls.downloads
    if dry.dryRun {
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

  private func options(of downloads: [Download], on machine: Machine, besideTasks: Bool = false) -> DownloadOptions {
    var options = fetch.options(tasks, limits: machine.limits, besideTasks: besideTasks)
    // What is over at once needs no past.
    if downloads.count > Self.minRemembered {
      options.expected = { [history] hosts in history.inFlight(to: hosts, on: machine) }
    }
    return options
  }

  private static let minRemembered = 30

  private func fetch(
    _ downloads: [Download], into folder: String, on machine: Machine, _ watch: DownloadWatch
  ) throws {
    let options = options(of: downloads, on: machine)
    let summary = try DownloadRunner(downloads, into: folder, options, observer: watch).run(listeningToSignals: true)
    let (files, record) = (summary.progress, watch.record(summary.progress))
    if !summary.isInterrupted, files.done > files.skipped { history.remember(record, on: machine) }
    let share = Share(total: files.total, before: files.skipped, done: files.succeeded + files.skipped)
    try finish(watch, record, share, isInterrupted: summary.isInterrupted, summary.exitStatus)
  }

  private func process(
    _ downloads: [Download], into folder: String, by command: [[UInt8]], on machine: Machine, _ watch: DownloadWatch
  ) throws {
    try tasks.control.setEnvironment()
    let options = options(of: downloads, on: machine, besideTasks: true)
    var commandOptions = try tasks.taskOptions(machine, workers: fetch.workers, json: output.json)
    grouping.apply(to: &commandOptions)
    // Without a journal nothing tells what has been processed: files that are there are processed again.
    if tasks.records.journal == nil, tasks.records.jobLog == nil { commandOptions.resume = nil }
    var template = try CommandTemplate(command, form: words.shell ? .shell : .words)
    threads.apply(to: &template, &commandOptions, tasks: downloads.count)
    let model = try costs.modelOfNow(on: machine)
    let summary = try DownloadPipeline(downloads, into: folder, options).run(template, commandOptions, observer: watch)
    let record = watch.record(summary, model: model)
    let files = summary.commands.progress
    if summary.commands.ending == .finished, files.done > 0 { history.remember(record, on: machine) }
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
    if output.json || (share.idleness == nil && !tasksPrint) {
      try output.show(record, as: TextReport.run(record))
    } else if share.idleness == nil {
      Terminal.note(TextReport.run(record))
    }
    if isInterrupted {
      let goOn = share.done < share.total ? "; run the same again with --resume to go on" : ""
      Terminal.note("interrupted: \(share.done) of \(share.total) done\(goOn)")
    } else if let failed = record.downloads?.failed, failed > 0 {
      Terminal.note("\(failed) failed: run the same again with --resume to try \(failed == 1 ? "it" : "them") again")
    }
    if status != 0 { throw ExitCode(status) }
  }
}

/// A command after `--` that processes each file.
struct FileCommandArgument: ParsableArguments {
  @Argument(parsing: .postTerminator, help: ArgumentHelp("After --; {} is the file.", valueName: "command"))
  var command: [String] = []

  @Flag(help: "Run by /bin/sh as one line; the file is quoted.")
  var shell = false
}
