public import AdvisorCore
public import ArgumentParser
import Calibration
import Execution
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

      advisor calibrate --runtime python3 --import numpy    adds what Python's own ways of running things cost; 12 seconds
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

  @OptionGroup var chosen: RuntimeOptions

  @Option(
    name: .customLong("import"), parsing: .singleValue,
    help: ArgumentHelp("With --runtime: time the import of this module too.", valueName: "module"))
  var modules: [String] = []

  @OptionGroup var form: OutputOptions

  func validate() throws {
    if chosen.runtime == nil, !modules.isEmpty {
      throw ValidationError("--import belongs to an interpreter: name it with --runtime python3.")
    }
    if let name = modules.first(where: { !$0.isModuleName }) {
      throw ValidationError("--import \(name.printable): give a module's name, such as numpy or concurrent.futures.")
    }
    if let ioURL, !ioURL.hasPrefix("http://"), !ioURL.hasPrefix("https://") {
      throw ValidationError("--io-url takes an address that starts with http:// or https://, not “\(ioURL)”.")
    }
  }

  func run() throws {
    let machine = try Prober.live.machine()
    let path = try output ?? savedPath(of: machine)
    // A minute of measuring for a file that cannot be written would be lost.
    try AtomicFile.check(path)
    if let runtime = chosen.runtime {
      try add(PythonInterpreter(runtime), to: path, on: machine)
    } else {
      let profile = try Measurement.calibrate(machine, level, httpURL: ioURL).keepingOthers(of: path)
      try JSONDocument.write(profile, to: path)
      try form.show(profile, as: TextReport.profile(profile))
    }
    Terminal.note("saved: \(path)")
    if Interruption.isRequested { throw ExitCode(AdvisorError.Code.interrupted.rawValue) }
  }

  /// Adds an interpreter's costs to the profile in a file; where there is none, the machine is measured first.
  private func add(_ interpreter: PythonInterpreter, to path: String, on machine: Machine) throws {
    var profile: MachineProfile
    if FileManager.default.fileExists(atPath: path) {
      profile = try ProfileStore.load(path).profile
    } else {
      profile = try Measurement.calibrate(machine, level, httpURL: ioURL)
    }
    let costs = try Measurement.runtime(interpreter, on: machine, modules: modules)
    profile = profile.adding(costs)
    try JSONDocument.write(profile, to: path)
    try form.show(profile, as: TextReport.runtime(costs))
  }

  private func savedPath(of machine: Machine) throws(AdvisorError) -> String {
    let store = try ProfileStore.user(environment: ProcessInfo.processInfo.environment)
    try store.makeFolder()
    return store.path(of: machine.fingerprint)
  }
}

extension String {
  /// Whether Python could import something by this name: identifiers joined by dots.
  fileprivate var isModuleName: Bool {
    split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part.first?.isNumber == false && part.allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
    }
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
