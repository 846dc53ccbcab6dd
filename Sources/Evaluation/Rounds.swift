public import AdvisorCore
private import Statistics

/// One run, as a verification needs it.
public struct Measurement: Sendable, Hashable {
  public var outcome: RunOutcome
  /// What was predicted for this run by what was seen of it; nil where it was predicted before.
  public var predicted: Prediction.Seconds?
  /// Workers, where the run chose them itself.
  public var workers: Int?
  /// The machine at its start; nil where nobody looked.
  public var machine: MachineProfile?

  public init(
    _ outcome: RunOutcome, predicted: Prediction.Seconds? = nil, workers: Int? = nil, machine: MachineProfile? = nil
  ) {
    self.outcome = outcome
    self.predicted = predicted
    self.workers = workers
    self.machine = machine
  }
}

/// Runs all ways of a trial in turn, in random order, so that a disturbance falls on none of them alone.
struct Rounds {
  /// Each way is run at least so often.
  let minRuns: Int
  let maxRuns: Int
  /// Monotonic seconds.
  let clock: () -> Double
  let shouldStop: () -> Bool

  /// Tries one item after the other, each for its part of the time; what cannot be measured is named.
  ///
  /// - Parameters:
  ///   - seconds: for all together.
  ///   - report: told of an item before it begins, with the share of those that are over.
  ///   - trial: of an item, until a deadline by the clock, in an order by a seed.
  /// - Throws: ``AdvisorError`` where none could be measured; `.interrupted` where that is why.
  func verify<Item>(
    _ items: [Item], named name: (Item) -> String, within seconds: Double, report: (String, Double) -> Void,
    _ trial: (Item, Double, UInt64) throws(AdvisorError) -> Trial
  ) throws(AdvisorError) -> Verification {
    var trials: [Trial] = []
    var skipped: [String] = []
    let start = clock()
    for (index, item) in items.enumerated() where !shouldStop() {
      report(name(item), Double(index) / Double(items.count))
      let deadline = start + seconds * Double(index + 1) / Double(items.count)
      do throws(AdvisorError) {
        trials.append(try trial(item, deadline, UInt64(index + 1)))
      } catch {
        skipped.append("\(name(item)): \(error.problem)")
      }
    }
    guard !trials.isEmpty || !shouldStop() else {
      throw AdvisorError(.interrupted, "interrupted before the first job was measured", advice: "verify again")
    }
    return try Verification(trials, skipped: skipped)
  }

  /// - Parameter deadline: by the clock; each way is run ``minRuns`` times in any case.
  func measure(
    _ trial: inout Trial, until deadline: Double, seed: UInt64, _ run: (Int) throws(AdvisorError) -> Measurement
  ) throws(AdvisorError) {
    var random = Xoshiro(seed: seed)
    for round in 0..<maxRuns where round < minRuns || clock() < deadline {
      for index in trial.ways.indices.shuffled(using: &random) {
        guard !shouldStop() else {
          throw AdvisorError(.interrupted, "stopped before it was measured", advice: "verify again")
        }
        // A hopeless way is not worth the time of all its runs.
        if round >= 2, trial.isHopeless(index) { continue }
        trial.runs[index].append(try run(index))
      }
    }
  }
}

extension Verification {
  /// - Throws: ``AdvisorError`` where nothing could be measured.
  init(_ trials: [Trial], skipped: [String]) throws(AdvisorError) {
    guard !trials.isEmpty else {
      throw AdvisorError(
        .temporary, "no job of the suite could be measured\(skipped.first.map { ": \($0)" } ?? "")",
        advice: "name other jobs with --suite, or calibrate again")
    }
    self.init(cases: trials.map(\.verdict), summary: trials.summary, skipped: skipped)
  }
}
