import AdvisorCore
import ArgumentParser
import Console
import Downloads
import Engines
import Executors
import Probe
import System
import Tasks
import Transfer

/// The program: a worker or a test server when another of its kind started it so, else the command line.
@main
enum Advisor {
  static func main() {
    let first = CommandLine.arguments.dropFirst().first
    // A command that `exec` starts gets the streams, and its place among processes, as they are.
    guard first != ExecCommand.configuration.commandName else { return CommandLineRun.main(AdvisorCommand.self) }
    OwnProcess.workBelowInit()
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
    abstract: "Measures this machine, and says how to run a job on it.",
    discussion: """
      Start with `advisor calibrate`, then `advisor recommend --job cpu:8x1e6`, then `advisor run` with the same job.
      Data goes to stdout, everything else to stderr; every command takes --json.
      """,
    version: Version.description,
    subcommands: [
      CPUsCommand.self, EnvCommand.self, ExecCommand.self,
      ProbeCommand.self, CalibrateCommand.self, RecommendCommand.self, RunCommand.self, PlanCommand.self,
      FitCommand.self, ReportCommand.self, ProfilesCommand.self, HistoryCommand.self, VerifyCommand.self,
    ])

  func run() throws { try Overview.show() }
}
