/// Who may take more memory where it runs low: of the tasks that grow the oldest, and those for which there is room beside it.
/// The others wait, and one gives way where waiting does not help.
///
/// Pure. Waiting loses nothing; a task that gives way loses what it has done. One that no longer grows has reached its
/// peak: its end is the nearest source of memory, and it is left alone as long as there is another.
struct MemoryTurns {
  struct Task: Sendable, Hashable {
    /// The number of its slot, by which it is told what to do.
    var slot: Int
    /// In the order of the starts.
    var start: Int
    var heldBytes: Double
    var isGrowing: Bool
    /// Seconds that it has run.
    var age: Double
    /// Seconds that it has been paused for; nil while it runs.
    var pausedSeconds: Double?
  }

  enum Step: Sendable, Hashable {
    case pause(Int)
    case resume(Int)
    /// Kill it, to run it again later.
    case preempt(Int)
  }

  private let tasks: [Task]
  /// Those that grow, or would were they not paused.
  private let wanting: [Task]
  private let canPreempt: Bool

  /// - Parameters:
  ///   - tasks: all that run.
  ///   - canPreempt: whether one of them may give way, since it would run again.
  init(_ tasks: [Task], canPreempt: Bool) {
    self.tasks = tasks.sorted { $0.start < $1.start }
    wanting = self.tasks.filter { $0.isGrowing || $0.pausedSeconds != nil }
    self.canPreempt = canPreempt && tasks.count > 1
  }

  /// What to do now.
  ///
  /// - Parameters:
  ///   - roomBytes: memory that may be taken.
  ///   - isRelieved: whether another task is about to end, whose memory comes free.
  func steps(_ verdict: MemoryGuard.Verdict, roomBytes: Double, isRelieved: Bool) -> [Step] {
    guard [.tight, .critical, .exhausted].contains(verdict) else { return steps { need in need <= roomBytes } }
    let isStuck = wanting.count == tasks.count && !isRelieved
    // The oldest is the next to end, and may need little more; and where nothing else can make room it takes what is left.
    if isStuck, verdict == .tight || !canPreempt { return steps { _ in false } }
    let pauses = wanting.compactMap { $0.pausedSeconds == nil ? Step.pause($0.slot) : nil }
    guard canPreempt, !isRelieved else { return pauses }
    let leaving = verdict == .exhausted || isStuck ? victim : impatient
    return pauses + (leaving.map { [.preempt($0.slot)] } ?? [])
  }

  /// Lets the oldest go on, and each further one where that is right for what those may take: as much again as they hold.
  private func steps(where isRight: (_ need: Double) -> Bool) -> [Step] {
    var need = 0.0
    return wanting.enumerated().compactMap { index, task in
      let goesOn = index == 0 || isRight(need + task.heldBytes)
      if goesOn { need += task.heldBytes }
      guard goesOn == (task.pausedSeconds != nil) else { return nil }
      return goesOn ? .resume(task.slot) : .pause(task.slot)
    }
  }

  /// A task that has waited for long, and for longer than it had run: whoever waits for a lock that it holds goes on.
  private var impatient: Task? {
    tasks.last { ($0.pausedSeconds ?? 0) > max(Self.minPatience, $0.age) }
  }

  private static let minPatience = 10.0

  /// Of those that grow or would, else of all, the youngest: it loses the least. But the end of one that holds next to
  /// nothing is no relief.
  private var victim: Task? {
    let mean = tasks.reduce(0) { $0 + $1.heldBytes } / Double(max(1, tasks.count))
    let isLarge = { (task: Task) in task.heldBytes >= mean / 2 }
    return wanting.last(where: isLarge) ?? tasks.last(where: isLarge)
  }
}
