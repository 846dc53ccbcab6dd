import AdvisorCore
import ArgumentParser
import CostModel
import Engines
import Probe
import Tasks

/// A run on an engine, as `run` and `map` ask for it.
struct EngineRun {
  let model: CostModel?
  private let name: EngineName
  private let engine: EngineOptions
  private let python: PythonOptions
  private let workers: Int?
  private let machine: Machine

  /// - Parameter workers: where the user has asked for a number.
  init(
    _ name: EngineName, _ engine: EngineOptions, _ python: PythonOptions, workers: Int?, _ costs: ProfileOptions
  ) throws(AdvisorError) {
    (self.name, self.engine, self.python, self.workers) = (name, engine, python, workers)
    machine = try Prober.live.machine()
    model = try costs.modelOfNow(on: machine)
  }

  var cpus: Double { machine.usable.effectiveCPUs }

  func options(_ tasks: TaskArguments, json: Bool) throws -> TaskOptions {
    let isOurs = name == .dask && engine.scheduler == nil
    // Our own cluster has this number of workers; of another's, this number are used at once.
    var options = try tasks.taskOptions(machine, workers: isOurs ? nil : workers, json: json)
    options.environment = try tasks.control.environment.map { entry throws(AdvisorError) in
      try tasks.control.variable(entry)
    }
    return options
  }

  func perform(
    _ work: EngineWork, _ options: TaskOptions, _ display: RunDisplay
  ) throws -> (record: RunRecord, summary: RunSummary) {
    let costs = EngineCosts.name(name.rawValue, at: engine.scheduler)
    let chunk = work.job.flatMap { job in
      try? model?.chunk(job, plan: Plan(strategy: .processes, workers: workers ?? .max, engine: costs))
    }
    var options = options
    options.blocks = work.blocks
    // As advised; where its costs are not known, as many at a time as take about a tenth of a second: a process is started
    // for each call.
    if work.job != nil { options.batch = options.batch ?? chunk.map { .count($0) } ?? .auto }
    let watch = TaskWatch(cpus: machine.usable.effectiveCPUs, display)
    let count = workers ?? max(1, Int(machine.usable.effectiveCPUs.rounded(.up)))
    let engine = engine.make(name, workers: count, interpreter: python.interpreter)
    let summary = try EngineRunner(engine, work.recipe, work.inputs, options, observer: watch).run()
    display.finish()
    let plan = Plan(strategy: .processes, workers: max(1, summary.progress.workers), chunk: chunk ?? 1, engine: costs)
    let job = work.job ?? watch.forecast.job(work.text, tasks: max(1, summary.progress.done))
    let predicted = work.job.flatMap { try? model?.predict($0, plan: plan) }
    return (RunRecord(job: job, plan: plan, predicted: predicted, observed: summary.progress.outcome), summary)
  }
}
