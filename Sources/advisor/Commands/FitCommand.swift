public import AdvisorCore
public import ArgumentParser
import Calibration
import History
import Planning
import Reports

struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fits scalability laws to measured throughput: is there a peak, and how far may it be trusted?",
    discussion: """
      The file has the columns workers and throughput (or machines, seconds and, where runs differ in size, scale).
      With --from calibration the speedups that `advisor calibrate` measured here are fitted instead; with --from history
      the past runs of the job that ran with the most worker counts, or of the one that --job names.
      """)

  enum Source: String, ExpressibleByArgument, CaseIterable { case calibration, history }

  @Argument(help: ArgumentHelp("Measurements.", valueName: "file.csv")) var file: String?
  @Option(help: "Take measurements that advisor made.") var from: Source?
  @Option(help: "The kernel whose speedups are taken.") var kernel = Kernel.word
  @Option(help: ArgumentHelp("The job whose past runs are taken.", valueName: "job")) var job: String?
  @Option(parsing: .upToNextOption, help: ArgumentHelp("Predict these numbers of workers too.", valueName: "n"))
  var at: [Double] = []
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var form: OutputOptions

  func validate() throws {
    guard (file == nil) != (from == nil) else {
      throw ValidationError("Name a file of measurements, or say --from calibration or --from history.")
    }
    guard at.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw ValidationError("--at takes numbers above zero.") }
  }

  func run() throws {
    let fit = try fit()
    try form.show(fit, as: TextReport.fit(fit))
  }

  private func fit() throws(AdvisorError) -> ScalingFit {
    guard let file else {
      return ScalingFit(try from == .history ? remembered() : calibrated(), predictingAlso: at)
    }
    let bytes = [UInt8](try JSONDocument.contents(of: file))
    return switch try ScalingMeasurements(csv: bytes, file: file) {
    case .throughput(let data): ScalingFit(data, predictingAlso: at)
    case .runs(let runs): try ScalingFit(runs, predictingAlso: at)
    }
  }

  private func remembered() throws(AdvisorError) -> ScalingData {
    let runs = try History(path: HistoryOptions.path()).newest(10_000).filter { $0.observed.failed == 0 }
    let byJob = Dictionary(grouping: runs, by: \.job).mapValues { runs in
      runs.map {
        ScalingData.Point(
          workers: Double($0.plan.workers), throughput: Double($0.observed.tasks) / $0.observed.seconds)
      }
    }
    let variety = { (points: [ScalingData.Point]) in Set(points.map(\.workers)).count }
    let widest = byJob.max { (variety($0.value), $1.key) < (variety($1.value), $0.key) }?.key
    return try ScalingData(byJob[job ?? widest ?? ""] ?? [])
  }

  private func calibrated() throws(AdvisorError) -> ScalingData {
    let profile = try costs.resolve().profile
    let speedups = profile.variableCosts.speedups.filter { $0.kernel == kernel }
    return try ScalingData(
      speedups.map { ScalingData.Point(workers: Double($0.workers), throughput: $0.speedup.value) })
  }
}

extension Kernel: ExpressibleByArgument {}
