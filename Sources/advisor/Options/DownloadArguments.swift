import AdvisorCore
import ArgumentParser
import Downloads

/// Which URLs are downloaded, and how.
struct DownloadArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("File with one URL per line, or -.", valueName: "list"))
  var list: String

  @Option(help: ArgumentHelp("Folder for the files; it is made if missing.", valueName: "dir"))
  var into: String

  @OptionGroup private var number: WorkerOptions

  @Option(help: ArgumentHelp("Most in flight per host (default: 6, more if faster).", valueName: "n"))
  var perHost: Int?

  @Option(
    help: ArgumentHelp("At most this much in all, such as 5MB/s.", valueName: "rate"),
    transform: ByteRate.init(typed:))
  var rateLimit: ByteRate?

  @Option(help: ArgumentHelp("Refuse larger files, such as 1GiB.", valueName: "bytes"))
  var maxSize: ByteCount?

  @Option(
    help: ArgumentHelp("Abort an attempt without data (default: 30s).", valueName: "time"))
  var stallTimeout: String?

  @Flag(inversion: .prefixedNo, help: "Name files once they are on disk.")
  var flush = true

  var workers: Int? { number.workers }

  func validate() throws {
    if let perHost, perHost < 1 { throw ValidationError("--per-host \(perHost): give 1 or more.") }
    if into == "" { throw ValidationError("--into: the name of the folder is empty; . is this one.") }
    if let stallTimeout, Quantity.seconds(stallTimeout).map({ $0 >= 1 && $0 <= 86_400 }) != true {
      throw ValidationError(
        "--stall-timeout \(stallTimeout.printable): give a time from 1s to 24h with its unit, such as 30s.")
    }
  }

  /// - Parameters:
  ///   - limits: of which downloads may have the share that tasks leave them.
  ///   - besideTasks: whether a command processes the files; the number of workers is then its own.
  func options(_ tasks: TaskArguments, limits: Machine.Limits, besideTasks: Bool = false) -> DownloadOptions {
    var options = DownloadOptions()
    let workers = besideTasks ? nil : workers
    options.workers = workers
    options.perHost = perHost
    var limits = limits
    if besideTasks { limits.openFiles = limits.openFiles.map { $0 / 2 } }
    let limit = WorkerLimit(.download, limits: limits, ceiling: max(options.maxInFlight, workers ?? 1))
    options.maxInFlight = max(1, limit.count)
    if let retries = tasks.control.retries { options.retries = max(0, retries - 1) }
    options.bytesPerSecond = rateLimit?.bytesPerSecond
    options.maxBytes = maxSize?.value
    options.timeoutSeconds = tasks.control.timeout?.seconds
    if let stall = stallTimeout.flatMap({ Quantity.seconds($0) }) { options.stallSeconds = stall }
    options.flushes = flush
    options.resume = tasks.records.resumes
    return options
  }
}

/// Bytes on the command line: `64KiB`, `1GiB`.
struct ByteCount: ExpressibleByArgument {
  let value: Int

  init?(argument: String) {
    guard let bytes = Quantity.bytes(argument), bytes < 0x1p62 else { return nil }
    value = Int(bytes)
  }
}

/// Bytes in a time: `5MB/s`, `1GiB/min`; without a time it is a second.
struct ByteRate {
  let bytesPerSecond: Double

  init(typed text: String) throws {
    guard let rate = Quantity.byteRate(text), rate >= 1, rate < 0x1p62 else {
      throw ValidationError("at least a byte a second, such as 5MB/s; \(Quantity.rateForms)")
    }
    bytesPerSecond = rate
  }
}
