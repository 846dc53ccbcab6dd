import AdvisorCore
import ArgumentParser
import CostModel
import Probe
import Reports
import Transfer

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a job as recommended, and shows predicted beside observed.",
    discussion: """
      advisor run --job cpu:8x1e6
      advisor run --job wait:200x50ms --strategy async --workers 64
      advisor run -- gzip -k {} ::: *.txt
      advisor run --python words:task --inputs sizes.jsonl
      advisor run --engine dask -- gzip -k {} ::: *.txt
      advisor run --urls list.txt --into data
      advisor run --urls list.txt --into data -- unzip -q {}
      """)

  @OptionGroup var work: JobOptions
  @OptionGroup var choice: PlanOptions
  @OptionGroup var tasks: TaskOptions
  @OptionGroup var calls: PythonOptions
  @OptionGroup(title: "Downloads") var fetch: DownloadArguments
  @OptionGroup(title: "Engines") var elsewhere: EngineOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var past: HistoryOptions
  @OptionGroup var form: OutputOptions

  func validate() throws {
    try calls.validate(with: work.python, tasks, on: elsewhere.engine)
    if elsewhere.engine != nil, work.urls != nil {
      throw ValidationError("Downloads of --urls run on this machine: leave --engine out.")
    }
    if elsewhere.engine != nil || work.python != nil, tasks.share.threads != nil || tasks.given.longestFirst {
      throw ValidationError("--threads and --longest-first are for commands that run here: leave them out.")
    }
    if work.urls == nil {
      if fetch.isGiven { throw ValidationError("--into and the other options of downloads need --urls FILE.") }
      if tasks.records.resume || tasks.records.resumeFailed, tasks.records.journal == nil, tasks.records.jobLog == nil {
        throw ValidationError("Name the journal or the log of the run before: --journal FILE or --joblog FILE.")
      }
    } else {
      if fetch.into == nil { throw ValidationError("Where should the files go? Name a folder: --into DIR.") }
      if tasks.given.readsOtherInputs {
        throw ValidationError(
          "With --urls the files are the inputs, one a call: leave --inputs, -0, --csv, --pipe-part, --block and --batch out."
        )
      }
      if let timeout = tasks.timeout, timeout.seconds == nil {
        throw ValidationError("--timeout: with --urls give a time such as 30s, not a part of a median.")
      }
      if choice.strategy != nil { throw ValidationError("Downloads have a way of their own: leave --strategy out.") }
    }
  }

  func run() throws {
    if let engine = elsewhere.engine {
      try runOnEngine(engine)
    } else if let urls = work.urls {
      try runDownloads(urls)
    } else if let function = work.python {
      try runPython(function)
    } else if let job = try work.builtIn() {
      try runBuiltIn(job)
    } else {
      try runCommand()
    }
  }
}
