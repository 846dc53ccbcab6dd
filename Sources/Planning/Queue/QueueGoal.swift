public import AdvisorCore

/// What a queue must achieve.
public enum QueueGoal: Hashable, Sendable {
  /// At most this share of requests waits longer than `seconds`; zero means: waits at all.
  case wait(share: Double, longerThan: Double)
  /// This share of requests is answered within `seconds`.
  case response(share: Double, within: Double)

  /// - Throws: `badData` unless the share lies strictly between 0 and 1 and the time is finite and not negative.
  public func validated() throws(AdvisorError) -> QueueGoal {
    let (share, seconds) =
      switch self {
      case .wait(let share, let seconds), .response(let share, let seconds): (share, seconds)
      }
    guard share > 0, share < 1 else {
      throw AdvisorError(
        .badData, "the share \(share) is not a valid goal", advice: "give a share between 0 and 1, such as 0.05")
    }
    guard seconds.isFinite, seconds >= 0 else {
      throw AdvisorError(.badData, "the time \(seconds) s is not a valid goal", advice: "give a time of zero or more")
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

extension QueueGoal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .wait(let share, 0): "at most \(Quantity.significant(share * 100)) % of requests wait"
    case .wait(let share, let seconds):
      "at most \(Quantity.significant(share * 100)) % of requests wait longer than \(Quantity.text(seconds: seconds))"
    case .response(let share, let seconds):
      "\(Quantity.significant(share * 100)) % of requests are answered within \(Quantity.text(seconds: seconds))"
    }
  }
}
