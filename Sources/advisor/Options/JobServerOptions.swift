import AdvisorCore
import ArgumentParser
import System
import Tasks

/// How tasks share the CPUs with make and what it starts.
struct JobServerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Be make's job server for the tasks, by a pipe (make 4.2) or a fifo (make 4.4, ninja 1.13).",
      valueName: "pipe|fifo", visibility: .rare),
    transform: style)
  var jobserver: JobServer.Style?

  private static func style(_ text: String) throws -> JobServer.Style {
    guard let style = JobServer.Style(rawValue: text) else { throw ValidationError("Give pipe or fifo.") }
    return style
  }

  /// The job server of the make that has started us, else our own where one is asked for, which the tasks are told of.
  func apply(to options: inout TaskOptions) throws(AdvisorError) {
    let flags = Environment.value("MAKEFLAGS") ?? ""
    if let server = JobServer.client(flags: flags) { return options.jobServer = server }
    guard let jobserver else { return }
    let jobs = options.workers ?? max(1, Int(options.limits.cpus.rounded(.up)))
    let (server, ours) = try JobServer.serve(jobs: jobs, jobserver)
    options.jobServer = server
    Environment.set("MAKEFLAGS", to: flags.isEmpty ? ours : "\(flags) \(ours)")
  }
}
