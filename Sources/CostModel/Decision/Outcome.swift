import AdvisorCore

/// What one candidate is expected to take, before its uncertainty is drawn.
struct Outcome: Sendable {
  /// A named share of the time; the shares add up to the expected time.
  struct Part: Sendable {
    static let wait = "wait"

    var name: String
    var seconds: Double
    /// Paid whatever the size of the work.
    var isFixed: Bool
    var error: ErrorSource
  }

  var strategy: Strategy
  var workers: Int
  var chunk: Int
  var stageWorkers: [Int]?
  var parts: [Part]
  var cpuSeconds: Double
  var memoryBytes: Double
  var limit: BindingLimit
  /// The makespan of the tasks in units of its mean: how lucky the draw of task sizes may be.
  var luck: Luck
  /// Whether it rests on a closed form outside of where that holds.
  var isGuess = false

  var seconds: Double { parts.reduce(0) { $0 + $1.seconds } }
}

/// The makespan relative to its mean.
enum Luck: Sendable {
  /// A normal with that relative standard deviation.
  case normal(deviation: Double)
  /// Equally likely makespans over their mean.
  case drawn([Double])
}
