import AdvisorCore
import ArgumentParser
import Calibration
import Console
import CostModel
import func Glibc.log2
import Planning
import Reports
import System
import Tasks

struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Whether a job meets a deadline, and what would.",
    usage: "advisor plan batch --deadline <time> [--job <job> | -- <command> ...]",
    discussion: """
      Tries other machines, whose costs are rescaled from the nearest profile, and
      several of them as a cluster. A price list has the columns machine
      (here: this one), cpus, memory and price_per_hour; without it, machines have
      2, 4, … times the CPUs of this one. A command runs on a few inputs first.
      Exit status 1 where nothing that was tried meets the deadline.

        advisor plan batch --job cpu:4000x300ms --deadline 5min --prices prices.csv
        advisor plan batch --deadline 1h -- ./convert {} ::: *.raw
      """)

  @OptionGroup(title: "Command or job") var words: CommandArgument
  @OptionGroup(title: "Command or job") var work: JobOptions
  @Option(help: ArgumentHelp("Time that running a command on a few inputs may take.", valueName: "time"))
  var pilotTime = "5s"
  @OptionGroup(title: "Inputs") var inputs: CommandInputOptions
  @Option(
    help: ArgumentHelp("Goal: 95 % of runs end within this time, such as 30min.", valueName: "time"),
    transform: Seconds.init(typed:))
  var deadline: Seconds
  @Option(help: ArgumentHelp("Price list: the machines to try.", valueName: "csv")) var prices: String?
  @Option(help: ArgumentHelp("Folder of machine profiles.", valueName: "dir")) var profiles = "profiles"
  @Option(
    help: ArgumentHelp("Time to start a cluster (default: 0, it is up).", valueName: "time"),
    transform: Seconds.init(typed:))
  var clusterStart: Seconds?
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard work.isGiven == words.command.isEmpty else {
      throw ValidationError(
        "Name one job: --job cpu:8x1e6, --job-file FILE, or a command with its inputs: -- gzip -k {} ::: *.log.")
    }
    if Quantity.seconds(pilotTime).map({ $0 > 0 }) != true {
      throw ValidationError("--pilot-time \(pilotTime.printable): give a time above zero with its unit, such as 5s.")
    }
  }

  func run() throws {
    let list = try PriceList.named(prices)
    let profile = try costs.resolve().profile
    let (job, conditions) = try named()
    let kinds = try kinds(profile, list)
    let tasks = job.stages.map(\.count).max() ?? 1
    let measured = { (model: CostModel) in conditions.map(model.measured(in:)) ?? model }
    let here = measured(try history.model(of: profile, history.open()))
    var models: [String: CostModel] = [:]
    for kind in kinds.dropFirst() { models[kind.name] = measured(try CostModel(profile: kind.profile)) }
    let planner = try BatchPlanner(
      job: job.text, tasks: tasks, deadline: deadline.value, startSeconds: clusterStart?.value ?? 0,
      advise: { count, machine in
        let share = count == tasks ? job : job.scaled(to: count, of: tasks)
        return try advice(share, models[machine.name] ?? here)
      })
    let machines = kinds.map { kind in
      BatchPlanner.Machine(
        name: kind.name, cpus: kind.profile.machine.usable.logicalCPUs, pricePerHour: kind.pricePerHour,
        doublings: kind.doublings)
    }
    let plan = try planner.plan(here: machines[0], others: Array(machines.dropFirst()), currency: list?.currency ?? "")
    try output.show(plan, as: TextReport.batch(plan))
    guard plan.isMet else {
      throw ExitCode(AdvisorError.Code.someTasksFailed.rawValue)
    }
  }

  /// The job, and how a command's inputs were tried where it is one.
  private func named() throws -> (Job, PilotConditions?) {
    if let job = try work.builtIn() { return (job, nil) }
    let words = CommandLineWords(CommandLineWords.afterTerminator())
    let work = try inputs.work(words, needsInputs: true)
    let total = work.inputs.count
    var pilot = CommandPilot(seconds: Quantity.seconds(pilotTime) ?? 5)
    var options = TaskOptions()
    options.output = StandardStream.error
    var job = try pilot.job(ShellQuoting.typed(words.command), of: work, options)
    // The deadline is for all inputs; those that the pilot ran are run again.
    if let total { for index in job.stages.indices { job.stages[index].count = max(1, total) } }
    return (job, pilot.conditions)
  }

  private func advice(_ job: Job, _ model: CostModel) throws(AdvisorError) -> BatchPlanner.Advice {
    let best = try model.recommend(job).recommended
    return (
      StrategyText().name(of: best),
      BatchPlan.Estimate(p50: best.predicted.seconds.p50, p95: best.predicted.seconds.p95)
    )
  }

  /// This machine first, then those of the list, or multiples of this one.
  private func kinds(_ profile: MachineProfile, _ list: PriceList?) throws(AdvisorError) -> [MachineKind] {
    let here = (name: MachineKind.thisMachine, profile: profile)
    guard let list else {
      let cpus = profile.machine.usable.logicalCPUs
      var kinds = try MachineKind.all(measured: [here], nil)
      for times in [2, 4, 8, 16, 32] {
        kinds.append(
          MachineKind(
            name: "\(times)× this machine", profile: try profile.whatIf(WhatIf(cpus: cpus * times)),
            doublings: log2(Double(times))))
      }
      return kinds
    }
    let saved = costs.profile == nil ? try ProfileStore(folder: profiles).named().filter { $0.profile != profile } : []
    return try MachineKind.all(measured: [here] + saved, list).filter {
      $0.name == here.name || $0.pricePerHour != nil
    }
  }
}

extension Job {
  /// The share of one of several machines: its tasks instead of all.
  fileprivate func scaled(to tasks: Int, of all: Int) -> Job {
    var share = self
    for index in share.stages.indices {
      share.stages[index].count = max(1, (share.stages[index].count * tasks + all - 1) / all)
    }
    return share
  }
}
