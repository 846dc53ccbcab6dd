import AdvisorCore
import ArgumentParser
import Documents

/// What is to be done: a job string, a job file, URLs to download, or a command with inputs.
struct JobOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A job string such as cpu:8x1e6, wait:200x50ms or io:100x64KiB,latency=20ms.", valueName: "job"))
  var job: String?

  @Option(
    help: ArgumentHelp(
      "A file with one job: a job string, or JSON such as the job of recommend --json.", valueName: "file"))
  var jobFile: String?

  @Option(
    help: ArgumentHelp(
      "A file with one URL a line to download, - for standard input; after it may stand sha256=HEX and out=NAME.",
      valueName: "file"))
  var urls: String?

  @Option(
    help: ArgumentHelp(
      "A Python function to call with each input, a JSON value: words:task is task in words.py.",
      valueName: "module:function"))
  var python: String?

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("After --: a command, then ::: and its inputs. {} stands for an input.", valueName: "command"))
  var command: [String] = []

  func validate() throws {
    // A command after --urls processes the files.
    let hasCommand = !command.isEmpty && python == nil
    let given = [job != nil, jobFile != nil, urls != nil || hasCommand, python != nil].count { $0 }
    guard given == 1 else {
      throw ValidationError(
        given == 0
          ? "What should run? Name a job: --job cpu:8x1e6, --job-file FILE, --urls FILE, --python MODULE:FUNCTION, or -- COMMAND {} ::: INPUT…"
          : "Name one job: --job, --job-file, --urls, --python or a command after --, not several of them.")
    }
  }

  /// The built-in job that was named; nil for a command.
  func builtIn() throws(AdvisorError) -> Job? {
    if let job { return try Job.parsed(job) }
    if let jobFile { return try JobFile(path: jobFile).onlyJob() }
    return nil
  }
}
