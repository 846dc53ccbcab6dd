import AdvisorCore

/// What one candidate is expected to take, before its uncertainty is drawn.
struct Outcome: Sendable {
  /// A named share of the time; the shares add up to the expected time.
  struct Part: Sendable {
    /// As the breakdown shows them.
    enum Name: String, Sendable {
      /// Until the workers are ready.
      case start
      /// Handing out tasks.
      case dispatch
      case firstTouch = "first touch"
      case compute, memory, disk, transfer, wait
      /// Some workers idle while the last tasks end.
      case unevenFinish = "uneven finish"
      /// The first item's way to the slowest stage, and the last one's from it.
      case fillAndDrain = "fill and drain"
      /// The CPU quota is used up until the next period.
      case throttling
    }

    var name: Name
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
  var fixedSeconds: Double { parts.reduce(0) { $0 + ($1.isFixed ? $1.seconds : 0) } }

  func seconds(of name: Part.Name) -> Double { parts.first { $0.name == name }?.seconds ?? 0 }
}

/// The makespan relative to its mean.
enum Luck: Sendable {
  /// A normal with that relative standard deviation.
  case normal(deviation: Double)
  /// Equally likely makespans over their mean.
  case drawn([Double])
}
