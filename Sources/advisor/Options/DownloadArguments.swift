import AdvisorCore
import ArgumentParser
import Downloads

/// How the URLs of `--urls` are downloaded.
struct DownloadArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Put the files of --urls in this folder, which is made where it is missing.", valueName: "dir"))
  var into: String?

  @Option(
    help: ArgumentHelp(
      "Downloads in flight to one host, at most (default: 6, and more where it answers faster for it).", valueName: "n")
  )
  var perHost: Int?

  @Option(
    help: ArgumentHelp("Take at most so much in all, such as 5MB/s.", valueName: "rate"),
    transform: ByteRate.init(typed:))
  var rateLimit: ByteRate?

  @Option(help: ArgumentHelp("Refuse files that are larger, such as 1GiB.", valueName: "bytes"))
  var maxSize: ByteCount?

  @Option(help: ArgumentHelp("Give a try up that receives nothing for so long (default: 30s).", valueName: "time"))
  var stallTimeout: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Give a file its name only once the disk holds it; without, a power cut may leave a name without its bytes.")
  var flush = true

  var isGiven: Bool {
    !flush || into != nil || perHost != nil || rateLimit != nil || maxSize != nil || stallTimeout != nil
  }

  func validate() throws {
    if let perHost, perHost < 1 { throw ValidationError("--per-host \(perHost): give 1 or more.") }
    if into == "" { throw ValidationError("--into: the name of the folder is empty; . is this one.") }
    if let stallTimeout, Quantity.seconds(stallTimeout).map({ $0 >= 1 && $0 <= 86_400 }) != true {
      throw ValidationError(
        "--stall-timeout \(stallTimeout.printable): give a time from 1s to 24h with its unit, such as 30s.")
    }
  }

  /// - Parameters:
  ///   - workers: downloads in flight; nil lets the runner find the number.
  ///   - limits: of which downloads may have the share that tasks leave them.
  func options(
    _ tasks: TaskOptions, workers: Int?, limits: Machine.Limits, besideTasks: Bool = false
  ) -> DownloadOptions {
    var options = DownloadOptions()
    options.workers = workers
    options.perHost = perHost
    var limits = limits
    if besideTasks { limits.openFiles = limits.openFiles.map { $0 / 2 } }
    let limit = WorkerLimit(.download, limits: limits, ceiling: max(options.maxInFlight, workers ?? 1))
    options.maxInFlight = max(1, limit.count)
    if let retries = tasks.retries { options.retries = retries }
    options.bytesPerSecond = rateLimit?.bytesPerSecond
    options.maxBytes = maxSize?.value
    options.timeoutSeconds = tasks.timeout?.seconds
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
