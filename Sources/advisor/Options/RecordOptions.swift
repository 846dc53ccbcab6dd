import ArgumentParser
import Tasks

/// What is kept of ended tasks, and what a later run makes of it.
struct RecordOptions: ParsableArguments {
  @Option(
    name: .customLong("joblog"), help: ArgumentHelp("Log ended tasks in GNU parallel's columns.", valueName: "file"))
  var jobLog: String?

  @Option(help: ArgumentHelp("Keep which tasks have ended, for --resume.", valueName: "file"))
  var journal: String?

  @Flag(help: "Leave out what the journal says has ended; without one, what the joblog says, ours or GNU parallel's.")
  var resume = false

  @Flag(help: "Leave out what the journal or joblog says has succeeded; what failed runs again.")
  var resumeFailed = false

  /// Whether an earlier run is gone on from.
  var resumes: Bool { resume || resumeFailed }

  /// Whether a later run can go on from this one.
  var isKept: Bool { jobLog != nil || journal != nil }

  func apply(to options: inout CommandOptions) {
    options.jobLog = jobLog
    options.journal = journal
    options.resume = resumeFailed ? .succeeded : resume ? .ended : nil
  }
}
