public import AdvisorCore
public import ArgumentParser
import Calibration
import Console
import Documents
import FoundationEssentials
import Probe
import Reports
import Transfer
import Engines
import System

extension MachineProfile.Level: ExpressibleByArgument {}

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Measures what things cost on this machine, and saves the profile.",
    discussion: """
      quick takes up to 5 seconds, standard 15, thorough 90. Ctrl-C keeps what was measured so far. A busy machine \
      gives wider intervals and warnings, not wrong figures.

      advisor calibrate --runtime python3 --import numpy    adds what Python's own ways of running things cost; 12 seconds
      advisor calibrate --engine dask    adds what an engine costs: its start, each call, data in and out, its workers; a minute
      """)

  @Option(help: "How thorough: quick, standard or thorough.")
  var level: MachineProfile.Level = .standard

  @Option(help: ArgumentHelp("Save the profile in this file, not among the user's profiles.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Measure HTTP against this server, not the built-in one; with --engine, each worker's rate to it.",
      discussion: "Some thousand requests are sent to it; two for each slot of an engine.",
      valueName: "url"))
  var ioURL: String?

  @OptionGroup var chosen: RuntimeOptions

  @Option(
    name: .customLong("import"), parsing: .singleValue,
    help: ArgumentHelp("With --runtime: time the import of this module too.", valueName: "module"))
  var modules: [String] = []

  @OptionGroup(title: "Engines") var elsewhere: EngineOptions

  @Option(
    help: ArgumentHelp("With --engine dask: the interpreter to run Dask with (default: python3).", valueName: "program")
  )
  var interpreter: String?

  @Option(
    name: [.long, .customShort("j")],
    help: ArgumentHelp(
      "With --engine dask and no --scheduler: start so many workers (default: a CPU each).", valueName: "n"))
  var workers: Int?

  @OptionGroup var form: OutputOptions

  func validate() throws {
    if elsewhere.engine != nil, chosen.runtime != nil {
      throw ValidationError("Measure one after the other: --runtime or --engine.")
    }
    if elsewhere.engine != .dask, interpreter != nil {
      throw ValidationError(
        "--interpreter belongs to --engine dask; Python's own costs are those of --runtime PROGRAM.")
    }
    if elsewhere.engine != .dask || elsewhere.scheduler != nil, workers != nil {
      throw ValidationError(
        "--workers belongs to --engine dask without --scheduler: what is there has its own workers.")
    }
    if let workers, workers < 1 { throw ValidationError("--workers \(workers): at least one worker is needed.") }
    if chosen.runtime == nil, !modules.isEmpty {
      throw ValidationError("--import belongs to an interpreter: name it with --runtime python3.")
    }
    if let name = modules.first(where: { !$0.isModuleName }) {
      throw ValidationError("--import \(name.printable): give a module's name, such as numpy or concurrent.futures.")
    }
    if let ioURL, !ioURL.hasPrefix("http://"), !ioURL.hasPrefix("https://") {
      throw ValidationError(
        "--io-url takes an address that starts with http:// or https://, not \(WebAddress(ioURL).shown.quoted).")
    }
  }

  func run() throws {
    let machine = try Prober.live.machine()
    let path = try output ?? savedPath(of: machine)
    // A minute of measuring for a file that cannot be written would be lost.
    try AtomicFile.check(path)
    if let runtime = chosen.runtime {
      let interpreter = try PythonInterpreter(runtime)
      try add(to: path, on: machine) { profile in
        let costs = try Measurement.runtime(interpreter, on: machine, modules: modules)
        return (profile.adding(costs), costs, TextReport.runtime(costs))
      }
    } else if let engine = elsewhere.engine {
      try add(to: path, on: machine) { profile in
        let costs = try Measurement.engine(engine, elsewhere, workers: workers, interpreter, level, ioURL, profile)
        return (profile.adding(costs), costs, TextReport.engine(costs))
      }
    } else {
      try calibrate(machine, to: path)
    }
  }

  /// A new calibration takes the place of an earlier one only when it was not interrupted.
  private func calibrate(_ machine: Machine, to path: String) throws {
    let profile = try Measurement.calibrate(machine, level, httpURL: ioURL).keepingOthers(of: path)
    let staysAsBefore = Interruption.isRequested && FileManager.default.fileExists(atPath: path)
    if !staysAsBefore { try ProfileStore.write(profile, to: path) }
    try form.show(profile, as: TextReport.profile(profile))
    try end(staysAsBefore ? "interrupted, so that the calibration before stays: \(path)" : "saved: \(path)")
  }

  private func end(_ note: String) throws {
    Terminal.note(note)
    if Interruption.isRequested { throw ExitCode(AdvisorError.Code.interrupted.rawValue) }
  }

  /// Adds costs to the profile in a file; where there is none, the machine is measured first.
  private func add<Costs: Encodable>(
    to path: String, on machine: Machine,
    _ measure: (MachineProfile) throws -> (profile: MachineProfile, costs: Costs, text: String)
  ) throws {
    let isThere = FileManager.default.fileExists(atPath: path)
    let before =
      isThere
      ? try ProfileStore.load(path).profile
      : try Measurement.calibrate(machine, level, httpURL: elsewhere.engine == nil ? ioURL : nil)
    let measured = try measure(before)
    try ProfileStore.write(measured.profile, to: path)
    try form.show(measured.costs, as: measured.text)
    try end("saved: \(path)")
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
    try watched { watch throws(AdvisorError) in
      try CalibrationSession(
        machine: machine, level: level, version: Version.current, httpURL: httpURL, watch: watch
      ).run()
    }
  }

  /// Shows the progress of what `body` measures, each phase after a prefix, and lets Ctrl-C end it.
  static func watched<Costs>(
    _ prefix: String = "", _ body: (CalibrationWatch) throws(AdvisorError) -> Costs
  ) throws(AdvisorError) -> Costs {
    Interruption.listen()
    let bar = ProgressBar("calibrating")
    defer { bar.clear() }
    return try body(
      CalibrationWatch(
        report: { phase, share in bar.draw(share, prefix + phase) }, shouldStop: { Interruption.isRequested }))
  }
}
