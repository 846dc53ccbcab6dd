import AdvisorCore
import ArgumentParser
import Calibration
import Console
import CostModel
import Probe
import Reports
import System
import Tasks
import Tuning

struct RecommendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "recommend",
    abstract: "Ranks every way to run a job here, with reasons.",
    discussion: """
        advisor recommend --job cpu:8x1e6
        advisor recommend -- gzip -k {} ::: *.log   runs it on a few inputs
        advisor recommend --job mem:64x512MiB --what-if cpus=64,memory=256GiB
        advisor recommend --job wait:200x50ms --by-size
        advisor recommend --job cpu:8x1e6 --runtime python3   in Python's terms
      """)

  @OptionGroup(title: "Command or job") var words: CommandArgument
  @OptionGroup(title: "Command or job") var work: JobOptions

  @Option(help: ArgumentHelp("Time that running a command on a few inputs may take.", valueName: "time"))
  var pilotTime = "5s"

  @OptionGroup(title: "Inputs") var inputs: CommandInputOptions
  @OptionGroup var goal: GoalOptions

  @Option(
    help: ArgumentHelp("Another machine: cpus=64,numa=2,memory=8GiB …", valueName: "changes"))
  var whatIf: String?

  @Flag(help: "Show the best strategy by number and size of tasks.")
  var bySize = false

  @Flag(help: "Show where the width of the interval comes from.")
  var explainInterval = false

  @OptionGroup var chosen: RuntimeOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard work.isGiven == words.command.isEmpty else {
      throw ValidationError(
        work.isGiven
          ? "Name one job: --job, --job-file or a command after --, not several of them."
          : "Name a job: --job cpu:8x1e6 or --job-file FILE, or a command with its inputs: -- gzip -k {} ::: *.log. "
            + "`advisor run` and `advisor map` find the number of workers themselves.")
    }
    if Quantity.seconds(pilotTime).map({ $0 > 0 }) != true {
      throw ValidationError("--pilot-time \(pilotTime.printable): give a time above zero with its unit, such as 5s.")
    }
    if !words.command.isEmpty, bySize || chosen.runtime != nil {
      throw ValidationError("--by-size and --runtime are for a job: name one, such as --job cpu:8x1e6.")
    }
  }

  func run() throws {
    if !words.command.isEmpty { return try recommendForCommand() }
    guard var job = try work.builtIn() else { return }
    let imagined = try whatIf.map { text throws(AdvisorError) in try WhatIf(text) }
    let here = try Prober.live.machine()
    let found = try costs.resolve(on: here)
    var profile = found.profile
    let isHere = here.fingerprint == profile.fingerprint
    if isHere { profile = profile.limited(by: here.limits) }
    if isHere, whatIf == nil { profile = profile.now(for: job) }
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
    try show(job, model, goal, path: found.path)
  }

  /// Runs the command on a few inputs and ranks the ways to run it on the others.
  private func recommendForCommand() throws {
    let words = CommandLineWords(CommandLineWords.afterTerminator())
    let work = try inputs.work(words)
    guard work.inputs.columns > 0 else { throw Self.withoutInputs(ShellQuoting.typed(words.command)) }
    let machine = try Prober.live.machine()
    let found = try costs.resolve(on: machine)
    var profile = found.profile.limited(by: machine.limits)
    var pilot = CommandPilot(seconds: Quantity.seconds(pilotTime) ?? 5)
    var options = TaskOptions()
    options.limits = TaskLimits(machine)
    options.output = StandardStream.error
    var job = try pilot.job(ShellQuoting.typed(words.command), of: work, options)
    if let imagined = try whatIf.map({ text throws(AdvisorError) in try WhatIf(text) }) {
      profile = try profile.whatIf(imagined)
      job = imagined.applied(to: job)
    }
    let model = try history.model(of: profile, history.open()).measured(in: pilot.conditions)
    let advice = try show(job, model, goal.value, path: found.path)
    guard whatIf == nil else { return }
    TrialHistory(history, TrialPlace(words: words.command, on: machine)).remember(
      pilot, inputs: work.inputs.count ?? pilot.tasks, advice)
  }

  /// A command that runs once has no workers of ours, but may have a number of its own.
  private static func withoutInputs(_ command: String) -> AdvisorError {
    let program = command.prefix { $0 != " " }.printable
    let knob = KnownProgram.place(in: program) ?? "{n}"
    return AdvisorError(
      .usage, "\(command.quoted) has no inputs to share out",
      advice: """
        the best value of its own number of workers: advisor tune -- \(command) \(knob)
          → what holds it back: advisor why -- \(command)
          → one run for each input: advisor recommend -- \(command) {} ::: INPUT …
        """)
  }

  @discardableResult
  private func show(_ job: Job, _ model: CostModel, _ goal: Goal, path: String) throws -> Recommendation {
    var advice = try model.recommend(job, goal: goal)
    advice.profile.path = path
    let document = RecommendationDocument(advice, explainsInterval: explainInterval)
    try output.show(document, as: TextReport.recommendation(document))
    return advice
  }

  private func showMap(of job: Job, _ model: CostModel) throws {
    guard let stage = job.stages.first, job.stages.count == 1 else {
      throw ValidationError("--by-size varies the count and size of one stage: name a job without “+”.")
    }
    let map = try model.strategyMap(of: stage, goal: goal.value)
    try output.show(map, as: TextReport.strategyMap(map))
  }
}
