import AdvisorCore
import Glibc
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
      throw AdvisorError(.usage, "a plan of \(plan.workers) workers cannot run", advice: "use at least one worker")
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
  private struct Limit {
    var value: Int
    var source: String
    var unit: String
  }

  private func checkLimits() throws(AdvisorError) {
    // Absurd counts must not overflow on the way to being refused.
    let workers = plan.stageWorkers?.reduce(0) { Int(clamping: UInt($0) + UInt($1)) } ?? plan.workers
    guard let tightest = applicable.min(by: { $0.value < $1.value }), workers > tightest.value else { return }
    throw AdvisorError(
      .usage,
      "\(workers) workers by \(plan.strategy.rawValue) are more than \(tightest.source) allows: "
        + "\(tightest.value) \(tightest.unit)",
      advice: "use at most \(max(1, tightest.value)) workers")
  }

  /// What bounds the number of workers of this strategy.
  private var applicable: [Limit] {
    switch plan.strategy {
    case .sequential, .tasks, .async: [fileLimit].compactMap(\.self)
    case .threads, .pipeline: processLimits + [mappingLimit, fileLimit].compactMap(\.self)
    case .processes: processLimits + [fileLimit].compactMap(\.self)
    }
  }

  private var processLimits: [Limit] {
    var found = ["/proc/sys/kernel/threads-max", "/proc/sys/kernel/pid_max"].compactMap { path in
      Self.number(in: path).map { Limit(value: $0, source: path, unit: "processes and threads") }
    }
    if let pids = limits.pids {
      found.append(
        Limit(value: pids, source: limits.sources["pids"] ?? "the pids limit", unit: "processes and threads"))
    }
    return found
  }

  /// Each thread's stack and its guard page are two mappings.
  private var mappingLimit: Limit? {
    let path = "/proc/sys/vm/max_map_count"
    return Self.number(in: path).map { Limit(value: $0 / 2, source: path, unit: "stacks") }
  }

  /// Descriptors that a worker holds in this process.
  private var filesPerWorker: Int {
    switch plan.strategy {
    // Its socket and its pidfd.
    case .processes: 2
    // One loop has them all: a connection each.
    case .async: job.stages.count { $0.kind == .io }
    // A file for each stage that reads; for one that downloads a connection and libcurl's own three.
    case .sequential, .threads, .tasks, .pipeline:
      job.stages.reduce(0) { $0 + ($1.kind == .io ? 4 : $1.kind == .disk ? 1 : 0) }
    }
  }

  /// What is left of the open files when this program's own are set aside.
  private var fileLimit: Limit? {
    guard filesPerWorker > 0, let files = limits.openFiles ?? Self.openFileLimit else { return nil }
    let own = 24
    return Limit(
      value: max(0, files - own) / filesPerWorker, source: "the limit of \(files) open files (ulimit -n)",
      unit: "workers")
  }

  private static var openFileLimit: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    return Int(clamping: limit.rlim_cur)
  }

  private static func number(in path: String) -> Int? {
    FolderTree.live.read(path, limit: 32).flatMap { Int(String(decoding: $0.prefix { $0 != 10 }, as: UTF8.self)) }
  }
}
