package import AdvisorCore
import Transfer
import Workloads

/// A job made ready: checked, its sizes turned into units, its files prepared.
package final class Assignment: Sendable {
  let job: Job
  /// The request's plan, within its memory cap.
  let plan: Plan
  let surroundings: Surroundings
  package let stages: [StageWork]
  let count: Int
  let workerProgram: String
  /// What reads go to; freed with the assignment.
  private let scratch: ScratchFile?

  /// - Throws: `AdvisorError` where the plan cannot be obeyed or a file cannot be prepared.
  package init(_ request: RunRequest) throws(AdvisorError) {
    try PlanCheck(job: request.job, plan: request.plan, limits: request.limits).validate()
    let scratch = try Self.makeScratch(for: request.job)
    // It takes longer than many a job's downloads. Worker processes load it each for themselves, and that is predicted.
    if request.plan.strategy != .processes, request.job.stages.contains(where: { $0.kind == .io }) { try Loop.load() }
    job = request.job
    plan = try request.plan.capped(for: request.job)
    surroundings = Surroundings(
      secondsPerUnit: try Self.costs(for: request), scratchPath: scratch?.path, ioURL: request.ioURL)
    stages = try surroundings.work(of: request.job)
    count = request.job.stages.first?.count ?? 0
    workerProgram = request.workerProgram
    self.scratch = scratch
  }

  /// Work that is given, not described: to look on from inside.
  init(_ stages: [StageWork], count: Int, plan: Plan) {
    job = Job(text: "", stages: [])
    self.plan = plan
    surroundings = Surroundings()
    self.stages = stages
    self.count = count
    workerProgram = ""
    scratch = nil
  }

  func makeQueue() -> TaskQueue { TaskQueue(count: count, chunk: plan.chunk) }

  /// The request's costs, and those that it lacks but the job needs, timed on the spot.
  private static func costs(for request: RunRequest) throws(AdvisorError) -> [Kernel: Double] {
    var costs = request.secondsPerUnit
    for stage in request.job.stages where stage.kind == .cpu && costs[stage.kernel] == nil {
      if case .seconds = stage.size { costs[stage.kernel] = try stage.kernel.secondsPerUnit() }
    }
    return costs
  }

  /// Large enough that a disk's own cache does not hold all of it, small enough to write in a moment.
  private static let largestScratchBytes = 0x1p27

  /// The file that `disk` stages read; nil where the job has none.
  private static func makeScratch(for job: Job) throws(AdvisorError) -> ScratchFile? {
    var bytes = 0.0
    for stage in job.stages where stage.kind == .disk {
      if case .bytes(let size) = stage.size { bytes = max(bytes, size * Double(stage.count)) }
    }
    return bytes > 0 ? try ScratchFile(bytes: Int(min(bytes, largestScratchBytes))) : nil
  }
}
