import AdvisorCore
import Console
import Planning

/// What a queue was planned for and reaches, and what limits a network.
extension Sentences {
  func text(_ outcome: QueueOutcome) -> String {
    switch outcome {
    case .wait(let share, 0, let reached): "at most \(percent(share)) of requests wait (reached: \(percent(reached)))"
    case .wait(let share, let seconds, let reached):
      "at most \(percent(share)) of requests wait longer than \(time(seconds)) (reached: \(percent(reached)))"
    case .response(let share, let seconds, let reached):
      "\(percent(share)) of requests are answered within \(time(seconds)) (reached: \(percent(reached)))"
    case .occupancy(let share, let reached):
      "each server is busy at most \(percent(share)) of the time (reached: \(percent(reached)))"
    case .lost(let share, let reached): "at most \(percent(share)) of requests are lost (reached: \(percent(reached)))"
    }
  }

  func text(_ finding: NetworkPlan.Finding) -> String {
    switch finding {
    case .bottleneck(let station, let utilisation): "The bottleneck is \(station), \(percent(utilisation)) busy."
    case .growth(let share): "The load may grow by \(percent(share)) before a queue grows without end."
    case .saturation(let throughput, let users):
      "No more than \(Quantity.text(count: throughput)) requests/s are served, however many users; from about "
        + "\(count(users, "user")) on, that is the limit."
    }
  }
}
