public import AdvisorCore

/// What a queue must achieve.
public enum QueueGoal: Hashable, Sendable {
  /// At most this share of requests waits longer than `seconds`; zero means: waits at all.
  case wait(share: Double, longerThan: Double)
  /// This share of requests is answered within `seconds`.
  case response(share: Double, within: Double)
  /// Each server is busy at most this share of the time.
  case occupancy(atMost: Double)

  /// - Throws: `badData` unless the share lies strictly between 0 and 1 and the time is finite and not negative, that of a
  ///   response above zero.
  public func validated() throws(AdvisorError) -> QueueGoal {
    let (share, seconds) =
      switch self {
      case .wait(let share, let seconds), .response(let share, let seconds): (share, seconds)
      case .occupancy(let share): (share, 0.0)
      }
    guard share > 0, share < 1 else {
      throw AdvisorError(
        .badData, "the share \(Quantity.significant(share)) is not a valid goal",
        advice: "give a share between 0 and 1, such as 0.05 or 5 %")
    }
    guard seconds.isFinite, seconds >= 0 else {
      throw AdvisorError(
        .badData, "the time \(Quantity.text(seconds: seconds)) is not a valid goal",
        advice: "give a time of zero or more")
    }
    if case .response(_, 0) = self {
      throw AdvisorError(
        .badData, "no request is answered within 0 s", advice: "give a time above zero, such as 300ms")
    }
    return self
  }

  public func isMet(by queue: some WaitingTimes) -> Bool {
    switch self {
    case .wait(let share, let seconds): queue.probability(waitAbove: seconds) <= share
    case .response(let share, let seconds): queue.probability(responseAbove: seconds) <= 1 - share
    case .occupancy(let share): queue.utilisation <= share
    }
  }

  /// What a queue makes of the goal.
  func outcome(of queue: some WaitingTimes) -> QueueOutcome {
    switch self {
    case .wait(let share, let seconds):
      .wait(share: share, longerThan: seconds, reached: queue.probability(waitAbove: seconds))
    case .response(let share, let seconds):
      .response(share: share, within: seconds, reached: 1 - queue.probability(responseAbove: seconds))
    case .occupancy(let share): .occupancy(atMost: share, reached: queue.utilisation)
    }
  }
}

/// A goal with the share that is reached: codes with figures, of which Reports makes sentences.
public enum QueueOutcome: Codable, Hashable, Sendable {
  case wait(share: Double, longerThan: Double, reached: Double)
  case response(share: Double, within: Double, reached: Double)
  case occupancy(atMost: Double, reached: Double)
  /// Of requests that are turned away, or leave before they are served.
  case lost(atMost: Double, reached: Double)
}
