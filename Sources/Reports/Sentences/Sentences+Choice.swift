import AdvisorCore

/// What other ways, other numbers and other machines would make of the job.
extension Sentences {
  func equallyFast(_ plan: Plan) -> String {
    "\(opening(plan)) would be just as fast; ties go to fewer workers, then less memory, then the simpler strategy."
  }

  func worseForObjective(_ plan: Plan, _ objective: String) -> String {
    "\(opening(plan)) would be faster, but worse for the objective (\(objective))."
  }

  func slower(_ plan: Plan, _ seconds: Double, _ share: Double, _ mostly: Prediction.Part?) -> String {
    let cause = mostly.map { ", mostly \($0.name) (\(time($0.seconds)))" } ?? ""
    return "\(opening(plan)) would take \(time(seconds)) longer (\(percent(share)))\(cause)."
  }

  private func opening(_ plan: Plan) -> String { strategies.name(of: plan).capitalisedFirst }

  func breakEven(
    _ strategy: Strategy, _ tasks: Int, _ seconds: Double, _ processesSeconds: Double?, _ taskSeconds: Double
  ) -> String {
    let subject = strategies.subject(strategy)
    let processes = processesSeconds.map { ", processes above \(time($0))" } ?? ""
    return "With \(count(tasks, "task")), \(subject.name) pay\(subject.verbEnding) off above \(time(seconds)) per task"
      + "\(processes); here a task takes \(time(taskSeconds))."
  }

  func enough(_ strategy: Strategy, _ workers: Int, _ fewer: Int, _ ratio: Double) -> String {
    let (most, less) =
      strategy == .async
      ? ("\(workers) in flight", "\(fewer) in flight") : (count(workers, "worker"), count(fewer, "worker"))
    return "More than \(most) gain nothing; \(less) would take \(times(ratio)) as long."
  }

  func lateWorkers(_ cpus: Int, _ seconds: Double, _ touchesMemory: Bool) -> String {
    "All \(count(cpus, "CPU")) would take \(time(seconds)): the last workers would "
      + "\(touchesMemory ? "have their memory" : "start") too late to help."
  }

  func imagined(_ opening: String, _ seconds: Double, _ plan: Plan) -> String {
    "\(opening) it would take about \(time(seconds)), by \(strategies.name(of: plan))."
  }

  func closeCall(_ confidence: Double, _ ways: Int, _ trialSeconds: Double) -> String {
    "Close call (\(percent(confidence)) sure): trying the best \(count(ways, "way")) on a fiftieth of the tasks would settle "
      + "it in about \(time(trialSeconds))."
  }

  func engine(
    _ plan: Plan, _ seconds: Double, _ localSeconds: Double, _ tasks: Int, _ parts: [Prediction.Part]
  ) -> String {
    let name = strategies.name(of: plan)
    let opening =
      seconds < localSeconds
      ? "\(name.capitalisedFirst) would take \(time(seconds)), this machine alone \(time(localSeconds))"
      : "Stay on one machine: \(name) would take \(time(seconds)), not \(time(localSeconds))"
    let shares = parts.isEmpty ? "" : ": \(list(parts))"
    let idle = tasks < plan.workers ? "; only \(tasks) of the \(count(plan.workers, "slot")) would have work" : ""
    return "\(opening)\(shares)\(idle)."
  }

  func engineBreakEven(_ engine: String, _ tasks: Double?, _ workSeconds: Double?, _ taskWorkSeconds: Double) -> String
  {
    let byCount = tasks.map { "above about \(Quantity.significant($0)) such tasks" }
    let byWork = workSeconds.map {
      "above about \(time($0)) of computing per task (here \(time(taskWorkSeconds)))"
    }
    switch (byCount, byWork) {
    case (nil, nil): return "No size of this job pays off on \(engine)."
    case (let count?, nil): return "\(engine.capitalisedFirst) pays off \(count)."
    case (nil, let work?):
      return "No number of such tasks pays off on \(engine); with the same data, it pays off \(work)."
    case (let count?, let work?): return "\(engine.capitalisedFirst) pays off \(count), or \(work)."
    }
  }
}
