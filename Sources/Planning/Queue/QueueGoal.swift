public import AdvisorCore

/// What a queue must achieve.
public enum QueueGoal: Hashable, Sendable {
  /// At most this share of requests waits longer than so many seconds; zero seconds means: waits at all.
  case wait(share: Double, longerThan: Double)
  /// This share of requests is answered within so many seconds.
  case response(share: Double, within: Double)

  /// - Throws: `badData` unless the share lies strictly between 0 and 1 and the time is finite and not negative.
  public func validated() throws(AdvisorError) -> QueueGoal {
    let (share, seconds) =
      switch self {
      case .wait(let share, let seconds), .response(let share, let seconds): (share, seconds)
      }
    guard share > 0, share < 1 else {
      throw AdvisorError(
        .badData, "No queue can promise the share \(share).", advice: "Give a share between 0 and 1, such as 0.05.")
    }
    guard seconds.isFinite, seconds >= 0 else {
      throw AdvisorError(.badData, "The time \(seconds) s is no goal.", advice: "Give a time of zero or more.")
    }
    return self
  }

  public func isMet(by queue: some WaitingTimes) -> Bool {
    switch self {
    case .wait(let share, let seconds): queue.probability(waitAbove: seconds) <= share
    case .response(let share, let seconds): queue.probability(responseAbove: seconds) <= 1 - share
    }
  }
}
