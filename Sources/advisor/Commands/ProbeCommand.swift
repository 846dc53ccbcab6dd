import AdvisorCore
import ArgumentParser
import Console
import Probe
import Reports
import System

struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "probe", abstract: "Prints the machine and what may be used of it.",
    usage: "advisor probe [<options>]",
    discussion: """
      Every limit names the file that sets it. To report a wrong answer, send the \
      archive that --snapshot writes: it holds the kernel's files that a probe \
      reads, without host name, users or command lines.
      """)

  @Option(
    help: ArgumentHelp(
      "Machine to read: a folder with /sys, /proc; a snapshot.", valueName: "dir|file"))
  var root: String?

  @Option(help: ArgumentHelp("Also record what was read in a .tar.gz file.", valueName: "file"))
  var snapshot: String?

  @Flag(help: "Draw packages, NUMA nodes, caches, cores and CPUs.")
  var tree = false

  @OptionGroup var output: OutputOptions

  func run() throws {
    let machine = try machine()
    try output.show(machine, as: tree ? TextReport.tree(machine) : TextReport.machine(machine))
  }

  private func machine() throws(AdvisorError) -> Machine {
    let files = try files()
    guard let snapshot else { return try Prober(files: files).machine() }
    return try Snapshot.record(files, to: snapshot)
  }

  private func files() throws(AdvisorError) -> any FileTree {
    guard let root else { return FolderTree.live }
    return FileStatus(path: root)?.isFile == true ? try Snapshot.open(root) : try FolderTree(root: root)
  }
}
