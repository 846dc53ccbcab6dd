import AdvisorCore
import ArgumentParser
import Probe
import Reports

struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Prints the machine and what may be used of it.")

  @Option(help: ArgumentHelp("Read another machine's copied /sys and /proc from here.", valueName: "dir"))
  var root: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    let prober = try root.map { Prober(files: try FolderTree(root: $0)) } ?? .live
    let machine = try prober.machine()
    try output.show(machine, as: TextReport.machine(machine))
  }
}
