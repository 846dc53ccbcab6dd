import ArgumentParser
import Console
import CountCommands
import Execution
import Transfer

/// The program behind `advisor`: a worker or a test server when another of its kind started it so, else the command line.
@main
enum AdvisorCommands {
  static func main() {
    Terminal.occupyClosedStreams()
    switch CommandLine.arguments.dropFirst().first {
    case WorkerProcess.argument: WorkerProcess.main()
    case TaskProgram.argument: TaskProgram.main()
    case ChunkProgram.argument: ChunkProgram.main()
    case LoopbackServer.argument: LoopbackServer.main()
    default:
      Terminal.quietOnBrokenPipe()
      CommandLineRun.main(AdvisorCommand.self, check: CommandLineWords.validateOptions)
    }
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
