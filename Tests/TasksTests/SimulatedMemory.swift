import Probe
@testable import Tasks

/// Tasks that take memory early and late, on a machine with so many workers, looked at as a run looks at its own.
struct SimulatedMemory {
  struct Task {
    var earlyBytes: Double
    var restSeconds: Double
    var peakBytes: Double
    /// At its peak, before it ends.
    var lastSeconds: Double

    func aloneSeconds(_ bytesPerSecond: Double) -> Double { peakBytes / bytesPerSecond + restSeconds + lastSeconds }
  }

  struct Result {
    var seconds = 0.0
    var maxBytes = 0.0
    var starts = 0
    var ended = 0
  }

  private struct Running {
    var task: Task
    var run: RunTask
    var start: Int
    var held = 0.0
    var rested = 0.0
    var lasted = 0.0
    var age = 0.0
    var pausedAt: Double?
    var diesAt: Double?
    var growth: MemoryGrowth

    var isAtWork: Bool { pausedAt == nil && diesAt == nil }
    var computes: Bool {
      isAtWork && (held < task.earlyBytes || (rested >= task.restSeconds && held < task.peakBytes))
    }
    var hasEnded: Bool { lasted >= task.lastSeconds }
    func isDead(at now: Double) -> Bool { diesAt.map { $0 <= now } ?? false }

    /// Moves on by some time in which it may take so many bytes.
    mutating func advance(_ seconds: Double, _ bytes: Double) {
      age += seconds
      if held < task.earlyBytes {
        held = min(task.earlyBytes, held + bytes)
      } else if rested < task.restSeconds {
        rested += seconds
      } else if held < task.peakBytes {
        held = min(task.peakBytes, held + bytes)
      } else {
        lasted += seconds
      }
    }
  }

  let limitBytes: Double
  var workers = 8
  var cpus = 2.0
  /// What a CPU touches for the first time, bytes a second.
  var bytesPerSecond = 1.5e9
  private let tick = 0.001

  /// Runs the tasks, with a kill taking some milliseconds.
  func run(_ tasks: [Task]) -> Result {
    var (result, guardian, next, retries) = (Result(), MemoryGuard(), 0, RetryQueue())
    var running: [Running] = []
    var now = 1.0
    while next < tasks.count || !running.isEmpty || !retries.isEmpty, now < 1000 {
      if hasRoom(running, guardian), let task = start(tasks, &next, &retries, running, guardian.roomBytes, at: now) {
        running.append(
          Running(
            task: tasks[task.sequence], run: task, start: result.starts, growth: MemoryGrowth(from: now)))
        result.starts += 1
      }
      now += tick
      let share = tick * bytesPerSecond * min(1, cpus / Double(max(1, running.count(where: \.computes))))
      for index in running.indices where running[index].isAtWork { running[index].advance(tick, share) }
      result.maxBytes = max(result.maxBytes, running.reduce(0) { $0 + $1.held })
      result.ended += running.count { $0.hasEnded && $0.diesAt == nil }
      for dead in running where dead.isDead(at: now) {
        retries.insert(dead.run.afterGivingWay(dead.held), notBefore: now)
      }
      running.removeAll { $0.isDead(at: now) || ($0.hasEnded && $0.diesAt == nil) }
      if guardian.nextLook <= now { look(&running, &guardian, at: now) }
    }
    result.seconds = now - 1
    return result
  }

  private func hasRoom(_ running: [Running], _ guardian: MemoryGuard) -> Bool {
    guard let first = running.first else { return true }
    guard guardian.verdict == .ample, running.count < workers, !(running.count == 1 && first.run.runsAlone) else {
      return false
    }
    return !running.contains { $0.pausedAt != nil }
  }

  /// One that gave way where there is room for it, else the next, else one that waits for the others to end.
  private func start(
    _ tasks: [Task], _ next: inout Int, _ retries: inout RetryQueue, _ running: [Running], _ roomBytes: Double,
    at now: Double
  ) -> RunTask? {
    if let task = retries.next(at: now, roomBytes: roomBytes) { return task }
    guard next < tasks.count else { return running.isEmpty ? retries.nextAlone() : nil }
    defer { next += 1 }
    return RunTask(sequence: next, inputs: [])
  }

  private func look(_ running: inout [Running], _ guardian: inout MemoryGuard, at now: Double) {
    let held = running.reduce(0) { $0 + $1.held }
    let reading = MemoryGauge.Reading(availableBytes: Int(max(0, limitBytes - held)), limitBytes: Int(limitBytes))
    let isAwaited = running.contains { $0.pausedAt != nil }
    let verdict = guardian.judge(reading, taskBytes: 0, isAwaited: isAwaited, at: now)
    guard guardian.isHalfGone || isAwaited else { return }
    let places = running.indices.filter { running[$0].diesAt == nil }
    let tasks = places.map { place -> MemoryTurns.Task in
      running[place].growth.add(bytes: running[place].held, minRise: guardian.minRise, at: now)
      let task = running[place]
      return MemoryTurns.Task(
        slot: place, start: task.start, heldBytes: task.held,
        isGrowing: task.growth.isGrowing(at: now, age: task.age), age: task.age,
        pausedSeconds: task.pausedAt.map { now - $0 })
    }
    let steps = MemoryTurns(tasks, canPreempt: true)
      .steps(verdict, roomBytes: guardian.roomBytes, isRelieved: places.count < running.count)
    for step in steps {
      switch step {
      case .pause(let place): running[place].pausedAt = now
      case .resume(let place):
        running[place].pausedAt = nil
        running[place].growth.resume(at: now)
      case .preempt(let place): running[place].diesAt = now + 0.004
      }
    }
  }
}
