import AdvisorCore
import ArgumentParser
import Console
import Downloads
import Engines
import Executors
import Probe
import Reports
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
    CommandLineRun.main(AdvisorCommand.self) { () throws(AdvisorError) in
      guard try !answersWithoutParser() else { return true }
      try CommandLineWords.validateOptions()
      return false
    }
  }

  /// What scripts ask at every start: the parser takes longer than either answer.
  private static func answersWithoutParser() throws(AdvisorError) -> Bool {
    switch CommandLine.arguments.dropFirst() {
    case ["probe"]: try Terminal.output(TextReport.machine(Prober.live.machine()))
    case ["--version"]: try Terminal.output(Version.description)
    default: return false
    }
    return true
  }
}

struct AdvisorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advisor",
    abstract: "Picks the number of workers for a job, from the costs measured on this machine.",
    discussion: """
        advisor run -- gzip -k {} ::: *.log  like GNU parallel, but finds -j
        make -j$(advisor cpus)               as many as may run here
        advisor recommend --job cpu:8x1e6    threads or processes, and why

      Results go to stdout, notes to stderr. Each command takes --json.
      """,
    version: Version.description,
    groupedSubcommands: CommandLine.arguments.dropFirst().first.flatMap(Self.group(ofCommand:)).map { [$0] } ?? groups)

  private static let groups = [
    CommandGroup(
      name: "Use now",
      subcommands: [
        RunCommand.self, MapCommand.self, DownloadCommand.self, CPUsCommand.self, ExecCommand.self, EnvCommand.self,
        TuneCommand.self,
      ]),
    CommandGroup(
      name: "Understand",
      subcommands: [
        RecommendCommand.self, WhyCommand.self, ProbeCommand.self, CalibrateCommand.self, ProfilesCommand.self,
        HistoryCommand.self, VerifyCommand.self,
      ]),
    CommandGroup(name: "Plan", subcommands: [PlanCommand.self, FitCommand.self, ReportCommand.self]),
  ]

  /// Only what was typed is built, which halves the parser's time.
  private static func group(ofCommand name: String) -> CommandGroup? {
    let command = groups.lazy.flatMap(\.subcommands).first { $0._commandName == name }
    return command.map { CommandGroup(name: name, subcommands: [$0]) }
  }

  func run() throws { try Overview.show() }
}

/// Parses the command line, runs what it names, and ends the program on an error as all of advisor does.
enum CommandLineRun {
  /// - Parameter answers: called before anything is parsed; true where nothing is left to do.
  static func main(
    _ root: (some ParsableCommand).Type, answers: () throws(AdvisorError) -> Bool = { () throws(AdvisorError) in false }
  ) {
    do {
      if try !answers() { try perform(root) }
    } catch let error as AdvisorError {
      Terminal.complain(error)
      Terminal.exit(error.code.rawValue)
    } catch {
      complain(error, root)
    }
  }

  /// The parser's own way of printing its complaints hands on what the words hold, and all of it.
  private static func complain(_ error: any Error, _ root: (some ParsableCommand).Type) -> Never {
    var text = root.fullMessage(for: error)
    let values = CommandLine.arguments.flatMap { [$0[...]] + $0.split(separator: "=", maxSplits: 1).dropFirst() }
    for value in values where value.utf8.count > 240 { text = text.replacing(value, with: value.excerpt) }
    if !text.isEmpty { Terminal.note(text) }
    Terminal.exit(root.exitCode(for: error).rawValue)
  }

  /// Help and completions, which the parser throws, are data too: its own way of printing them does not notice a full disk.
  private static func perform(_ root: (some ParsableCommand).Type) throws {
    do {
      var command = try root.parseAsRoot()
      try command.run()
    } catch let answer where root.exitCode(for: answer).isSuccess {
      try Terminal.output(root.fullMessage(for: answer))
    }
  }
}
