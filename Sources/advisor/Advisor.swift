import AdvisorCore
import ArgumentParser
import CLinux
import Console
import Downloads
import Engines
import Executors
import Probe
import Tasks
import Transfer

/// The program: a worker or a test server when another of its kind started it so, else the command line.
@main
enum Advisor {
  static func main() {
    let first = CommandLine.arguments.dropFirst().first
    // A command that `exec` starts gets the streams, and its place among processes, as they are.
    guard first != ExecCommand.configuration.commandName else { return CommandLineRun.main(AdvisorCommand.self) }
    clinux_work_below_init()
    Terminal.occupyClosedStreams()
    switch first {
    case WorkerProcess.argument: WorkerProcess.main()
    case TaskProgram.argument: TaskProgram.main()
    case ChunkProgram.argument: ChunkProgram.main()
    case LoopbackServer.argument: LoopbackServer.main()
    default: answer()
    }
  }

  private static func answer() {
    Terminal.quietOnBrokenPipe()
    CommandLineRun.main(AdvisorCommand.self, check: CommandLineWords.validateOptions)
  }
}

struct AdvisorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advisor",
    abstract: "Picks the number of workers for a job, from the costs measured on this machine.",
    discussion: """
      advisor run -- gzip -k {} ::: *.log   like GNU parallel, but finds -j itself
      make -j$(advisor cpus)                the number of CPUs that may be used here
      advisor recommend --job cpu:8x1e6     threads or processes, how many, and why

      Results go to stdout, notes to stderr. Each command takes --json.
      """,
    version: Version.description,
    groupedSubcommands: [
      CommandGroup(
        name: "Use now",
        subcommands: [
          RunCommand.self, MapCommand.self, DownloadCommand.self, CPUsCommand.self, ExecCommand.self, EnvCommand.self,
        ]),
      CommandGroup(
        name: "Understand",
        subcommands: [
          RecommendCommand.self, ProbeCommand.self, CalibrateCommand.self, ProfilesCommand.self, HistoryCommand.self,
          VerifyCommand.self,
        ]),
      CommandGroup(name: "Plan", subcommands: [PlanCommand.self, FitCommand.self, ReportCommand.self]),
    ])

  func run() throws { try Overview.show() }
}
