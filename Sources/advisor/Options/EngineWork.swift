import AdvisorCore
import Tasks

/// What an engine is to do: a command or a function over inputs, or a built-in job.
struct EngineWork {
  var recipe: TaskRecipe
  var inputs: TaskInputs
  var blocks: (any InputBlocks)?
  var text: String
  /// Where the job is a built-in one.
  var job: Job?

  init(function: String, _ inputs: InputOptions) throws {
    (recipe, self.inputs, text) = (.function(function), try inputs.jsonInputs(), function)
  }

  init(_ words: CommandLineWords, _ work: CommandWork) {
    (recipe, inputs, blocks) = (.command(work.template), work.inputs, work.blocks)
    text = words.command.map { String(decoding: $0, as: UTF8.self).printable }.joined(separator: " ")
  }

  /// - Parameter profile: of this machine, where there is one.
  init(_ job: Job, _ profile: MachineProfile?) throws(AdvisorError) {
    guard !job.stages.contains(where: { $0.kind == .io || $0.kind == .command }) else {
      throw AdvisorError(
        .usage, "\(job.text.printable) has downloads, which come from a server on this machine alone",
        advice: "run a command that downloads, as in: advisor run --engine dask -- curl -sO {} ::: URL…")
    }
    let numbers = (0..<(job.stages.first?.count ?? 0)).map { Array("\($0)".utf8) }
    recipe = .builtIn(job.inUnits(profile))
    inputs = try TaskInputs(lists: [InputList(numbers)])
    (text, self.job) = (job.text, job)
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
