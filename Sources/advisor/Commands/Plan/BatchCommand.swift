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
    abstract: "Whether a job meets a deadline, and what would.",
    usage: "advisor plan batch --job <job> --deadline <time> [<options>]",
    discussion: """
      Tries larger machines, whose costs are rescaled from this machine's profile,
      and clusters of machines like this one. A price list has the columns machine
      (here: this one), cpus and price_per_hour; without it, machines have 2, 4, …
      times the CPUs of this one.

        advisor plan batch --job cpu:4000x300ms --deadline 5min --prices prices.csv
      """)

  @OptionGroup var work: JobOptions
  @Option(
    help: ArgumentHelp("Goal: 95 % of runs end within this time, such as 30min.", valueName: "time"),
    transform: Seconds.init(typed:))
  var deadline: Seconds
  @Option(help: ArgumentHelp("Price list: the machines to try.", valueName: "csv")) var prices: String?
  @Option(
    help: ArgumentHelp("Time to start a cluster (default: 0, it is up).", valueName: "time"),
    transform: Seconds.init(typed:))
  var clusterStart: Seconds?
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws { try work.validateGiven() }

  func run() throws {
    guard let job = try work.builtIn() else { return }
    let prices = try prices.map { try PriceList(csv: [UInt8](JSONDocument.contents(of: $0)), file: $0) }
    let profile = try costs.resolve().profile
    let cpus = profile.machine.usable.logicalCPUs
    let tasks = job.stages.map(\.count).max() ?? 1
    let here = try history.model(of: profile, history.open())
    let planner = try BatchPlanner(
      job: job.text, tasks: tasks, deadline: deadline.value, startSeconds: clusterStart?.value ?? 0,
      advise: { try advice(job, $0 == cpus ? here : CostModel(profile: profile.whatIf(WhatIf(cpus: $0)))) },
      adviseShare: { try advice(job.scaled(to: $0, of: tasks), here) })
    let machine = BatchPlanner.Machine(name: "this machine", cpus: cpus, pricePerHour: prices?.price(of: "here"))
    let plan = try planner.plan(here: machine, larger: larger(than: cpus, prices))
    try output.show(plan, as: TextReport.batch(plan))
    guard plan.here.meetsDeadline || plan.scaleUp != nil || plan.scaleOut != nil else {
      throw AdvisorError(
        .badData, "nothing that was tried meets the deadline of \(Quantity.text(seconds: deadline.value))",
        advice: "allow more time with --deadline, or name larger machines with --prices")
    }
  }

  private func advice(_ job: Job, _ model: CostModel) throws(AdvisorError) -> BatchPlanner.Advice {
    let best = try model.recommend(job).recommended
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
