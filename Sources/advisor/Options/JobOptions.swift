import AdvisorCore
import ArgumentParser
import Documents

/// A built-in job: a job string, or a file with one.
struct JobOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A job: cpu:8x1e6, wait:200x50ms, io:100x64KiB …", valueName: "job"))
  var job: String?

  @Option(help: ArgumentHelp("A file with one job: a job string, or JSON.", valueName: "file"))
  var jobFile: String?

  func validate() throws {
    if job != nil, jobFile != nil { throw ValidationError("Name one job: --job or --job-file, not both.") }
  }

  var isGiven: Bool { job != nil || jobFile != nil }

  /// The job that was named; nil where none was.
  func builtIn() throws(AdvisorError) -> Job? {
    if let job { return try Job.parsed(job) }
    if let jobFile { return try JobFile(path: jobFile).onlyJob() }
    return nil
  }

  /// The job that was named.
  ///
  /// - Throws: `ValidationError` where none was.
  func required() throws -> Job {
    guard let job = try builtIn() else {
      throw ValidationError(
        "Name a job: --job cpu:8x1e6 or --job-file FILE. What a command or a function costs is known once some of its tasks "
          + "ran: `advisor run` and `advisor map` find the number of workers themselves.")
    }
    return job
  }
}
