public import AdvisorCore
private import FoundationEssentials
import System

/// Measures real commands with every sensible number of workers beside the number that `advisor run` finds itself.
///
/// Each run is one of this program's own, as a user would start it: what it predicted then is held against what it took.
public struct CommandVerifier {
  /// Runs a command over inputs with a number of workers; nil lets the run find it.
  public typealias Run = (_ words: [String], _ inputs: [String], _ workers: Int?) throws(AdvisorError) -> Measurement

  let cpus: Int
  let seconds: Double
  let run: Run
  let address: (_ bytes: Int, _ latencySeconds: Double) -> String
  let report: (_ command: String, _ share: Double) -> Void
  let shouldStop: () -> Bool

  /// A command takes the time of a hundred runs of a built-in job.
  private static let (minRuns, maxRuns) = (3, 15)

  /// - Parameters:
  ///   - seconds: for the whole suite; each way is run at least three times in any case.
  ///   - address: of a server that sends a number of bytes after a latency.
  public init(
    cpus: Int, seconds: Double, address: @escaping (Int, Double) -> String,
    report: @escaping (String, Double) -> Void = { _, _ in }, shouldStop: @escaping () -> Bool = { false },
    run: @escaping Run
  ) {
    self.cpus = cpus
    self.seconds = seconds
    self.run = run
    self.address = address
    self.report = report
    self.shouldStop = shouldStop
  }

  /// - Parameters:
  ///   - folder: in which a folder of inputs is made and removed again.
  ///   - clock: monotonic seconds.
  /// - Throws: ``AdvisorError`` where no command could be measured.
  public func verify(in folder: String, clock: @escaping () -> Double) throws(AdvisorError) -> Verification {
    try verify(CommandCase.suite, in: folder, clock: clock)
  }

  func verify(_ cases: [CommandCase], in folder: String, clock: @escaping () -> Double) throws(AdvisorError)
    -> Verification
  {
    let rounds = Rounds(minRuns: Self.minRuns, maxRuns: Self.maxRuns, clock: clock, shouldStop: shouldStop)
    return try rounds.verify(cases, named: \.name, within: seconds, report: report) {
      (command, deadline, seed) throws(AdvisorError) in
      try trial(of: command, in: folder, until: deadline, seed: seed, rounds)
    }
  }

  private func trial(
    of command: CommandCase, in parent: String, until deadline: Double, seed: UInt64, _ rounds: Rounds
  ) throws(AdvisorError) -> Trial {
    for program in command.programs { _ = try CommandLookup.find(program) }
    let folder: String
    do throws(WriteFault) { folder = try ScratchFolder.make(in: parent, prefix: "advisor-verify-") } catch {
      throw error.error(parent)
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let inputs = try command.inputs.make(in: folder, address: address)
    let counts: [Int?] = [nil] + Self.workerCounts(cpus: cpus, tasks: inputs.count)
    func place(_ count: Int) -> Int { counts.firstIndex(of: count) ?? 0 }
    var trial = Trial(
      name: command.name, job: command.text,
      ways: counts.map { Trial.Way(strategy: .processes, workers: $0 ?? 0) },
      rules: [.oneAtATime: place(1), .onePerCPU: place(min(cpus, inputs.count))])
    try rounds.measure(&trial, until: deadline, seed: seed) { index throws(AdvisorError) in
      try run(command.words, inputs, counts[index])
    }
    guard !trial.forecasts.isEmpty else {
      throw AdvisorError(.temporary, "its runs were over before they were predicted", advice: "verify again")
    }
    return trial
  }

  /// One, two, the CPUs and half as many more, and what waiting takes: up to eight a CPU and all tasks at once.
  static func workerCounts(cpus: Int, tasks: Int) -> [Int] {
    let counts = [1, 2, 3, cpus, cpus * 3 / 2, 2 * cpus, 4 * cpus, 8 * cpus, 16 * cpus]
    return Set(counts.map { min(max(1, $0), tasks) }).sorted()
  }
}
