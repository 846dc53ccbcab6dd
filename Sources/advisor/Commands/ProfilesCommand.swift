import AdvisorCore
import ArgumentParser
import Calibration
import Console
import FoundationEssentials
import Probe
import Reports

struct ProfilesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "profiles", abstract: "Lists, shows, compares and validates profiles.",
    subcommands: [List.self, Show.self, Diff.self, Validate.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the saved profiles.")
    @OptionGroup var output: OutputOptions

    func run() throws {
      let store = try ProfileStore.user(environment: ProcessInfo.processInfo.environment)
      let machine = try? Prober.live.machine()
      let entries = store.paths().map { ProfileEntry($0, machine: machine) }
      let list = ProfileList(folder: store.folder, profiles: entries)
      try output.show(list, as: TextReport.profiles(list))
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Shows the costs in a profile.")
    @OptionGroup var costs: ProfileOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let profile = try costs.resolve().profile
      try output.show(profile, as: TextReport.profile(profile))
    }
  }

  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows which costs differ beyond their intervals.")
    @Argument(help: ArgumentHelp("The profile to compare with.", valueName: "before")) var before: String
    @Argument(help: ArgumentHelp("The other profile.", valueName: "after")) var after: String
    @OptionGroup var output: OutputOptions

    func run() throws {
      let difference = ProfileDifference(
        from: try ProfileStore.load(before).profile, to: try ProfileStore.load(after).profile)
      try output.show(difference, as: TextReport.difference(difference))
    }
  }

  struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Validates profile files.")
    @Argument(help: ArgumentHelp("Profiles to check.", valueName: "file")) var files: [String]
    @OptionGroup var output: OutputOptions

    func run() throws {
      let verdicts = files.map { path in ProfileEntry(path, machine: nil) }
      let list = ProfileList(folder: "", profiles: verdicts)
      try output.show(list, as: verdicts.map { "\($0.path): \($0.problem ?? "valid")" }.joined(separator: "\n"))
      if verdicts.contains(where: { $0.problem != nil }) { throw ExitCode(AdvisorError.Code.badData.rawValue) }
    }
  }
}

extension ProfileEntry {
  /// What is known of the profile in a file, without failing for a damaged one.
  init(_ path: String, machine: Machine?) {
    do {
      let profile = try ProfileStore.load(path).profile
      self.init(path: path, profile: profile)
      guard let machine else { return }
      isThisMachine = profile.fingerprint == machine.fingerprint
      if isThisMachine { staleness = profile.staleness(on: machine, now: Date()) }
    } catch {
      self.init(path: path, problem: error.problem)
    }
  }
}
