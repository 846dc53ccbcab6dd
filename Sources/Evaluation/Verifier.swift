public import AdvisorCore
public import CostModel
private import Statistics

/// Measures every sensible way of running each job of a suite, and sets the advice beside the best of them.
///
/// All ways of a job take turns in random order, so that a disturbance falls on none of them alone.
public struct Verifier {
  /// Runs a plan once and returns the seconds that it took.
  public typealias Run = (Job, Candidate) throws(AdvisorError) -> Double

  let model: CostModel
  let cpus: Int
  let seconds: Double
  let run: Run
  let report: (_ job: String, _ share: Double) -> Void
  let shouldStop: () -> Bool

  /// Each way is run at least so often.
  static let minRuns = 5
  static let maxRuns = 15

  /// - Parameters:
  ///   - seconds: for the whole suite; each way is run at least five times in any case.
  public init(
    model: CostModel, seconds: Double, report: @escaping (String, Double) -> Void = { _, _ in },
    shouldStop: @escaping () -> Bool = { false }, run: @escaping Run
  ) {
    self.model = model
    self.cpus = model.profile.machine.usable.logicalCPUs
    self.seconds = seconds
    self.report = report
    self.shouldStop = shouldStop
    self.run = run
  }

  /// - Parameter clock: monotonic seconds.
  /// - Throws: ``AdvisorError`` where no job of the suite could be measured.
  public func verify(_ jobs: [NamedJob], clock: () -> Double) throws(AdvisorError) -> Verification {
    var trials: [Trial] = []
    var skipped: [String] = []
    let start = clock()
    for (index, job) in jobs.enumerated() where !shouldStop() {
      report(job.label, Double(index) / Double(jobs.count))
      let deadline = start + seconds * Double(index + 1) / Double(jobs.count)
      do throws(AdvisorError) {
        trials.append(try trial(of: job, until: deadline, seed: UInt64(index + 1), clock))
      } catch {
        skipped.append("\(job.label): \(error.problem)")
      }
    }
    guard !trials.isEmpty else {
      throw AdvisorError(
        .temporary, "no job of the suite could be measured\(skipped.first.map { ": \($0)" } ?? "")",
        advice: "name other jobs with --suite, or calibrate again")
    }
    return Verification(cases: trials.map(\.verdict), summary: trials.summary, skipped: skipped)
  }

  private func trial(
    of job: NamedJob, until deadline: Double, seed: UInt64, _ clock: () -> Double
  ) throws(AdvisorError) -> Trial {
    let advice = try model.recommend(job.job)
    var trial = try Trial(job, advice, rules: try rules(for: job.job), model)
    var random = Xoshiro(seed: seed)
    for round in 0..<Self.maxRuns where round < Self.minRuns || clock() < deadline {
      for index in trial.candidates.indices.shuffled(using: &random) {
        guard !shouldStop() else {
          throw AdvisorError(.interrupted, "stopped before it was measured", advice: "verify again")
        }
        // A hopeless way is not worth the time of five runs.
        if round >= 2, trial.isHopeless(index) { continue }
        trial.times[index].append(try run(job.job, trial.candidates[index]))
      }
    }
    return trial
  }

  private func rules(for job: Job) throws(AdvisorError) -> [FixedRule: Candidate] {
    var rules: [FixedRule: Candidate] = [:]
    for rule in FixedRule.allCases {
      let choice = rule.choice(for: job, cpus: cpus)
      rules[rule] = try model.best(for: job, strategy: choice.strategy, workers: choice.workers)
    }
    return rules
  }
}
