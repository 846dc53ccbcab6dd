internal import AdvisorCore
internal import System

/// Starts by threads of their own, where one thread cannot start tasks as fast as they end.
extension CommandRunner {
  /// Of fewer workers one start at a time keeps the CPUs busy, and handing it over costs more than it brings.
  private static let minWorkers = 4
  private static let spawners = 4
  /// Starts after which it is judged, and the share of the time beyond which they take too much of it.
  private static let (window, maxShare) = (64, 0.5)

  /// Threads that start tasks; 0 leaves it to this one.
  private var wantedSpawners: Int {
    if let wanted = ledger.options.spawners { return wanted }
    return controller.workers >= Self.minWorkers && startingShare > Self.maxShare ? Self.spawners : 0
  }

  /// Makes the threads once they are wanted. Where the system is short of them, this one goes on alone.
  func considerSpawners(_ poll: borrowing EventPoll) throws(AdvisorError) {
    guard spawners == nil, starts % Self.window == 0 else { return }
    let now = MonotonicClock.seconds
    startingShare = startingSeconds / max(1e-9, now - windowStart)
    (startingSeconds, windowStart) = (0, now)
    guard wantedSpawners > 0, let made = try? Spawners(threads: wantedSpawners) else { return }
    try poll.add(made.descriptor, as: Self.spawnEvent)
    spawners = made
  }

  /// Takes in the starts that are over.
  func startsAreOver(_ poll: borrowing EventPoll) throws(AdvisorError) {
    while let report = spawners?.take() { try take(report, poll) }
  }

  /// Waits for all starts under way: what is about to be done to the tasks is done to all.
  func finishStarts(_ poll: borrowing EventPoll) throws(AdvisorError) {
    while let spawners, spawners.pending > 0 { try take(spawners.wait(), poll) }
  }

  private func take(_ report: Spawners.Report, _ poll: borrowing EventPoll) throws(AdvisorError) {
    let slot = slots[report.number - 1]
    do { try slot.begin(report.child(), poll) } catch {
      guard let (task, arguments) = slot.abandon() else { return }
      giveBackToken(of: slot)
      ledger.didNotBegin()
      _ = try refused(task, arguments, error, at: MonotonicClock.seconds)
    }
  }
}
