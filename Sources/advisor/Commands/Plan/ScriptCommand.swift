import AdvisorCore
import ArgumentParser
import Calibration
import CostModel
import FoundationEssentials
import Probe
import Reports
import Engines
import System
import Tasks

struct ScriptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "script",
    abstract: "Writes the script that submits a job to Slurm or Dask.",
    usage: "advisor plan script --engine <engine> [<options>] -- <command> {} ::: ...",
    discussion: """
      For slurm it is an sbatch script, for dask a client program.

        advisor plan script --engine slurm --chunk 4 -- gzip -k {} ::: *.txt
        advisor plan script --engine dask --function words:task -- ::: 3 5 8
      """)

  @OptionGroup(title: "Command, function or job") var words: CommandArgument

  @OptionGroup(title: "Command, function or job") var called: CalledFunction

  @OptionGroup(title: "Command, function or job") var work: JobOptions
  @OptionGroup(title: "Inputs") var inputs: CommandInputOptions
  @OptionGroup(title: "Engines") var calls: SubmissionOptions
  @OptionGroup(title: "Engines") var engine: EngineOptions
  @OptionGroup(title: "Engines") var python: PythonOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard engine.name != nil else { throw ValidationError("For which engine? --engine slurm or --engine dask.") }
    let hasCommand = called.function == nil && !words.command.isEmpty
    guard [hasCommand, called.function != nil, work.isGiven].count(where: \.self) == 1 else {
      throw ValidationError("Name one thing to run: -- COMMAND {} ::: INPUT…, --function MODULE:FUNCTION or --job JOB.")
    }
  }

  func run() throws {
    guard let name = engine.name else { return }
    let machine = try Prober.live.machine()
    let profile = try costs.savedModel(of: machine)?.profile
    let given = try work(profile)
    let sizing = Sizing(name, given.job, profile, address: engine.scheduler, chunk: calls.chunk)
    let script = try SubmissionScript(
      given.recipe, given.inputs, chunk: sizing.chunk, title: "\(given.text), written by advisor.",
      remarks: sizing.remarks, program: engine.engineProgram ?? OwnProgram.path)
    let text: String
    switch name {
    case .slurm: text = try script.slurm(arguments: engine.sbatch, interpreter: python.interpreter ?? "python3")
    case .dask:
      let count = calls.workers ?? max(1, Int(machine.usable.effectiveCPUs.rounded(.up)))
      text = script.dask(engine.dask(workers: count, interpreter: python.interpreter))
    }
    let emitted = EmittedScript(
      engine: name.rawValue, tasks: script.tasks, chunk: script.chunk, remarks: sizing.remarks, script: text)
    try output.show(emitted, as: String(text.dropLast()))
  }

  private func work(_ profile: MachineProfile?) throws -> EngineWork {
    if let function = called.function { return try EngineWork(function: function, inputs.source) }
    if let job = try work.builtIn() { return try EngineWork(job, profile) }
    let words = CommandLineWords(CommandLineWords.afterTerminator())
    return EngineWork(words, try inputs.work(words))
  }
}

/// A Python function instead of a command.
struct CalledFunction: ParsableArguments {
  @Option(help: ArgumentHelp("Python function: words:task is task in words.py.", valueName: "m:f"))
  var function: String?
}

/// How tasks are put into calls of an engine.
struct SubmissionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Tasks per call (default: as the costs say).", valueName: "n"))
  var chunk: Int?

  @OptionGroup private var number: WorkerOptions

  var workers: Int? { number.workers }

  func validate() throws {
    if let chunk, chunk < 1 { throw ValidationError("--chunk \(chunk): a call does at least one task.") }
  }
}

/// A script with what it is for.
private struct EmittedScript: Encodable {
  let schema = "advisor.script/1"
  var engine: String
  var tasks: Int
  var chunk: Int
  var remarks: [String]
  var script: String
}

/// How many tasks a call should do, and why.
private struct Sizing {
  var chunk: Int
  var remarks: [String]

  init(_ engine: EngineName, _ job: Job?, _ profile: MachineProfile?, address: String?, chunk: Int?) {
    let name = address.map { "\(engine.rawValue) at \($0)" } ?? engine.rawValue
    let found = job.flatMap { job in profile.flatMap { Self.candidate(job, $0, name) } }
    if let found {
      let seconds = found.predicted.seconds
      remarks = [
        "On \(count(found.workers, "slot")) it should take \(Quantity.text(seconds: seconds.p50)) (90 %: "
          + "\(Quantity.text(seconds: seconds.p5)) to \(Quantity.text(seconds: seconds.p95)))."
      ]
    } else if job == nil {
      remarks = ["How long a task takes is not known: try some, and put 2 to 5 s of work into a call (--chunk)."]
    } else {
      remarks = ["What \(name) costs is not known: advisor calibrate --engine \(engine.rawValue) measures it."]
    }
    self.chunk = chunk ?? found?.chunk ?? 1
  }

  private static func candidate(_ job: Job, _ profile: MachineProfile, _ name: String) -> Candidate? {
    guard let advice = try? CostModel(profile: profile).recommend(job, goal: Goal(usesEngines: true)) else {
      return nil
    }
    return ([advice.recommended] + advice.alternatives).first { $0.engine == name }
  }
}
