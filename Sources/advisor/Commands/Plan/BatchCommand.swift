import AdvisorCore
import ArgumentParser
import Calibration
import Console
import CostModel
import Documents
import Planning
import Reports

struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Whether a job meets a deadline here, and which machine, or how many, would.",
    discussion: """
      Larger machines are those of a price list (columns machine, cpus, price_per_hour), or twice, four times, … the CPUs of
      this one; their costs are rescaled from this machine's profile. A cluster is of machines like this one; the entry
      'here' in the price list is what this one costs.

      advisor plan batch --engine slurm --emit script --chunk 4 -- gzip -k {} ::: *.txt    what you would submit by hand
      """)

  @Option(
    help: ArgumentHelp("The time within which 95 of 100 runs are to end.", valueName: "time"),
    transform: Seconds.init(typed:))
  var deadline: Seconds?
  @Option(help: ArgumentHelp("Price list, also of machines to try.", valueName: "file.csv")) var prices: String?
  @Option(
    help: ArgumentHelp("Time to start a cluster; 0 for one that is up.", valueName: "time"),
    transform: Seconds.init(typed:))
  var clusterStart: Seconds?

  @Option(
    help: ArgumentHelp(
      "Write what one would submit by hand: with --engine slurm an sbatch script, with dask a client program.",
      valueName: "script"))
  var emit: Emission?
  @Option(help: ArgumentHelp("With --emit: so many tasks in each call (default: as its costs say).", valueName: "n"))
  var chunk: Int?
  @Option(help: ArgumentHelp("With --emit: the Python that calls functions on the nodes.", valueName: "program"))
  var interpreter: String?
  @Option(help: ArgumentHelp("With --emit and no scheduler: workers of Dask's to start.", valueName: "n"))
  var workers: Int?
  @OptionGroup var given: InputOptions
  @OptionGroup(title: "Engines") var elsewhere: EngineOptions
  @OptionGroup var work: JobOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var form: OutputOptions

  func validate() throws {
    if (emit == nil) != (elsewhere.engine == nil) {
      throw ValidationError(
        "Say what to write, and for what: --engine dask --emit script, or --engine slurm --emit script.")
    }
    if emit == nil {
      guard deadline != nil else { throw ValidationError("Within which time is the job to end? --deadline 30min") }
      if given.isGiven || chunk != nil || interpreter != nil || workers != nil {
        throw ValidationError("--inputs, --chunk, --interpreter and --workers belong to --emit script.")
      }
    } else if deadline != nil || prices != nil || clusterStart != nil {
      throw ValidationError("--emit script writes a script: leave --deadline, --prices and --cluster-start out.")
    }
    if let chunk, chunk < 1 { throw ValidationError("--chunk \(chunk): a call does at least one task.") }
    if let workers, workers < 1 { throw ValidationError("--workers \(workers): at least one worker is needed.") }
  }

  func run() throws {
    if let engine = elsewhere.engine { return try emitScript(engine) }
    guard let deadline else { return }
    guard let job = try work.builtIn() else {
      throw ValidationError("A command's cost is known once some of its tasks ran: name a job with --job.")
    }
    let prices = try prices.map { try PriceList(csv: [UInt8](JSONDocument.contents(of: $0)), file: $0) }
    let profile = try costs.resolve().profile
    let cpus = profile.machine.usable.logicalCPUs
    let tasks = job.stages.map(\.count).max() ?? 1
    let planner = try BatchPlanner(
      job: job.text, tasks: tasks, deadline: deadline.value, startSeconds: clusterStart?.value ?? 0,
      advise: { try advice(job, $0 == cpus ? profile : profile.whatIf(WhatIf(cpus: $0))) },
      adviseShare: { try advice(job.scaled(to: $0, of: tasks), profile) })
    let here = BatchPlanner.Machine(name: "this machine", cpus: cpus, pricePerHour: prices?.price(of: "here"))
    let plan = try planner.plan(here: here, larger: larger(than: cpus, prices))
    try form.show(plan, as: TextReport.batch(plan))
    guard plan.here.meetsDeadline || plan.scaleUp != nil || plan.scaleOut != nil else {
      throw AdvisorError(
        .badData, "nothing that was tried meets the deadline of \(Quantity.text(seconds: deadline.value))",
        advice: "allow more time with --deadline, or name larger machines with --prices")
    }
  }

  private func advice(_ job: Job, _ profile: MachineProfile) throws(AdvisorError) -> BatchPlanner.Advice {
    let best = try CostModel(profile: profile).recommend(job).recommended
    return (
      StrategyText().name(of: best),
      BatchPlan.Estimate(p50: best.predicted.seconds.p50, p95: best.predicted.seconds.p95)
    )
  }

  private func larger(than cpus: Int, _ prices: PriceList?) -> [BatchPlanner.Machine] {
    let listed = (prices?.entries ?? []).compactMap { entry in
      entry.cpus.map { BatchPlanner.Machine(name: entry.machine, cpus: $0, pricePerHour: entry.pricePerHour) }
    }.filter { $0.name != "here" }
    guard listed.isEmpty else { return listed }
    return [2, 4, 8, 16, 32].map {
      BatchPlanner.Machine(name: "\($0)× this machine", cpus: cpus * $0, pricePerHour: nil)
    }
  }
}

extension Job {
  /// The share of one of several machines: so many of its tasks instead of all.
  fileprivate func scaled(to tasks: Int, of all: Int) -> Job {
    var share = self
    for index in share.stages.indices {
      share.stages[index].count = max(1, (share.stages[index].count * tasks + all - 1) / all)
    }
    return share
  }
}
