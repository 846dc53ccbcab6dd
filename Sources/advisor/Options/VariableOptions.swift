import AdvisorCore
import ArgumentParser
import Runtimes
import System

/// Which variables are set, and over what.
struct VariableOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Set only these, separated by commas.", valueName: "names"))
  var only: String?

  @Flag(help: "Replace what is set already.")
  var force = false

  /// - Parameter purpose: the one kind of workers that all variables are to count; nil where each counts its own.
  func settings(_ count: CPUCount, purpose: CPUCount.Purpose?) throws(AdvisorError) -> RuntimeSettings {
    var choices = count.choices
    if let purpose {
      let one = choices[purpose]
      choices = CPUCount.Choices(build: one, barrier: one, server: one)
    }
    return RuntimeSettings(choices, only: try names, force: force, environment: Environment.value)
  }

  private var names: Set<String>? {
    get throws(AdvisorError) {
      guard let only else { return nil }
      let names = only.split(separator: ",").map(String.init)
      let known = Set(RuntimeSettings.table.map(\.name))
      if let stranger = names.first(where: { !known.contains($0) }) {
        throw AdvisorError(
          .usage, "--only \(stranger.printable): no such variable is known", advice: "see `advisor env --list`")
      }
      return Set(names)
    }
  }
}
