import AdvisorCore
/// What one worker did.
struct Tally: Sendable, Hashable {
  /// Failures that are kept by name; the others are only counted.
  static let namedFailures = 20

  var done = 0
  var failed = 0
  var failures: [TaskFailure] = []
  var durations = DurationHistogram()
  var cpuSeconds = 0.0

  mutating func fail(_ task: Int, _ reason: String) {
    failed += 1
    if failures.count < Self.namedFailures { failures.append(TaskFailure(task: task, reason: reason)) }
  }

  mutating func merge(_ other: Tally) {
    done += other.done
    failed += other.failed
    failures += other.failures.prefix(Self.namedFailures - failures.count)
    durations.merge(other.durations)
    cpuSeconds += other.cpuSeconds
  }
}
