import AdvisorCore
import ArgumentParser
import CLinux
import Console
import CountCommands
import Glibc
import Probe

/// The program that people type. What scripts ask at every start is answered here; all else is for `advisor-commands`, whose
/// libraries take longer to load than a probe takes.
@main
enum Advisor {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    // A command that is started here gets the streams, and its place among processes, as they are.
    if arguments.first != ExecCommand.configuration.commandName {
      clinux_work_below_init()
      Terminal.occupyClosedStreams()
    }
    do {
      switch arguments {
      case ["probe"]: try answer(TextReport.machine(Prober.live.machine()))
      case ["--version"]: try answer(Version.description)
      default:
        guard let command = Self.quick.first(where: { $0.configuration.commandName == arguments.first }) else {
          try Commands.run()
        }
        if command != ExecCommand.self { Terminal.quietOnBrokenPipe() }
        CommandLineRun.main(QuickCommand.self)
      }
    } catch {
      Terminal.complain(error)
      Terminal.exit(error.code.rawValue)
    }
  }

  /// Those that scripts put before every command.
  static let quick: [any ParsableCommand.Type] = [CPUsCommand.self, EnvCommand.self, ExecCommand.self]

  private static func answer(_ text: String) throws(AdvisorError) {
    Terminal.quietOnBrokenPipe()
    try Terminal.output(text)
  }
}

/// The command line as far as this program answers it.
private struct QuickCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "advisor", subcommands: Advisor.quick)
}
