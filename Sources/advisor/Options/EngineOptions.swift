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
  @Option(name: .customLong("engine"), help: "Run the tasks there.")
  var name: EngineName?

  @Option(
    help: ArgumentHelp(
      "Dask scheduler, tcp://HOST:PORT (default: start one).", valueName: "address"))
  var scheduler: String?

  @Option(
    name: .customLong("tls-ca"), help: ArgumentHelp("Authority of the Dask scheduler's certificate.", valueName: "file")
  )
  var tlsAuthority: String?

  @Option(name: .customLong("tls-cert"), help: ArgumentHelp("Certificate to show to it.", valueName: "file"))
  var tlsCertificate: String?

  @Option(name: .customLong("tls-key"), help: ArgumentHelp("Key of that certificate.", valueName: "file"))
  var tlsKey: String?

  @Option(help: ArgumentHelp("Python file for the Dask workers to import.", valueName: "file"))
  var upload: [String] = []

  @Option(
    name: .customLong("resource"), help: ArgumentHelp("Resource of a Dask worker per task: GPU=1.", valueName: "name=n")
  )
  var resources: [String] = []

  @Option(help: ArgumentHelp("advisor on the workers (default: as here).", valueName: "path"))
  var engineProgram: String?

  @Option(help: ArgumentHelp("Folder that all Slurm nodes share (default: this one).", valueName: "dir"))
  var sharedFolder: String?

  @Option(
    help: ArgumentHelp("Argument for sbatch, such as --partition=long.", valueName: "argument"))
  var sbatch: [String] = []

  func validate() throws {
    let tls = [tlsAuthority, tlsCertificate, tlsKey].count { $0 != nil }
    if tls != 0, tls != 3 { throw ValidationError("TLS takes three files: --tls-ca, --tls-cert and --tls-key.") }
    if scheduler?.hasPrefix("tls://") == true, tls == 0 {
      throw ValidationError("A scheduler at tls://… wants to see who asks: --tls-ca, --tls-cert and --tls-key.")
    }
    let files = upload + [tlsAuthority, tlsCertificate, tlsKey].compactMap(\.self)
    if let missing = files.first(where: { !FileAccess.canRead($0) }) {
      throw ValidationError("\(missing.printable) cannot be read: \(Errno.last.text).")
    }
    if name != .dask, scheduler != nil || tls > 0 || !upload.isEmpty || !resources.isEmpty {
      throw ValidationError("--scheduler, --tls-…, --upload and --resource belong to --engine dask.")
    }
    if name != .slurm, sharedFolder != nil || !sbatch.isEmpty {
      throw ValidationError("--shared-folder and --sbatch belong to --engine slurm.")
    }
    for resource in resources where resource.split(separator: "=").last.flatMap({ Double($0) }) == nil {
      throw ValidationError("--resource \(resource.printable): write NAME=AMOUNT, such as GPU=1.")
    }
  }

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
    options.scheduler = scheduler
    options.workers = workers
    if let tlsAuthority, let tlsCertificate, let tlsKey {
      options.certificates = .init(authority: tlsAuthority, certificate: tlsCertificate, key: tlsKey)
    }
    (options.uploads, options.resources, options.program) = (upload, resources, engineProgram)
    return options
  }

  private var slurm: SlurmOptions {
    var options = SlurmOptions()
    options.folder = sharedFolder ?? "."
    options.arguments = sbatch
    options.program = engineProgram
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
