import AdvisorCore
import ArgumentParser
import Engines
import System

/// How an engine is reached, and what its workers need.
struct EngineDetails: ParsableArguments {
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

  func validate(for name: EngineName?) throws {
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

  func apply(to options: inout DaskOptions) {
    options.scheduler = scheduler
    if let tlsAuthority, let tlsCertificate, let tlsKey {
      options.certificates = .init(authority: tlsAuthority, certificate: tlsCertificate, key: tlsKey)
    }
    (options.uploads, options.resources, options.program) = (upload, resources, engineProgram)
  }

  func apply(to options: inout SlurmOptions) {
    options.folder = sharedFolder ?? "."
    (options.arguments, options.program) = (sbatch, engineProgram)
  }
}

extension ArgumentVisibility {
  /// Options that few need, such as those of engines, with which the help of `run` and `map` would fill two screens:
  /// `--help-hidden` shows them, the man pages and completions have them, and so does the help of what is about engines.
  static var rare: ArgumentVisibility {
    let words = CommandLine.arguments.dropFirst()
    let isHelp = words.contains { ["help", "-h", "--help"].contains($0) }
    return isHelp && words.contains { ["run", "map", "why"].contains($0) } ? .hidden : .default
  }
}
