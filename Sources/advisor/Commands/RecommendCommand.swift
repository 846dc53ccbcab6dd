import AdvisorCore
import ArgumentParser
import Calibration
import Console
import CostModel
import Probe
import Reports

struct RecommendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "recommend",
    abstract: "Ranks every way to run a job here, with reasons.",
    discussion: """
        advisor recommend --job cpu:8x1e6
        advisor recommend --job mem:64x512MiB --what-if cpus=64,memory=256GiB
        advisor recommend --job wait:200x50ms --by-size
        advisor recommend --job cpu:8x1e6 --runtime python3   in Python's terms
      """)

  @OptionGroup var work: JobOptions
  @OptionGroup var goal: GoalOptions

  @Option(
    help: ArgumentHelp("Another machine: cpus=64,numa=2,memory=8GiB …", valueName: "changes"))
  var whatIf: String?

  @Flag(help: "Show the best strategy by number and size of tasks.")
  var bySize = false

  @OptionGroup var chosen: RuntimeOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws { try work.validateGiven() }

  func run() throws {
    guard var job = try work.builtIn() else { return }
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
    let model = try history.model(of: profile, history.open())
    if bySize { return try showMap(of: job, model) }
    var goal = goal.value
    goal.usesEngines = true
    var advice = try model.recommend(job, goal: goal)
    advice.profile.path = found.path
    let document = RecommendationDocument(advice)
    try output.show(document, as: TextReport.recommendation(document))
  }

  private func showMap(of job: Job, _ model: CostModel) throws {
    guard let stage = job.stages.first, job.stages.count == 1 else {
      throw ValidationError("--by-size varies the count and size of one stage: name a job without “+”.")
    }
    let map = try model.strategyMap(of: stage, goal: goal.value)
    try output.show(map, as: TextReport.strategyMap(map))
  }
}
