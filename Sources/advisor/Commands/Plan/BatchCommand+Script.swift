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

/// What `plan batch` can write instead of a verdict.
enum Emission: String, ExpressibleByArgument, CaseIterable { case script }

/// A script with what it is for.
private struct EmittedScript: Encodable {
  let schema = "advisor.script/1"
  var engine: String
  var tasks: Int
  var chunk: Int
  var remarks: [String]
  var script: String
}

extension BatchCommand {
  /// Prints what one would submit by hand.
  func emitScript(_ name: EngineName) throws {
    guard given.pipePart == nil, given.batch == nil, work.urls == nil else {
      throw ValidationError(
        "A script holds its tasks: leave --pipe-part, --batch and --urls out; --chunk puts tasks together.")
    }
    let machine = try Prober.live.machine()
    let profile = try known(on: machine)
    let given = try EngineWork(work, given, CommandLimits(machine), profile)
    let sizing = Sizing(name, given.job, profile, address: elsewhere.scheduler, chunk: chunk)
    let script = try SubmissionScript(
      given.recipe, given.inputs, chunk: sizing.chunk, title: "\(given.text), written by advisor.",
      remarks: sizing.remarks, program: elsewhere.engineProgram ?? OwnProgram.path)
    let text: String
    switch name {
    case .slurm: text = try script.slurm(arguments: elsewhere.sbatch, interpreter: interpreter ?? "python3")
    case .dask:
      let count = workers ?? max(1, Int(machine.usable.effectiveCPUs.rounded(.up)))
      text = script.dask(elsewhere.dask(workers: count, interpreter: interpreter))
    }
    let emitted = EmittedScript(
      engine: name.rawValue, tasks: script.tasks, chunk: script.chunk, remarks: sizing.remarks, script: text)
    try form.show(emitted, as: String(text.dropLast()))
  }

  /// A profile that is there: a script can be written without one.
  private func known(on machine: Machine) throws(AdvisorError) -> MachineProfile? {
    if let found = try costs.named() { return found.profile }
    let store = try? ProfileStore.user(environment: ProcessInfo.processInfo.environment)
    return try? store?.profile(of: machine.fingerprint)?.profile
  }
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
        "On \(found.workers) slots it should take \(Quantity.text(seconds: seconds.p50)) (90 %: "
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
