import AdvisorCore

/// What a worker must know besides the job to do its work.
struct Surroundings: Sendable, Equatable {
  /// CPU time of one unit of each kernel that the job times in seconds.
  var secondsPerUnit: [Kernel: Double] = [:]
  /// The file that `disk` stages read.
  var scratchPath: String?
  /// As ``RunRequest/ioURL``.
  var ioURL: String?

  /// What each stage of a job does here.
  func work(of job: Job) throws(AdvisorError) -> [StageWork] {
    var stages: [StageWork] = []
    for stage in job.stages { stages.append(try StageWork(stage, in: self)) }
    return stages
  }

  func secondsPerUnit(of kernel: Kernel) throws(AdvisorError) -> Double {
    guard let seconds = secondsPerUnit[kernel], seconds > 0 else {
      throw AdvisorError(
        .badData, "the cost of a unit of \(kernel.rawValue) is not known",
        advice: "calibrate first, or give the size in units")
    }
    return seconds
  }
}
