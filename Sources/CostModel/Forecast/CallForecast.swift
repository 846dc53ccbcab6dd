public import AdvisorCore

/// What many calls of a function take, by what the first ones have cost.
///
/// They are done when the busiest of what they share is – the CPUs, the interpreters' locks or the loop's one thread, the
/// process that hands calls over, the one that hands them to that – and not before the last of those that follow one another.
/// Coroutines and threads that wait alike end alike, so that they wait for one another's handing over, too.
public struct CallForecast: Sendable, Hashable {
  /// Of a call in the mean, in seconds.
  public var cpuSeconds: Double
  /// For what it waited, and for CPUs: who kept the first calls from them may go on doing so.
  public var waitSeconds: Double
  /// The standard deviation of a call's time.
  public var deviation: Double
  /// Calls that these are the means of.
  public var samples: Int
  /// Until the first call began.
  public var startSeconds: Double
  /// CPU time for each call: around it where it runs, of the process that hands it over there, and of this one.
  public var aroundSeconds: Double
  public var handingSeconds: Double
  public var ownSeconds: Double
  /// Until a thread had started that runs calls beside others; one by one in each interpreter.
  public var threadSeconds: Double
  /// CPUs' worth of time, and how many of them the calls can compute on at once.
  public var cpus: Double
  public var lanes: Double
  /// Of an interpreter.
  public var memoryBytes: Double

  /// The half-width of the 90 % interval of a prediction whose calls are all alike: later calls meet other neighbours than
  /// the first. By `Benchmarks/python_predictions.py`.
  static let modelError = 0.1

  public init(
    cpuSeconds: Double, waitSeconds: Double, deviation: Double = 0, samples: Int,
    startSeconds: Double = 0, aroundSeconds: Double = 0, handingSeconds: Double = 0, ownSeconds: Double = 0,
    threadSeconds: Double = 0, cpus: Double, lanes: Double, memoryBytes: Double = 0
  ) {
    self.cpuSeconds = cpuSeconds
    self.waitSeconds = waitSeconds
    self.deviation = deviation
    self.samples = samples
    self.startSeconds = startSeconds
    self.aroundSeconds = aroundSeconds
    self.handingSeconds = handingSeconds
    self.ownSeconds = ownSeconds
    self.threadSeconds = threadSeconds
    self.cpus = cpus
    self.lanes = lanes
    self.memoryBytes = memoryBytes
  }

  /// What the first calls have cost, and what the engine has seen around them: as the properties of these names.
  public init(
    _ pilot: TaskPilot, startSeconds: Double, aroundSeconds: Double, handingSeconds: Double, ownSeconds: Double,
    threadSeconds: Double, cpus: Double, lanes: Double
  ) {
    let means = pilot.means
    self.init(
      cpuSeconds: means.cpuSeconds, waitSeconds: means.waitSeconds, deviation: means.deviation, samples: pilot.tasks,
      startSeconds: startSeconds, aroundSeconds: aroundSeconds, handingSeconds: handingSeconds, ownSeconds: ownSeconds,
      threadSeconds: threadSeconds, cpus: cpus, lanes: lanes, memoryBytes: pilot.memoryBytes)
  }

  /// - Parameters:
  ///   - workers: calls at once.
  ///   - rounds: calls that follow one another.
  ///   - interpreters: in which they run; threads and coroutines share the memory of theirs.
  public func prediction(calls: Int, workers: Int, rounds: Int, interpreters: Int) -> Prediction {
    let memoryBytes = memoryBytes * Double(min(interpreters, calls))
    let threads = threadSeconds * Double(min(workers, calls)) / min(lanes, cpus)
    let (calls, rounds) = (Double(calls), Double(rounds))
    let alone = cpuSeconds + waitSeconds
    // Calls that end together are handed over together: each has its successor when all of them have come and gone.
    let handed = calls * max(aroundSeconds / min(lanes, cpus), handingSeconds, ownSeconds)
    let variable = threads + max(busySeconds(calls) + waitSeconds, rounds * alone + handed)
    let half = variable * relativeError(calls)
    let middle = startSeconds + variable
    // The last call may be a long one.
    return Prediction(
      seconds: .init(p5: max(startSeconds, middle - half), p50: middle, p95: middle + half + deviation),
      cpuSeconds: calls * (cpuSeconds + aroundSeconds), memoryBytes: memoryBytes,
      fixedSeconds: startSeconds, variableSeconds: variable,
      breakdown: [.init(name: "start", seconds: startSeconds), .init(name: "calls", seconds: variable)])
  }

  private func busySeconds(_ calls: Double) -> Double {
    let call = cpuSeconds + aroundSeconds
    let shares = [call / min(lanes, cpus), (call + handingSeconds + ownSeconds) / cpus, handingSeconds, ownSeconds]
    return calls * (shares.max() ?? 0)
  }

  /// That of a sum of calls' times, beside the model's own.
  private func relativeError(_ calls: Double) -> Double {
    let alone = cpuSeconds + waitSeconds
    guard samples > 1, alone > 0 else { return Self.modelError }
    let sampling = TaskTimes.relativeHalfWidth(
      deviation: deviation / alone, of: calls, knownFrom: Double(samples))
    return (sampling * sampling + Self.modelError * Self.modelError).squareRoot()
  }
}
