import AdvisorCore
import Probe

/// Refuses plans that cannot be obeyed, before anything is started.
struct PlanCheck {
  let job: Job
  let plan: Plan
  let limits: Machine.Limits

  func validate() throws(AdvisorError) {
    try checkJob()
    try checkNumbers()
    try checkStages()
    try checkPlaces()
    try checkLimits()
  }

  private func checkJob() throws(AdvisorError) {
    guard !job.stages.isEmpty, job.stages.allSatisfy({ $0.count >= 1 }) else {
      throw AdvisorError(.usage, "the job has no tasks", advice: "write one such as cpu:8x1e6")
    }
    if job.stages.contains(where: { $0.kind == .command }) {
      throw AdvisorError(
        .usage, "a command is not a kind of built-in work", advice: "run it as `advisor run -- COMMAND {} ::: INPUT…`")
    }
  }

  private func checkNumbers() throws(AdvisorError) {
    guard plan.workers >= 1, plan.stageWorkers?.allSatisfy({ $0 >= 1 }) ?? true else {
      throw AdvisorError(
        .usage, "a plan of \(count(plan.workers, "worker")) cannot run", advice: "use at least one worker")
    }
    guard plan.chunk >= 1 else {
      throw AdvisorError(.usage, "a chunk of \(plan.chunk) tasks cannot be handed out", advice: "use at least one")
    }
  }

  private func checkStages() throws(AdvisorError) {
    if plan.strategy == .async, let stage = job.stages.first(where: { $0.kind != .wait && $0.kind != .io }) {
      throw AdvisorError(
        .usage, "async cannot run \(stage.kind.rawValue) stages: they would hold up its one event loop",
        advice: "use threads or processes, or keep async for wait and io")
    }
    if plan.strategy == .pipeline, let stageWorkers = plan.stageWorkers, stageWorkers.count != job.stages.count {
      throw AdvisorError(
        .usage, "the plan has worker counts for \(stageWorkers.count) stages, but the job has \(job.stages.count)",
        advice: "give one count a stage")
    }
  }

  private func checkPlaces() throws(AdvisorError) {
    guard let cpus = plan.cpus else { return }
    guard !cpus.isEmpty else {
      throw AdvisorError(.usage, "the plan's list of CPUs is empty", advice: "name CPUs, or leave placement out")
    }
    guard let allowed = try? Affinity.current(), let bad = cpus.first(where: { !allowed.contains($0) }) else { return }
    throw AdvisorError(
      .usage, "the plan wants CPU \(bad), but this process may use only CPUs \(allowed)",
      advice: "make the plan anew here; `advisor probe` shows what is allowed")
  }
}

extension PlanCheck {
  private func checkLimits() throws(AdvisorError) {
    // Absurd counts must not overflow on the way to being refused.
    let workers = plan.stageWorkers?.reduce(0) { Int(clamping: UInt($0) + UInt($1)) } ?? plan.workers
    let limit = WorkerLimit(.init(plan.strategy, stages: job.stages), limits: limits)
    guard workers > limit.count else { return }
    let advice = limit.count > 0 ? "use at most \(count(limit.count, "worker")), or raise the limit" : "raise the limit"
    throw AdvisorError(
      .usage,
      "\(limit.reason) leaves room for \(count(limit.count, "worker")) by \(plan.strategy.rawValue), not \(workers)",
      advice: advice)
  }
}
