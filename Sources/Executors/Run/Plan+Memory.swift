import AdvisorCore
import Workloads

extension Plan {
  /// The plan with no more workers than fit under its memory cap: the tasks then run in batches of that many.
  ///
  /// - Throws: `.usage` where not even one task fits.
  func capped(for job: Job) throws(AdvisorError) -> Plan {
    guard let memoryCapBytes else { return self }
    var capped = self
    if strategy == .pipeline {
      capped.stageWorkers = try cappedStageWorkers(of: job, memoryCapBytes)
      capped.workers = capped.stageWorkers?.reduce(0, +) ?? workers
    } else {
      let perTask = job.stages.map(\.residentBytes).max() ?? 0
      guard perTask > 0 else { return self }
      let fitting = (memoryCapBytes / perTask).rounded(.down)
      guard fitting >= 1 else { throw Self.misfit(perTask, memoryCapBytes) }
      capped.workers = min(workers, Int(clamped: fitting))
    }
    return capped
  }

  /// Takes workers from the stage that holds most memory until all fit.
  private func cappedStageWorkers(of job: Job, _ capBytes: Double) throws(AdvisorError) -> [Int] {
    var counts = stageWorkers(stages: job.stages.count)
    let perTask = job.stages.map(\.residentBytes)
    func held(_ stage: Int) -> Double { Double(counts[stage]) * perTask[stage] }
    while counts.indices.reduce(0, { $0 + held($1) }) > capBytes {
      let reducible = counts.indices.filter { counts[$0] > 1 && perTask[$0] > 0 }
      guard let largest = reducible.max(by: { held($0) < held($1) }) else {
        throw Self.misfit(perTask.reduce(0, +), capBytes)
      }
      counts[largest] -= 1
    }
    return counts
  }

  private static func misfit(_ bytes: Double, _ capBytes: Double) -> AdvisorError {
    AdvisorError(
      .usage,
      "one task holds \(Quantity.text(bytes: bytes)), more than the plan's memory cap of \(Quantity.text(bytes: capBytes))",
      advice: "split the task into smaller ones, or raise the cap")
  }
}

extension Stage {
  /// What one task holds in memory: as the job says, and no less than its workload's own buffers.
  fileprivate var residentBytes: Double {
    let own = kind == .mem ? 3 * Double(StreamWorkload.defaultArrayBytes) : 0
    return max(memoryBytes ?? 0, own)
  }
}
