import AdvisorCore
import ArgumentParser
import Observation

struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "why", abstract: "Says what holds a process, a command or the machine back.",
    usage: "advisor why [<options>] [<pid> | -- <command> …]",
    discussion: """
        advisor why -- make -j8         a command, to its end or Ctrl-C
        advisor why 4711 --seconds 10   a process and its descendants
        advisor why                     this machine

      The command keeps its streams and its exit status: what is found goes to \
      stderr, or with --json to stdout, and what the command prints there to stderr. \
      For the machine, the exit status is 1 where something was found.
      """)

  @Argument(help: ArgumentHelp("A process's number.", valueName: "pid"))
  var process: String?

  @Argument(parsing: .postTerminator, help: ArgumentHelp("After --; runs to its end.", valueName: "command"))
  var command: [String] = []

  @Option(help: ArgumentHelp("How long to look: 5 for a process, 1 for the machine.", valueName: "seconds"))
  var seconds: Double?

  @Option(help: ArgumentHelp("Compare this machine with a twin's profile.", valueName: "file"))
  var against: String?

  @Option(
    help: ArgumentHelp(
      "Findings of the machine to accept, such as mitigations,hugePagesOff.", valueName: "codes"),
    transform: MachineCauseCode.list(typed:))
  var ignore: Set<MachineCauseCode> = []

  @Option(
    help: ArgumentHelp(
      "Write the samples to this file, to be interpreted again.", valueName: "file", visibility: .rare))
  var samples: String?

  @OptionGroup var output: OutputOptions

  init() {}

  func validate() throws {
    if let seconds, !(0.1...86_400).contains(seconds) {
      throw ValidationError("--seconds \(seconds): give 0.1 to 86400.")
    }
    guard process != nil || !command.isEmpty else {
      if samples != nil { throw ValidationError("--samples are those of a process or command: name one.") }
      return
    }
    if !ignore.isEmpty { throw ValidationError("--ignore is for the machine: leave out the process or command.") }
    if against != nil { throw ValidationError("--against compares machines: leave out the process or command.") }
    if process != nil, !command.isEmpty { throw ValidationError("Name a process or a command, not both.") }
    if !command.isEmpty, seconds != nil {
      throw ValidationError("A command is watched to its end: leave --seconds out.")
    }
    if let process, number(process) == nil {
      throw ValidationError("\(process.quoted) is no process's number: give one from 1 on, or put -- before a command.")
    }
  }

  private func number(_ text: String) -> Int32? { Int32(text).flatMap { $0 > 0 ? $0 : nil } }

  func run() throws {
    if let process = process.flatMap(number) {
      try ProcessWhy(process: process, seconds: seconds ?? ProcessWhy.usualSeconds, samples: samples)
        .explain(output)
    } else if !command.isEmpty {
      try CommandWhy(words: command, samples: samples).explain(output)
    } else {
      try explainMachine()
    }
  }

  /// The one place that asks what holds the machine itself back.
  private func explainMachine() throws {
    try MachineWhy(seconds: seconds ?? MachineWhy.usualSeconds, against: against, ignored: ignore).explain(output)
  }
}

extension MachineCauseCode {
  /// Reads `mitigations,hugePagesOff`.
  fileprivate static func list(typed text: String) throws -> Set<MachineCauseCode> {
    Set(
      try text.split(separator: ",").map { word in
        guard let code = MachineCauseCode(rawValue: String(word)) else {
          let known = allCases.map(\.rawValue).joined(separator: ", ")
          throw ValidationError("\(String(word).quoted) is no finding's code; there are: \(known).")
        }
        return code
      })
  }
}
