import AdvisorCore
import ArgumentParser
import Calibration
import Console
import CostModel
import Probe
import Reports
import Transfer
import Executors
import System

extension RunCommand {
  /// Runs a built-in job as recommended, or as the options say.
  func runBuiltIn(_ job: Job) throws {
    let machine = try Prober.live.machine()
    let profile = try costs.resolve(on: machine).profile.limited(by: machine.limits)
    let past = history.open()
    let now = profile.now(for: job)
    let candidate = try choose(for: job, history.model(of: now, past))
    var plan = machine.plan(for: candidate, job: job)
    if plan.cpus != nil, let refusal = Affinity.refusal {
      plan.cpus = nil
      Terminal.note("running unpinned: \(refusal.problem)")
    }
    Interruption.listen()
    let request = RunRequest(
      job: job, plan: plan, secondsPerUnit: profile.secondsPerUnit, limits: machine.limits)
    let seen = try observe(request, on: machine, expecting: candidate.predicted)
    let record = RunRecord(job: job, plan: plan, predicted: candidate.predicted, observed: seen.outcome)
    if !seen.interrupted, seen.failed == 0 { history.remember(record, profile: profile, now: now, in: past) }
    try output.show(record, as: TextReport.run(record))
    try report(seen)
  }

  /// - Throws: `ValidationError` for what a built-in job would otherwise ignore.
  func refuseOptionsOfCommands() throws {
    let control = tasks.control
    let given = [
      ("--dry-run", dry.dryRun), ("--journal", tasks.records.journal != nil), ("--joblog", tasks.records.jobLog != nil),
      ("--batch", calls.batch != nil), ("--results", tasks.printed.results != nil),
      ("--keep-order", tasks.printed.keepOrder),
      ("--tag", tasks.printed.tag), ("--inputs", inputs.source.isFile), ("--pipe", calls.pipe.isGiven),
      ("--retries", control.retries != nil), ("--timeout", control.timeout != nil), ("--halt", control.halt != nil),
      ("--nice", control.nice != 0), ("--env", !control.environment.isEmpty), ("--cwd", control.directory != nil),
      ("--delay", parallel.delay != nil), ("--threads", threads.threads != nil),
      ("--jobserver", jobServer.jobserver != nil),
    ]
    guard let option = given.first(where: \.1)?.0 else { return }
    throw ValidationError("\(option) is for commands over inputs: a built-in job would ignore it, leave it out.")
  }

  /// The recommended candidate, or the best among those that the options leave.
  private func choose(for job: Job, _ model: CostModel) throws(AdvisorError) -> Candidate {
    guard choice.isGiven else { return try model.recommend(job).recommended }
    return try model.best(for: job, strategy: choice.strategy, workers: choice.workers)
  }

  /// Runs the plan, beside a server of its own where the job downloads.
  private func observe(
    _ request: RunRequest, on machine: Machine, expecting predicted: Prediction
  ) throws(AdvisorError) -> JobRun {
    guard request.job.stages.contains(where: { $0.kind == .io }) else {
      return try BackgroundRun(request).wait(showing: predicted)
    }
    let server = try LoopbackServerProcess.start(apartOn: machine)
    var request = request
    request.ioURL = LoopbackServerProcess.urlTemplate(port: server.port, job: request.job)
    let seen = try BackgroundRun(request).wait(showing: predicted)
    // The server ends with its owner, which would otherwise be let go as soon as its address is known.
    withExtendedLifetime(server) {}
    return seen
  }

  private func report(_ seen: JobRun) throws {
    for failure in seen.failures { Terminal.note("task \(failure.task) failed: \(failure.reason)") }
    if seen.interrupted { throw ExitCode(AdvisorError.Code.interrupted.rawValue) }
    if seen.failed > 0 { throw ExitCode(AdvisorError.Code.someTasksFailed.rawValue) }
  }
}

/// A run on a thread of its own, while this one shows how far it is.
private struct BackgroundRun {
  private let progress = Progress()
  private let total: Int
  private let thread: WorkerThread
  private let outcome = Monitor<Result<JobRun, AdvisorError>?>(nil)

  init(_ request: RunRequest) throws(AdvisorError) {
    total = request.job.stages.first?.count ?? 0
    thread = try WorkerThread { [progress, outcome] in
      let result = Result { () throws(AdvisorError) in
        try executor(for: request.plan.strategy)
          .run(request, progress: progress, cancellation: Interruption.cancellation)
      }
      outcome.signal { $0 = result }
    }
  }

  func wait(showing predicted: Prediction) throws(AdvisorError) -> JobRun {
    let bar = ProgressBar("running")
    let start = MonotonicClock.seconds
    let result = outcome.wait { result in
      if result == nil { draw(bar, left: predicted.seconds.p50 - (MonotonicClock.seconds - start)) }
      return result
    }
    thread.join()
    bar.clear()
    return try result.get()
  }

  private func draw(_ bar: ProgressBar, left: Double) {
    bar.draw(
      Double(progress.done) / Double(max(1, total)),
      "\(progress.done)/\(total)  about \(Quantity.text(seconds: max(0, left))) left")
  }
}

extension MachineProfile {
  /// CPU time of one unit of each calibrated kernel.
  var secondsPerUnit: [Kernel: Double] {
    Dictionary(
      variableCosts.kernels.map { ($0.kernel, $0.secondsPerUnit.value) }, uniquingKeysWith: { first, _ in first })
  }
}

extension LoopbackServerProcess {
  /// Where a run downloads from, with places for the size and the latency of a task. Without latencies it asks as a calibration
  /// does: reading one takes the server 3 µs, a fifth of a small request.
  static func urlTemplate(port: UInt16, job: Job) -> String {
    let query = job.stages.contains { ($0.latencySeconds ?? 0) > 0 } ? "?latency={latency}" : ""
    return "http://127.0.0.1:\(port)/bytes/{bytes}\(query)"
  }
}
