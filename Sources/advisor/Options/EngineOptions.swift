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
  @Option(help: "Run the tasks on an engine: dask or slurm.")
  var engine: EngineName?

  @Option(
    help: ArgumentHelp(
      "The Dask scheduler to use, tcp://HOST:PORT or tls://…; without it one is started here.", valueName: "address"))
  var scheduler: String?

  @Option(name: .customLong("tls-ca"), help: ArgumentHelp("Who signed the scheduler's certificate.", valueName: "file"))
  var tlsAuthority: String?

  @Option(name: .customLong("tls-cert"), help: ArgumentHelp("The certificate to show it.", valueName: "file"))
  var tlsCertificate: String?

  @Option(name: .customLong("tls-key"), help: ArgumentHelp("That certificate's key.", valueName: "file"))
  var tlsKey: String?

  @Option(help: ArgumentHelp("A Python file that the Dask workers are to import tasks from.", valueName: "file"))
  var upload: [String] = []

  @Option(
    name: .customLong("resource"), help: ArgumentHelp("What a task needs of its Dask worker.", valueName: "name=amount")
  )
  var resources: [String] = []

  @Option(help: ArgumentHelp("Where advisor is on the workers (default: where it is here).", valueName: "path"))
  var engineProgram: String?

  @Option(help: ArgumentHelp("A folder that all Slurm nodes share (default: this one).", valueName: "dir"))
  var sharedFolder: String?

  @Option(
    help: ArgumentHelp("A further argument for sbatch, such as --partition=long.", valueName: "argument"))
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
    if engine != .dask, scheduler != nil || tls > 0 || !upload.isEmpty || !resources.isEmpty {
      throw ValidationError("--scheduler, --tls-…, --upload and --resource belong to --engine dask.")
    }
    if engine != .slurm, sharedFolder != nil || !sbatch.isEmpty {
      throw ValidationError("--shared-folder and --sbatch belong to --engine slurm.")
    }
    for resource in resources where resource.split(separator: "=").last.flatMap({ Double($0) }) == nil {
      throw ValidationError("--resource \(resource.printable): write NAME=AMOUNT, such as GPU=1.")
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
    _ name: EngineName, _ options: EngineOptions, workers: Int?, _ interpreter: String?, _ level: MachineProfile.Level,
    _ sourceURL: String?, _ profile: MachineProfile
  ) throws(AdvisorError) -> EngineCosts {
    guard let unit = profile.kernel(.word)?.secondsPerUnit.value, unit > 0 else {
      throw AdvisorError(
        .badData, "the profile lacks the cost of a work unit, by which workers are compared",
        advice: "measure the machine first: advisor calibrate")
    }
    let count = workers ?? max(1, Int(profile.machine.usable.effectiveCPUs.rounded(.up)))
    return try watched("\(name.rawValue): ") { watch throws(AdvisorError) in
      try EngineCalibration(
        address: options.scheduler, isUp: options.isUp(name), program: options.engineProgram ?? OwnProgram.path,
        level: level, secondsPerUnit: unit, sourceURL: sourceURL,
        make: { options.make(name, workers: count, interpreter: interpreter) }, watch: watch
      ).run()
    }
  }
}
