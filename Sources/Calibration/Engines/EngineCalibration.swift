public import AdvisorCore
private import FoundationEssentials
public import Engines
import System

/// Measures what an engine costs, through the very code that runs tasks on it later: its start, each call, the data in and
/// out, its workers and their rate to a source of data.
public struct EngineCalibration {
  let make: () -> any Engine
  let program: String
  let address: String?
  let isUp: Bool
  let level: MachineProfile.Level
  /// Of the reference kernel, on this machine, s/unit.
  let secondsPerUnit: Double
  let sourceURL: String?
  let watch: CalibrationWatch

  /// - Parameters:
  ///   - address: of the scheduler, where one was named.
  ///   - isUp: whether the engine is there before it is started by us.
  ///   - program: where `advisor` is on the workers, each of which is probed by it.
  ///   - secondsPerUnit: of the reference kernel on this machine: what a worker is given to do takes about as long there.
  ///   - sourceURL: what `io` stages download, or the like of it; each worker fetches it.
  ///   - make: an engine that has not started; each start is that of another one.
  public init(
    address: String? = nil, isUp: Bool, program: String, level: MachineProfile.Level, secondsPerUnit: Double,
    sourceURL: String? = nil,
    make: @escaping () -> any Engine, watch: CalibrationWatch = CalibrationWatch()
  ) {
    self.address = address
    self.isUp = isUp
    self.level = level
    self.secondsPerUnit = secondsPerUnit
    self.sourceURL = sourceURL
    self.make = make
    self.program = program
    self.watch = watch
  }

  /// - Throws: ``AdvisorError`` where the engine cannot be reached or used, or it is stopped before its calls were measured.
  public func run() throws(AdvisorError) -> EngineCosts {
    let engine = make()
    let name = engine.name
    var findings = EngineFindings()
    do throws(AdvisorError) {
      try measure(EngineTrial(engine, shouldStop: watch.shouldStop), into: &findings)
    } catch {
      // What came before an interruption is kept.
      guard error.code == .interrupted else { throw error }
      findings.quality.append(.cutShort)
    }
    guard
      let costs = findings.costs(engine: name, address: address, isUp: isUp, now: Date().formatted(.iso8601))
    else {
      throw AdvisorError(.interrupted, "stopped before the calls of \(name) were measured", advice: "calibrate again")
    }
    return costs
  }

  private func measure(_ trial: EngineTrial, into findings: inout EngineFindings) throws(AdvisorError) {
    // Starts take what they take: others may be in the queue before the first task.
    func deadline(_ share: Double) -> Double { MonotonicClock.seconds + share * budget }
    watch.report("starting", 0)
    try startUp(trial, into: &findings)
    watch.report("calls", 0.15)
    try calls(trial, until: deadline(0.4), into: &findings)
    watch.report("workers", 0.45)
    try probeWorkers(trial, into: &findings)
    watch.report("data in and out", 0.6)
    try transfers(trial, until: deadline(0.2), into: &findings)
    if let sourceURL {
      watch.report("the source of data", 0.75)
      try fetch(sourceURL, trial, into: &findings)
    }
    trial.stop()
    for start in 0..<2 {
      watch.report("starting again", 0.8 + 0.1 * Double(start))
      try startUp(EngineTrial(make(), shouldStop: watch.shouldStop), into: &findings)
    }
    watch.report("done", 1)
  }

  /// Seconds that the repeated measuring may take beside the starts.
  private var budget: Double {
    switch level {
    case .quick: 6
    case .standard: 15
    case .thorough: 60
    }
  }

  private func startUp(_ trial: EngineTrial, into findings: inout EngineFindings) throws(AdvisorError) {
    findings.ready.append(try trial.start())
    findings.workers = findings.workers.isEmpty ? trial.workers : findings.workers
    findings.first.append(try trial.run([Self.call(tasks: 1)]).seconds)
  }

  /// Tasks of a job that computes as good as nothing.
  static func call(tasks: Int) -> TaskWork { .builtIn(nothing, tasks: Array(0..<tasks)) }

  static let nothing = Job(text: "nothing", stages: [Stage(kind: .cpu, count: 1000, size: .units(1))])

  /// Two rounds, and more until the deadline. The first one says how many calls are worth their time.
  private func calls(
    _ trial: EngineTrial, until deadline: Double, into findings: inout EngineFindings
  ) throws(AdvisorError) {
    let few = 2 * trial.slots
    var many = 20 * trial.slots
    // What comes first finds workers that have not done anything yet.
    _ = try trial.run(Self.calls(few))
    while findings.rounds.count < 2 || MonotonicClock.seconds < deadline, findings.rounds.count < 30 {
      let began = MonotonicClock.seconds
      let short = try trial.run(Self.calls(few))
      let long = try trial.run(Self.calls(many))
      let chunked = try trial.run(Self.calls(many, tasks: Self.tasksInChunk))
      findings.rounds.append(
        EngineFindings.Round(
          few: few, fewSeconds: short.seconds, many: many, manySeconds: long.seconds,
          workerSeconds: long.results.map(\.usage.wallSeconds).reduce(0, +) / Double(long.results.count),
          chunk: (Self.tasksInChunk, chunked.seconds)))
      watch.report("calls", 0.15 + 0.3 * min(1, Double(findings.rounds.count) / 6))
      let left = deadline - MonotonicClock.seconds
      let isShort = findings.rounds.count == 1 && left > 8 * (MonotonicClock.seconds - began)
      if isShort { many = min(1000, many * 4) }
    }
  }

  private static let tasksInChunk = 100

  private static func calls(_ count: Int, tasks: Int = 1) -> [TaskWork] {
    Array(repeating: call(tasks: tasks), count: count)
  }
}
