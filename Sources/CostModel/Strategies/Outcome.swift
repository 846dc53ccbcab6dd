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
      /// Starting the tasks' programs: what of it is in their own CPU time, and what the thread that starts them computes.
      case spawn
      case compute, memory, disk, transfer, wait
      /// Connections fill slowly before their buffers have grown.
      case bufferGrowth = "buffer growth"
      /// Bodies on their way from one worker of an engine to the next.
      case shipping = "worker to worker"
      /// Inputs on their way to an engine's workers, and outputs on theirs back.
      case dataInAndOut = "data in and out"
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
  /// Outside this machine.
  var engine: String?
  var workers: Int
  var chunk: Int
  var stageWorkers: [Int]?
  var parts: [Part]
  var cpuSeconds: Double
  /// No run of that CPU time can end sooner: the CPUs, or their quota, do no more.
  var minSeconds = 0.0
  var memoryBytes: Double
  var limit: BindingLimit
  /// The makespan of the tasks in units of its mean: how lucky the draw of task sizes may be.
  var makespanSpread: MakespanSpread
  /// Whether it rests on a closed form outside of where that holds.
  var isGuess = false

  /// Rank by what a reader must understand to run it: an engine comes after all that runs on one machine.
  var complexity: Int { engine == nil ? strategy.complexity : Strategy.allCases.count }

  /// Whether it is the same way of running a job, whatever the number of workers.
  func isSameWay(as other: Outcome) -> Bool { strategy == other.strategy && engine == other.engine }

  var plan: Plan {
    Plan(strategy: strategy, workers: workers, chunk: chunk, stageWorkers: stageWorkers, engine: engine)
  }

  var seconds: Double { parts.reduce(0) { $0 + $1.seconds } }
  var fixedSeconds: Double { parts.reduce(0) { $0 + ($1.isFixed ? $1.seconds : 0) } }

  /// Whether its tasks are programs, of whose cost its first tasks tell.
  var isOfPrograms: Bool { parts.contains { $0.name == .spawn } }

  func seconds(of name: Part.Name) -> Double { parts.first { $0.name == name }?.seconds ?? 0 }
}

/// The makespan relative to its mean.
enum MakespanSpread: Sendable {
  /// A normal with that relative standard deviation.
  case normal(deviation: Double)
  /// Equally likely makespans over their mean.
  case drawn([Double])
}
