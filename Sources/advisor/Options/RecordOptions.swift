import ArgumentParser
import Tasks

/// What is kept of ended tasks, and what a later run makes of it.
struct RecordOptions: ParsableArguments {
  @Option(
    name: .customLong("joblog"), help: ArgumentHelp("Log ended tasks, in GNU parallel's format.", valueName: "file"))
  var jobLog: String?

  @Option(help: ArgumentHelp("Record which tasks have ended, for --resume.", valueName: "file"))
  var journal: String?

  @Flag(help: "Skip what the journal or joblog says has ended.")
  var resume = false

  @Flag(help: "Skip what has succeeded; retry what has failed.")
  var resumeFailed = false

  /// Whether an earlier run is gone on from.
  var resumes: Bool { resume || resumeFailed }

  /// Whether a later run can go on from this one.
  var isKept: Bool { jobLog != nil || journal != nil }

  /// - Throws: `ValidationError` where nothing tells what an earlier run has done.
  func validateResume() throws {
    guard !resumes || isKept else {
      throw ValidationError("Name the journal or the log of the run before: --journal FILE or --joblog FILE.")
    }
  }

  /// The file of --joblog, and whether it goes on where that of another run ends: `+F` in GNU parallel.
  var log: (path: String?, isContinued: Bool) {
    guard let jobLog, jobLog.hasPrefix("+"), jobLog.count > 1 else { return (jobLog, false) }
    return (String(jobLog.dropFirst()), true)
  }

  /// The commands that have failed, by the log.
  ///
  /// - Throws: `ValidationError` without a log, ``AdvisorError`` for a file that is none.
  func failedCommands() throws -> [[UInt8]] {
    guard let path = log.path else {
      throw ValidationError("--retry-failed reads the log of the run before: add --joblog FILE.")
    }
    return try JobLogRecords.failedCommands(path: path)
  }

  func apply(to options: inout TaskOptions) {
    (options.jobLog, options.appendsToJobLog) = log
    options.journal = journal
    options.resume = resumeFailed ? .succeeded : resume ? .ended : nil
  }
}
