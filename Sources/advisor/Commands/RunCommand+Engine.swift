import AdvisorCore
import ArgumentParser
import CostModel
import Execution
import Probe
import Reports

extension RunCommand {
  /// Has an engine carry out the tasks: a command over inputs, or a built-in job.
  func runOnEngine(_ name: EngineName) throws {
    guard choice.strategy == nil else {
      throw ValidationError("On an engine tasks run in processes: leave --strategy out.")
    }
    let machine = try Prober.live.machine()
    let workers = choice.workers ?? max(1, Int(machine.usable.effectiveCPUs.rounded(.up)))
    let isOurs = name == .dask && elsewhere.scheduler == nil
    // Workers of our own are so many; of others', so many are used at once.
    var options = try tasks.commandOptions(machine, workers: isOurs ? nil : choice.workers, json: form.json)
    options.environment = try tasks.environment.map { entry throws(AdvisorError) in try tasks.variable(entry) }
    let model = try model(for: machine)
    let given = try engineWork(&options, model)
    if tasks.dryRun, case .command(let template) = given.recipe {
      return try CommandDryRun.run(template, given.inputs, batch: options.batch)
    }
    let watch = CommandWatch(cpus: machine.usable.effectiveCPUs)
    let engine = elsewhere.make(name, workers: workers, interpreter: calls.interpreter)
    let runner = try EngineRunner(engine, given.recipe, given.inputs, options, observer: watch)
    let summary = try runner.run()
    watch.bar.clear()
    let plan = Plan(strategy: .processes, workers: max(1, summary.progress.workers), engine: name.rawValue)
    let progress = summary.progress
    let job = given.job ?? watch.job(given.text, tasks: max(1, progress.done))
    let predicted = given.job.flatMap { try? model?.predict($0, plan: plan) }
    try show(
      RunRecord(
        job: job, plan: plan, predicted: predicted,
        observed: .init(
          seconds: progress.seconds, cpuSeconds: progress.cpuSeconds, tasks: progress.done, failed: progress.failed,
          maxRSSBytes: progress.maxRSSBytes)), summary)
  }

  private struct EngineWork {
    var recipe: TaskRecipe
    var inputs: CommandInputs
    var text: String
    /// Where the job is a built-in one.
    var job: Job?
  }

  private func engineWork(_ options: inout CommandOptions, _ model: CostModel?) throws -> EngineWork {
    if let function = work.python {
      return EngineWork(recipe: .function(function), inputs: try jsonInputs(), text: function)
    }
    guard let job = try work.builtIn() else {
      let words = try CommandLineWords(CommandLineWords.afterTerminator())
      let work = try tasks.given.work(words, options.limits)
      options.parts = work.parts
      let text = words.command.map { String(decoding: $0, as: UTF8.self).printable }.joined(separator: " ")
      return EngineWork(recipe: .command(work.template), inputs: work.inputs, text: text)
    }
    guard !job.stages.contains(where: { $0.kind == .io || $0.kind == .command }) else {
      throw AdvisorError(
        .usage, "\(job.text.printable) has downloads, which come from a server on this machine alone",
        advice: "run a command that downloads, as in: advisor run --engine dask -- curl -sO {} ::: URL…")
    }
    // As many at a time as take about a tenth of a second: a process is started for each call.
    options.batch = options.batch ?? .auto
    let numbers = (0..<(job.stages.first?.count ?? 0)).map { Array("\($0)".utf8) }
    return EngineWork(
      recipe: .builtIn(job.inUnits(model?.profile)), inputs: try CommandInputs(lists: [InputList(numbers)]),
      text: job.text, job: job)
  }
}

extension Job {
  /// CPU times as work units, by this machine's cost of one: a worker would have to time it first, each time.
  fileprivate func inUnits(_ profile: MachineProfile?) -> Job {
    var job = self
    for index in job.stages.indices {
      guard case .seconds(let seconds) = job.stages[index].size, job.stages[index].kind == .cpu,
        let unit = profile?.kernel(job.stages[index].kernel)?.secondsPerUnit.value, unit > 0
      else { continue }
      job.stages[index].size = .units((seconds / unit).rounded())
    }
    return job
  }
}
