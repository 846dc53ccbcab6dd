import AdvisorCore
import ArgumentParser
import CostModel
import Dispatch
import Execution
import Probe
import Reports
import Synchronization
import Transfer

extension RunCommand {
  /// Runs a built-in job as recommended, or as the options say.
  func runBuiltIn(_ job: Job) throws {
    let profile = try costs.resolve().profile
    let machine = try Prober.live.machine()
    let candidate = try choose(for: job, CostModel(profile: profile))
    let plan = machine.plan(for: candidate, job: job)
    Interruption.listen()
    let server = try job.stages.contains { $0.kind == .io } ? LoopbackServerProcess.start() : nil
    let request = RunRequest(
      job: job, plan: plan, secondsPerUnit: profile.secondsPerUnit, ioURL: server?.urlTemplate, limits: machine.limits)
    let seen = try BackgroundRun(request).wait(showing: candidate.predicted)
    let record = RunRecord(job: job, plan: plan, predicted: candidate.predicted, observed: seen.summary)
    try form.show(record, as: TextReport.run(record))
    try report(seen)
  }

  /// The recommended candidate, or the best among those that the options leave.
  private func choose(for job: Job, _ model: CostModel) throws(AdvisorError) -> Candidate {
    guard choice.isGiven else { return try model.recommend(job).recommended }
    return try model.best(for: job, strategy: choice.strategy, workers: choice.workers)
  }

  private func report(_ seen: Observation) throws {
    for failure in seen.failures { Terminal.note("task \(failure.task) failed: \(failure.reason)") }
    if seen.interrupted { throw ExitCode(AdvisorError.Code.interrupted.rawValue) }
    if seen.failed > 0 { throw ExitCode(AdvisorError.Code.someTasksFailed.rawValue) }
  }
}

/// A run on a thread of its own, while this one shows how far it is.
private struct BackgroundRun {
  private let progress = Progress()
  private let total: Int
  private let result = Outcome()
  private let ended = DispatchSemaphore(value: 0)

  init(_ request: RunRequest) {
    total = request.job.stages.first?.count ?? 0
    DispatchQueue.global().async { [progress, result, ended] in
      let outcome = Result { () throws(AdvisorError) in
        try executor(for: request.plan.strategy)
          .run(request, progress: progress, cancellation: Interruption.cancellation)
      }
      result.value.withLock { $0 = outcome }
      ended.signal()
    }
  }

  func wait(showing predicted: Prediction) throws(AdvisorError) -> Observation {
    let bar = ProgressBar("running")
    let start = ContinuousClock.now
    while ended.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
      let left = max(0, predicted.seconds.p50 - (ContinuousClock.now - start) / .seconds(1))
      bar.draw(
        Double(progress.done) / Double(max(1, total)),
        "\(progress.done)/\(total)  about \(Quantity.text(seconds: left)) left")
    }
    bar.clear()
    guard let outcome = result.value.withLock({ $0 }) else {
      throw AdvisorError(.temporary, "the run ended without a result", advice: "please report this")
    }
    return try outcome.get()
  }

  private final class Outcome: Sendable {
    let value = Mutex<Result<Observation, AdvisorError>?>(nil)
  }
}

extension Observation {
  fileprivate var summary: RunRecord.Observed {
    RunRecord.Observed(
      seconds: seconds, cpuSeconds: cpuSeconds, tasks: tasks, failed: failed, maxRSSBytes: maxRSSBytes)
  }
}

extension MachineProfile {
  fileprivate var secondsPerUnit: [Kernel: Double] {
    Dictionary(
      variableCosts.kernels.map { ($0.kernel, $0.secondsPerUnit.value) }, uniquingKeysWith: { first, _ in first })
  }
}
