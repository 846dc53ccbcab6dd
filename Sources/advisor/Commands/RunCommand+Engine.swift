import AdvisorCore
import ArgumentParser
import CostModel
import Probe
import Reports
import Engines
import Tasks

extension RunCommand {
  /// Has an engine carry out the tasks: a command over inputs, or a built-in job.
  func runOnEngine(_ name: EngineName) throws {
    guard choice.strategy == nil else {
      throw ValidationError("On an engine tasks run in processes: leave --strategy out.")
    }
    let machine = try Prober.live.machine()
    var options = try engineOptions(name, machine)
    let model = try model(for: machine)
    let given = try EngineWork(work, tasks.given, options.limits, model?.profile)
    options.parts = given.parts
    let costs = EngineCosts.name(name.rawValue, at: elsewhere.scheduler)
    let chunk = given.job.flatMap { job in
      try? model?.chunk(job, plan: Plan(strategy: .processes, workers: choice.workers ?? .max, engine: costs))
    }
    // As advised; where its costs are not known, as many at a time as take about a tenth of a second: a process is started
    // for each call.
    if given.job != nil { options.batch = options.batch ?? chunk.map { .count($0) } ?? .auto }
    if tasks.dryRun, case .command(let template) = given.recipe {
      return try CommandDryRun.run(template, given.inputs, batch: options.batch)
    }
    let watch = CommandWatch(cpus: machine.usable.effectiveCPUs)
    let workers = choice.workers ?? max(1, Int(machine.usable.effectiveCPUs.rounded(.up)))
    let engine = elsewhere.make(name, workers: workers, interpreter: calls.interpreter)
    let runner = try EngineRunner(engine, given.recipe, given.inputs, options, observer: watch)
    let summary = try runner.run()
    watch.bar.clear()
    let plan = Plan(strategy: .processes, workers: max(1, summary.progress.workers), chunk: chunk ?? 1, engine: costs)
    let job = given.job ?? watch.forecast.job(given.text, tasks: max(1, summary.progress.done))
    let predicted = given.job.flatMap { try? model?.predict($0, plan: plan) }
    try show(RunRecord(job: job, plan: plan, predicted: predicted, observed: summary.progress.outcome), summary)
  }

  private func engineOptions(_ name: EngineName, _ machine: Machine) throws -> CommandOptions {
    let isOurs = name == .dask && elsewhere.scheduler == nil
    // Workers of our own are so many; of others', so many are used at once.
    var options = try tasks.commandOptions(machine, workers: isOurs ? nil : choice.workers, json: form.json)
    options.environment = try tasks.environment.map { entry throws(AdvisorError) in try tasks.variable(entry) }
    return options
  }
}
