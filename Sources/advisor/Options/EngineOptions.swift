import ArgumentParser
import AdvisorCore
import Calibration
import Probe
import Engines
import System

/// The engines that tasks can be run on.
enum EngineName: String, ExpressibleByArgument, CaseIterable { case dask, slurm }

/// Where tasks run when not on this machine.
struct EngineOptions: ParsableArguments {
  @Option(name: .customLong("engine"), help: "Engine; options: --help-hidden.")
  var name: EngineName?

  @OptionGroup(visibility: .rare) private var details: EngineDetails

  var scheduler: String? { details.scheduler }
  var engineProgram: String? { details.engineProgram }
  var sbatch: [String] { details.sbatch }

  func validate() throws { try details.validate(for: name) }

  /// - Throws: `ValidationError` where an interpreter is named and nothing would use it.
  func validate(_ python: PythonOptions) throws {
    if python.interpreter != nil, name != .dask {
      throw ValidationError("--interpreter is the Python that runs Dask: it belongs to --engine dask.")
    }
  }

  /// Whether the engine is there before a run.
  func isUp(_ name: EngineName) -> Bool { name == .slurm || scheduler != nil }

  /// - Parameters:
  ///   - workers: to start on this machine, where no scheduler is named.
  ///   - interpreter: to run Dask with; nil is its default.
  func make(_ name: EngineName, workers: Int, interpreter: String?) -> any Engine {
    switch name {
    case .dask: DaskEngine(dask(workers: workers, interpreter: interpreter))
    case .slurm: SlurmEngine(slurm)
    }
  }

  func dask(workers: Int, interpreter: String?) -> DaskOptions {
    var options = DaskOptions()
    options.interpreter = interpreter ?? options.interpreter
    options.workers = workers
    details.apply(to: &options)
    return options
  }

  private var slurm: SlurmOptions {
    var options = SlurmOptions()
    details.apply(to: &options)
    return options
  }
}

extension MachineProfile {
  /// With these costs, in place of those of the same engine.
  func adding(_ costs: EngineCosts) -> MachineProfile {
    var profile = self
    profile.engines.removeAll { $0.name == costs.name }
    profile.engines.append(costs)
    return profile
  }
}

extension Measurement {
  /// The costs of an engine, with progress on the terminal.
  ///
  /// - Parameter profile: of this machine.
  static func engine(
    _ name: EngineName, _ options: EngineOptions, _ number: WorkerOptions, _ python: PythonOptions,
    _ measuring: MeasuringOptions, _ profile: MachineProfile
  ) throws(AdvisorError) -> EngineCosts {
    guard let unit = profile.kernel(.word)?.secondsPerUnit.value, unit > 0 else {
      throw AdvisorError(
        .badData, "the profile lacks the cost of a work unit, by which workers are compared",
        advice: "measure the machine first: advisor calibrate")
    }
    let count = number.workers ?? max(1, Int(profile.machine.usable.effectiveCPUs.rounded(.up)))
    return try watched("\(name.rawValue): ") { watch throws(AdvisorError) in
      try EngineCalibration(
        address: options.scheduler, isUp: options.isUp(name), program: options.engineProgram ?? OwnProgram.path,
        level: measuring.level, secondsPerUnit: unit, sourceURL: measuring.ioURL,
        make: { options.make(name, workers: count, interpreter: python.interpreter) }, watch: watch
      ).run()
    }
  }
}
