import AdvisorCore
import ArgumentParser
import Calibration
import Console
import CostModel
import Probe
import Reports

struct RecommendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Says how to run a job here: every strategy and worker count ranked, with reasons.",
    discussion: """
      advisor recommend --job cpu:8x1e6
      advisor recommend --job mem:64x512MiB --what-if cpus=64,memory=256GiB
      advisor recommend --job wait:200x50ms --map
      advisor recommend --job cpu:8x1e6 --runtime python3      in Python's own words, with the lines to paste
      """)

  @OptionGroup var work: JobOptions
  @OptionGroup var wanted: GoalOptions

  @Option(
    help: ArgumentHelp("Imagine another machine: cpus=64,numa=2,quota=1.5,memory=8GiB,latency=5ms.", valueName: "what"))
  var whatIf: String?

  @Flag(help: "Draw the best strategy over task count and task size, for jobs of this kind.")
  var map = false

  @OptionGroup var chosen: RuntimeOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var past: HistoryOptions
  @OptionGroup var form: OutputOptions

  func run() throws {
    guard work.python == nil else {
      throw ValidationError(
        "A function's cost is known once some of its calls ran: `advisor run --python MODULE:FUNCTION` finds its way itself. "
          + "A job by its size is advised: --job cpu:8x300ms --runtime python3.")
    }
    guard var job = try work.builtIn() else {
      throw ValidationError(
        "A command's cost is known once some of its tasks ran: `advisor run -- COMMAND …` finds its worker count.")
    }
    let imagined = try whatIf.map { text throws(AdvisorError) in try WhatIf(text) }
    let here = try Prober.live.machine()
    let found = try costs.resolve(on: here)
    var profile = found.profile
    let isHere = here.fingerprint == profile.fingerprint
    if isHere { profile = profile.limited(by: here.limits) }
    if let runtime = chosen.runtime {
      profile = profile.seen(by: try found.costs(ofRuntime: runtime, onThisMachine: isHere))
    }
    if let imagined {
      profile = try profile.whatIf(imagined)
      job = imagined.applied(to: job)
    }
    let model = try past.model(of: profile, past.open())
    if map { return try showMap(of: job, model) }
    var goal = wanted.goal
    goal.usesEngines = true
    var advice = try model.recommend(job, goal: goal)
    advice.profile.path = found.path
    let document = RecommendationDocument(advice)
    try form.show(document, as: TextReport.recommendation(document))
  }

  private func showMap(of job: Job, _ model: CostModel) throws {
    guard let stage = job.stages.first, job.stages.count == 1 else {
      throw ValidationError("--map varies the count and size of one stage: name a job without “+”.")
    }
    let map = try model.strategyMap(of: stage, goal: wanted.goal)
    try form.show(map, as: TextReport.strategyMap(map))
  }
}
