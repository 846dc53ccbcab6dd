import AdvisorCore
import ArgumentParser
import Calibration
import Console
import Documents
import FoundationEssentials
import Probe
import Reports
import Transfer
import Engines
import System

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "calibrate",
    abstract: "Measures costs on this machine and saves the profile.",
    discussion: """
      quick takes up to 5 seconds, standard 15, thorough 90. Ctrl-C keeps what was \
      measured so far. A busy machine gives wider intervals and warnings.

        advisor calibrate
        advisor calibrate --runtime python3 --import numpy  adds Python's
        advisor calibrate --engine dask                     adds Dask's
      """)

  @OptionGroup(title: "This machine") var measuring: MeasuringOptions
  @OptionGroup(title: "Python") var chosen: RuntimeOptions
  @OptionGroup(title: "Python") var modules: ModuleOptions
  @OptionGroup(title: "Engines") var engine: EngineOptions
  @OptionGroup(title: "Engines") var python: PythonOptions
  @OptionGroup(title: "Engines") var number: WorkerOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if engine.name != nil, chosen.runtime != nil {
      throw ValidationError("Measure one after the other: --runtime or --engine.")
    }
    try engine.validate(python)
    if engine.name != .dask || engine.scheduler != nil, number.workers != nil {
      throw ValidationError(
        "--workers belongs to --engine dask without --scheduler: what is there has its own workers.")
    }
    if chosen.runtime == nil, !modules.names.isEmpty {
      throw ValidationError("--import belongs to an interpreter: name it with --runtime python3.")
    }
  }

  func run() throws {
    let machine = try Prober.live.machine()
    let path = try measuring.file ?? savedPath(of: machine)
    // A minute of measuring for a file that cannot be written would be lost.
    try AtomicFile.check(path)
    if let runtime = chosen.runtime {
      let interpreter = try PythonInterpreter(runtime)
      try add(to: path, on: machine) { profile in
        let costs = try Measurement.runtime(interpreter, on: machine, modules: modules.names)
        return (profile.adding(costs), costs, TextReport.runtime(costs))
      }
    } else if let name = engine.name {
      try add(to: path, on: machine) { profile in
        let costs = try Measurement.engine(name, engine, number, python, measuring, profile)
        return (profile.adding(costs), costs, TextReport.engine(costs))
      }
    } else {
      try calibrate(machine, to: path)
    }
  }

  /// A new calibration takes the place of an earlier one only when it was not interrupted.
  private func calibrate(_ machine: Machine, to path: String) throws {
    if let limit = measuring.wait { try Measurement.waitForQuiet(on: machine, limit: limit.value) }
    let profile = try Measurement.calibrate(machine, measuring.level, httpURL: measuring.ioURL).keepingOthers(of: path)
    let staysAsBefore = Interruption.isRequested && FileManager.default.fileExists(atPath: path)
    if !staysAsBefore { try ProfileStore.write(profile, to: path) }
    try output.show(profile, as: TextReport.profile(profile))
    try end(staysAsBefore ? "interrupted, so that the calibration before stays: \(path)" : "saved: \(path)")
  }

  private func end(_ note: String) throws {
    Terminal.note(note)
    if Interruption.isRequested { throw ExitCode(AdvisorError.Code.interrupted.rawValue) }
  }

  /// Adds costs to the profile in a file; where there is none, the machine is measured first.
  private func add<Costs: Documented>(
    to path: String, on machine: Machine,
    _ measure: (MachineProfile) throws -> (profile: MachineProfile, costs: Costs, text: String)
  ) throws {
    let isThere = FileManager.default.fileExists(atPath: path)
    let before =
      isThere
      ? try ProfileStore.load(path).profile
      : try Measurement.calibrate(
        machine, measuring.level, httpURL: engine.name == nil ? measuring.ioURL : nil)
    let measured = try measure(before)
    try ProfileStore.write(measured.profile, to: path)
    try output.show(measured.costs, as: measured.text)
    try end("saved: \(path)")
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
    try watched { watch throws(AdvisorError) in
      try CalibrationSession(
        machine: machine, level: level, version: Version.current, httpURL: httpURL, watch: watch
      ).run()
    }
  }

  /// Waits for a moment in which measuring is worth while; says so where none has come.
  static func waitForQuiet(on machine: Machine, limit: Double) throws {
    Interruption.listen()
    let bar = ProgressBar("waiting for a quiet moment")
    let isQuiet = QuietMoment.wait(
      on: machine, limit: limit, shouldStop: { Interruption.isRequested }, report: { bar.draw($0, "") })
    bar.clear()
    if Interruption.isRequested { throw ExitCode(AdvisorError.Code.interrupted.rawValue) }
    if !isQuiet {
      Terminal.note("No quiet moment came within \(Quantity.text(seconds: limit)): measuring all the same.")
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
