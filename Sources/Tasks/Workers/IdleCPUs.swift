private import Probe

/// How many CPUs had nothing to run, whoever else uses them, from one moment on.
///
/// CPUs that others keep busy are no room for more tasks, and tasks that wait while none is idle may only queue.
struct IdleCPUs: Sendable {
  private let cpus: Double
  private var start: (idleSeconds: Double, at: Double)?
  /// The upper bound of idle CPUs; nil while the kernel does not tell.
  private(set) var most: Double?

  /// - Parameter cpus: that are counted.
  init(cpus: Double) { self.cpus = cpus }

  /// Takes in a reading.
  ///
  /// - Parameter idleSeconds: since boot, the sum over the CPUs; each may lack a tick.
  mutating func add(_ idleSeconds: Double?, at now: Double) {
    guard let idleSeconds else { return most = nil }
    guard let start else { return self.start = (idleSeconds, now) }
    guard now > start.at else { return }
    most = min(cpus, max(0, idleSeconds - start.idleSeconds + cpus * IdleTime.tickSeconds) / (now - start.at))
  }

  /// Counts from a reading on; what was found until then stays until the next.
  mutating func restart(_ idleSeconds: Double?, at now: Double) { start = idleSeconds.map { ($0, now) } }

  /// The share of them that was, 0 to 1; 1 while it is not known.
  var share: Double { most.map { min(1, $0 / max(cpus, 1e-9)) } ?? 1 }
}
