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
    // Swift reads them there, and would take the command for one without words.
    guard CommandLine.argc > 0 else {
      Terminal.complain(
        AdvisorError(
          .unavailable, "how it was called cannot be read: /proc/self/cmdline is missing",
          advice: "mount it: mount -t proc proc /proc"))
      Terminal.exit(AdvisorError.Code.unavailable.rawValue)
    }
    let first = CommandLine.arguments.dropFirst().first
    // A command that `exec` starts gets the streams, and its place among processes, as they are.
    guard first != ExecCommand.name else { return CommandLineRun.main() }
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
    CommandLineRun.main { () throws(AdvisorError) in
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
        advisor tune -- pytest -n {n}        the best number for your tests
        advisor why -- make -j8              what holds it back
        advisor recommend --job cpu:8x1e6    threads or processes, and why
        advisor help report                  how many machines a load needs

      Results go to stdout, notes to stderr. Each command takes --json.
      """,
    version: Version.description,
    groupedSubcommands: [
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
    ])

  static let _errorPrefix = Terminal.complaintPrefix

  static func command(named name: String) -> (any ParsableCommand.Type)? {
    configuration.subcommands.first { $0._commandName == name }
  }

  func run() throws { try Overview.show() }
}

extension CommandConfiguration {
  /// A command that is parsed as a program of its own when its name comes first: below another the parser goes through the
  /// words of both several times more.
  init(
    belowAdvisor name: String, abstract: String, usage: String? = nil, discussion: String = "",
    subcommands: [any ParsableCommand.Type] = [], defaultSubcommand: (any ParsableCommand.Type)? = nil
  ) {
    self.init(
      commandName: name, _superCommandName: "advisor", abstract: abstract, usage: usage, discussion: discussion,
      version: Version.description, subcommands: subcommands, defaultSubcommand: defaultSubcommand)
  }
}

/// Parses the command line, runs what it names, and ends the program on an error as all of advisor does.
enum CommandLineRun {
  /// - Parameter answers: called before anything is parsed; true where nothing is left to do.
  static func main(answers: () throws(AdvisorError) -> Bool = { () throws(AdvisorError) in false }) {
    do {
      if try !answers() { try perform() }
    } catch let error as AdvisorError {
      Terminal.complain(error)
      Terminal.exit(error.code.rawValue)
    } catch {
      complain(error)
    }
  }

  /// The parser's own way of printing its complaints hands on what the words hold, and all of it.
  private static func complain(_ error: any Error) -> Never {
    var text = AdvisorCommand.fullMessage(for: error)
    let values = CommandLine.arguments.flatMap { [$0[...]] + $0.split(separator: "=", maxSplits: 1).dropFirst() }
    for value in values where value.utf8.count > 240 { text = text.replacing(value, with: value.excerpt) }
    if !text.isEmpty { Terminal.complain(text) }
    Terminal.exit(AdvisorCommand.exitCode(for: error).rawValue)
  }

  /// Help and completions, which the parser throws, are data too: its own way of printing them does not notice a full disk.
  private static func perform() throws {
    do {
      var command = try parsed()
      try command.run()
    } catch let answer where AdvisorCommand.exitCode(for: answer).isSuccess {
      // Longer lines are hard to read, and shorter ones the parser does not break all.
      let columns = Terminal.outputWidth.map { min($0, 100) }
      let text = AdvisorCommand.fullMessage(for: answer, columns: columns)
      try Terminal.output(columns.map { TextReport.fitted(text, to: $0) } ?? text)
    }
  }

  /// The words of a command; those that it cannot take alone are parsed below `advisor`, which the complaint then names.
  private static func parsed() throws -> any ParsableCommand {
    var words = CommandLine.arguments.dropFirst()
    if let error = UnknownCommand.error(words) { throw error }
    if words.first == RunCommand.name { words = try ([RunCommand.name] + ParallelForms(words.dropFirst()).words)[...] }
    // The parser drops the value of an option that may do without one where “=” joins them.
    if words.first == "calibrate" {
      words = ArraySlice(words.flatMap { $0.hasPrefix("--wait=") ? ["--wait", String($0.dropFirst(7))] : [$0] })
    }
    let untold = UntoldWords(leftOutOf: &words)
    guard let typed = words.first.flatMap(AdvisorCommand.command(named:)),
      let command = try? typed.parseAsRoot(Array(words.dropFirst()))
    else { return try AdvisorCommand.parseAsRoot(Array(words)) }
    guard var reader = command as? any ReadsLastWords else { return command }
    reader.untold = untold
    return reader
  }
}
