public import AdvisorCore
public import ArgumentParser
import Calibration
import Console
import Documents
import FoundationEssentials
import History
import Planning
import Reports

struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "fit",
    abstract: "Fits scalability laws to measured throughput.",
    usage: """
      advisor fit <file> [<options>]
      advisor fit --from <from> [<options>]
      """,
    discussion: """
      Is there a peak, and how far can it be trusted? The file is a table of workers \
      (threads, clients, users, N, …) and throughput (tps, req/s, X, …) or seconds, \
      and of the scale where runs differ in size; or what pgbench, sysbench, wrk, ab \
      or k6 printed, run after run.

      --from fits what advisor has measured: the speedups of the last calibration, \
      past runs, or the runs of the last verify; of --job, or of the job that ran \
      with the most worker counts.
      """)

  enum Source: String, ExpressibleByArgument, CaseIterable { case calibration, history, verify }

  @Argument(help: ArgumentHelp("Measured throughput; - is standard input.", valueName: "file")) var file: String?
  @Option(help: "Measurements to fit.") var from: Source?
  @Option(help: "Kernel of --from calibration.") var kernel = Kernel.word
  @Option(help: ArgumentHelp("Job of --from history or verify.", valueName: "job")) var job: String?
  @Option(parsing: .upToNextOption, help: ArgumentHelp("Numbers of workers to predict.", valueName: "n"))
  var at: [Double] = []
  @OptionGroup var table: TableOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (file == nil) != (from == nil) else {
      throw ValidationError("Name a file of measurements, or say --from calibration, --from history or --from verify.")
    }
    guard at.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw ValidationError("--at takes numbers above zero.") }
  }

  func run() throws {
    let fit = try fit()
    try output.show(fit, as: TextReport.fit(fit))
  }

  private func fit() throws(AdvisorError) -> ScalingFit {
    guard let file else { return ScalingFit(try measured(), predictingAlso: at, cpus: try cpus()) }
    return try ScalingFit(table.measurements(file), predictingAlso: at)
  }

  /// CPUs of the machine that was measured: of past runs, this one.
  private func cpus() throws(AdvisorError) -> Double? {
    from == .calibration ? try costs.resolve().profile.machine.usable.effectiveCPUs : nil
  }

  private func measured() throws(AdvisorError) -> ScalingData {
    switch from {
    case .history: try ScalingData(remembered(), job: job)
    case .verify: try ScalingData(verified(), job: job)
    case .calibration, nil: try calibrated()
    }
  }

  private func remembered() throws(AdvisorError) -> [MeasuredRun] {
    try History(path: HistoryOptions.path()).newest(10_000).filter { $0.observed.failed == 0 }.map {
      MeasuredRun(
        job: $0.job, strategy: $0.plan.strategy, workers: $0.plan.workers,
        tasksPerSecond: Double($0.observed.tasks) / $0.observed.seconds)
    }
  }

  private func verified() throws(AdvisorError) -> [MeasuredRun] {
    let path = try VerifyCommand.path()
    guard FileManager.default.fileExists(atPath: path) else {
      throw AdvisorError(.badData, "nothing was verified here yet", advice: "run `advisor verify` first")
    }
    return try JSONDocument.read(Verification.self, from: path).cases.flatMap { row in
      let tasks = (try? Job(row.job))?.stages.map(\.count).max() ?? 1
      return row.ways.map {
        MeasuredRun(
          job: row.job, strategy: $0.strategy, workers: $0.workers, tasksPerSecond: Double(tasks) / $0.seconds)
      }
    }
  }

  private func calibrated() throws(AdvisorError) -> ScalingData {
    let profile = try costs.resolve().profile
    let speedups = profile.speedupsWithinCPUs(of: kernel)
    guard speedups.count >= 3 else {
      throw AdvisorError(
        .badData,
        "the calibration has speedups at \(speedups.count) worker counts within this machine's "
          + "\(count(profile.machine.usable.effectiveCPUs, "CPU")), and a law takes three",
        advice: "fit measurements of a job instead, which also waits: a file, --from history or --from verify")
    }
    return try ScalingData(
      speedups.map { ScalingData.Point(workers: Double($0.workers), throughput: $0.speedup.value) })
  }
}

extension Kernel: ExpressibleByArgument {}

extension ScalingFit {
  init(_ measurements: ScalingMeasurements, predictingAlso extra: [Double] = []) throws(AdvisorError) {
    switch measurements {
    case .throughput(let data): self.init(data, predictingAlso: extra)
    case .runs(let runs): try self.init(runs, predictingAlso: extra)
    }
  }
}
