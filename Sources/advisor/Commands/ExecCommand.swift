import AdvisorCore
import ArgumentParser
import Console
import Probe
import Runtimes
import System
import Reports
import Tasks

struct ExecCommand: ReadsLastWords {
  static let name = "exec"

  static let configuration = CommandConfiguration(
    belowAdvisor: name, abstract: "Runs a command that sees the right number of CPUs.",
    usage: "advisor exec [<options>] [--] <command> …",
    discussion: """
      Sets what `advisor env` prints, and becomes the command: same process, \
      signals, streams and exit status. What you have set stays, unless --force. \
      Programs that read no variable count the CPUs of their affinity mask: \
      --affinity narrows it to as many as may be used at a time.

        advisor exec -- make
        advisor exec --affinity -- ninja
        advisor exec --for barrier -- python3 train.py
      """)

  @OptionGroup var options: CountOptions

  @Option(help: ArgumentHelp("Use this number instead of the one found.", valueName: "n"))
  var cpus: Int?

  @Flag(help: "Also narrow the affinity mask, cores before threads.")
  var affinity = false

  @OptionGroup var choice: VariableOptions

  @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("The command and its arguments.", valueName: "command"))
  var command: [String] = []
  @OptionGroup var untold: UntoldWords

  /// More than any machine has is a slip of the finger.
  private static let maxCPUs = 8192

  init() {}

  func validate() throws {
    if let cpus, !(1...Self.maxCPUs).contains(cpus) {
      throw ValidationError("--cpus \(cpus): give a number from 1 to \(Self.maxCPUs).")
    }
    // What passes everything through gets the request for help, too.
    if ["--help", "-h"].contains(command.first) { throw CleanExit.helpRequest(self) }
    guard let first = words.first else {
      throw ValidationError("There is no command: write one as in `advisor exec -- make`.")
    }
    if command.first != "--", first.hasPrefix("-") {
      throw ValidationError("Unknown option \(first.printable): put -- before a command of that name.")
    }
  }

  /// The command without the `--` in front of it.
  private var words: ArraySlice<String> { command.first == "--" ? command.dropFirst() : command[...] }
  private var wordCount: Int { words.count + untold.count }

  func run() throws {
    let count = try counted()
    for warning in count.warnings { Terminal.note("advisor: \(Sentences().text(warning))") }
    for variable in try choice.settings(count, purpose: options.purpose).changes {
      Environment.set(variable.name, to: variable.value)
    }
    if affinity { try narrow(to: count.choices.build) }
    // Swift's own copy of the arguments has lost what is not UTF-8.
    let arguments = CommandLine.unsafeArgv + Int(CommandLine.argc) - wordCount
    if let tuned = try TunedProject.words(CommandLineWords.last(wordCount)) {
      throw Self.refusal(OwnProcess.become(tuned), of: words.first ?? "")
    }
    throw Self.become(arguments)
  }

  private func counted() throws(AdvisorError) -> CPUCount {
    var count = try options.count()
    guard let cpus else { return count }
    if cpus > count.choices.build {
      count.warnings.append(.tooManyCPUs(cpus: cpus, usable: count.choices.build))
    }
    count.choices = CPUCount.Choices(build: cpus, barrier: cpus, server: cpus)
    return count
  }

  private func narrow(to cpus: Int) throws(AdvisorError) {
    let order = try Prober.live.machine().placementOrder
    guard cpus < order.count else { return }
    if !Affinity.pinCurrentThread(to: CPUSet(order.prefix(cpus))), let refusal = Affinity.refusal {
      Terminal.note("advisor: going on with all CPUs: \(refusal.problem)")
    }
  }

  /// Becomes the command; what it returns is why that failed.
  private static func become(_ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> AdvisorError {
    guard let program = arguments[0] else {
      return AdvisorError(.usage, "there is no command", advice: "write one as in `advisor exec -- make`")
    }
    return refusal(OwnProcess.become(program, arguments), of: String(cString: program))
  }

  private static func refusal(_ code: Errno, of name: String) -> AdvisorError {
    let problem = "cannot run \(name.printable): \(code.text)"
    return code == .noSuchFileOrDirectory
      ? AdvisorError(.notFound, problem, advice: "check its name, and that its folder is in $PATH")
      : AdvisorError(.cannotRun, problem, advice: "check that it is a program that you may execute: chmod +x")
  }
}
