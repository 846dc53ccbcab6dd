/// How long a task may have been over before that was seen, for want of a CPU: the one thread that runs all tasks waits for one
/// itself, and while it starts a process for one for that. Beside other load short tasks would seem to wait.
struct HiddenEnd {
  /// A wait for events that is shorter found them there already.
  private static let minWaitSeconds = 5e-5
  /// What the thread had waited for CPUs since the run began: when the ends that are told now may have begun to be hidden, and
  /// after the last wait for events.
  private var (since, last) = (0.0, 0.0)

  /// Takes in a wait for events, and what the thread had waited for CPUs before and after it, in seconds.
  mutating func waited(seconds: Double, queuedBefore before: Double, after: Double) {
    let foundThere = seconds - (after - before) < Self.minWaitSeconds
    (since, last) = (foundThere ? last : before, after)
  }

  /// Of a task whose end the last wait has told, in seconds.
  ///
  /// - Parameter queued: what the thread has waited for CPUs until now.
  func seconds(queued: Double) -> Double { max(0, queued - since) }
}
