public import AdvisorCore
public import ArgumentParser
import Calibration
import FoundationEssentials
import Probe
import Reports

extension MachineProfile.Level: ExpressibleByArgument {}

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Measures what things cost on this machine, and saves the profile.",
    discussion: """
      quick takes up to 5 seconds, standard 15, thorough 90. Ctrl-C keeps what was measured so far. A busy machine \
      gives wider intervals and warnings, not wrong figures.
      """)

  @Option(help: "How thorough: quick, standard or thorough.")
  var level: MachineProfile.Level = .standard

  @Option(help: ArgumentHelp("Save the profile in this file, not among the user's profiles.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Measure HTTP against this server, not the built-in one.", discussion: "Some thousand requests are sent to it.",
      valueName: "url"))
  var ioURL: String?

  @OptionGroup var form: OutputOptions

  func validate() throws {
    if let ioURL, !ioURL.hasPrefix("http://"), !ioURL.hasPrefix("https://") {
      throw ValidationError("--io-url takes an address that starts with http:// or https://, not “\(ioURL)”.")
    }
  }

  func run() throws {
    let machine = try Prober.live.machine()
    let path = try output ?? savedPath(of: machine)
    // A minute of measuring for a file that cannot be written would be lost.
    try AtomicFile.check(path)
    let profile = try Measurement.calibrate(machine, level, httpURL: ioURL)
    try JSONDocument.write(profile, to: path)
    try form.show(profile, as: TextReport.profile(profile))
    Terminal.note("saved: \(path)")
    if Interruption.isRequested { throw ExitCode(AdvisorError.Code.interrupted.rawValue) }
  }

  private func savedPath(of machine: Machine) throws(AdvisorError) -> String {
    let store = try ProfileStore.user(environment: ProcessInfo.processInfo.environment)
    try store.makeFolder()
    return store.path(of: machine.fingerprint)
  }
}

/// A calibration with its progress on the terminal.
enum Measurement {
  static func calibrate(
    _ machine: Machine, _ level: MachineProfile.Level, httpURL: String? = nil
  ) throws(AdvisorError) -> MachineProfile {
    Interruption.listen()
    let bar = ProgressBar("calibrating")
    defer { bar.clear() }
    return try CalibrationSession(
      machine: machine, level: level, version: Version.current, httpURL: httpURL,
      report: { phase, share in bar.draw(share, phase) }, shouldStop: { Interruption.isRequested }
    ).run()
  }
}
