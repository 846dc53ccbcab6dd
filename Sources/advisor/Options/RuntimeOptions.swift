import AdvisorCore
import ArgumentParser
import Calibration
import Console
import Documents
import FoundationEssentials
import Probe
import Engines

/// An interpreter whose own ways of running things are asked about.
struct RuntimeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Python interpreter, name or path.", valueName: "program"))
  var runtime: String?
}

extension ProfileStore.Found {
  /// The costs of an interpreter: from the profile, or measured now and kept in it.
  ///
  /// A profile of another machine is taken at its word; on this one the interpreter must still be the one that was measured.
  func costs(ofRuntime name: String, onThisMachine: Bool) throws(AdvisorError) -> RuntimeCosts {
    let known = profile.runtimes.first { $0.name == name || $0.interpreter == name }
    if let known, !onThisMachine { return known }
    let interpreter = try PythonInterpreter(name)
    if let found = profile.runtimes.first(where: { $0.isOf(interpreter) }) { return found }
    Terminal.note(
      "No costs of \(name) (Python \(interpreter.version)) in the profile yet: measuring them now, which takes 12 seconds."
    )
    let costs = try Measurement.runtime(interpreter, on: profile.machine)
    // A file that cannot be written is no reason to keep the advice back.
    if !Interruption.isRequested { try? ProfileStore.write(profile.adding(costs), to: path) }
    return costs
  }
}

extension RuntimeCosts {
  /// Whether it is that interpreter's, of that version.
  func isOf(_ python: PythonInterpreter) -> Bool { interpreter == python.path && version == python.version }
}

extension MachineProfile {
  /// With these costs, in place of those of the same interpreter.
  func adding(_ costs: RuntimeCosts) -> MachineProfile {
    var profile = self
    profile.runtimes.removeAll { $0.interpreter == costs.interpreter }
    profile.runtimes.append(costs)
    return profile
  }

  /// With the runtimes and engines of the profile that a file held before, which measuring the machine anew does not touch.
  func keepingOthers(of path: String) -> MachineProfile {
    guard let before = (try? ProfileStore.load(path))?.profile else { return self }
    var profile = self
    (profile.runtimes, profile.engines) = (before.runtimes, before.engines)
    return profile.combined(with: before, on: machine)
  }
}

extension Measurement {
  /// The costs of an interpreter, with progress on the terminal.
  static func runtime(
    _ interpreter: PythonInterpreter, on machine: Machine, modules: [String] = []
  ) throws(AdvisorError) -> RuntimeCosts {
    try watched("Python: ") { watch throws(AdvisorError) in
      try RuntimeCalibration(interpreter, machine: machine, modules: modules, watch: watch).run()
    }
  }
}
