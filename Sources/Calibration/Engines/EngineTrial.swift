import AdvisorCore
import Engines
import System
import Tasks

/// An engine under measurement: tasks go to it as those of a run do, and what they took is kept.
final class EngineTrial {
  /// Some tasks that were submitted together.
  struct Batch {
    /// From the first submission until the last task had come home.
    var seconds: Double
    var results: [EngineResult]
  }

  private let engine: any Engine
  private let shouldStop: () -> Bool
  private(set) var workers: [EngineCosts.Worker] = []
  /// What the engine had to say.
  private(set) var notes: [String] = []
  private var isReady = false
  private var submissions = 0
  private var ended = (count: 0, seconds: 0.0)

  /// Without a word from the engine for so long there is no point in waiting on: a queue of others' jobs, say.
  private static let patienceSeconds = 600.0

  init(_ engine: any Engine, shouldStop: @escaping () -> Bool) {
    self.engine = engine
    self.shouldStop = shouldStop
  }

  deinit { engine.stop() }

  var slots: Int { workers.reduce(0) { $0 + $1.slots } }

  /// Starts the engine and returns the seconds until it takes tasks.
  func start() throws(AdvisorError) -> Double {
    let start = MonotonicClock.seconds
    try engine.start()
    while !isReady || workers.isEmpty { _ = try wait() }
    return MonotonicClock.seconds - start
  }

  func stop() { engine.stop() }

  /// Has the engine do the work, and waits until all of it has ended.
  ///
  /// - Throws: ``AdvisorError``: interrupted where it is told to stop, unavailable where a task fails or the engine goes away.
  func run(_ works: [TaskWork]) throws(AdvisorError) -> Batch {
    let start = MonotonicClock.seconds
    var waiting = works[...]
    var underWay = 0
    var results: [EngineResult] = []
    while results.count < works.count {
      let mean = ended.count > 0 ? ended.seconds / Double(ended.count) : nil
      let window = engine.window(slots: slots, meanSeconds: mean)
      while underWay < window, let work = waiting.popFirst() {
        submissions += 1
        underWay += 1
        try engine.submit(EngineTask(id: submissions, work: work))
      }
      try engine.flush()
      for result in try wait() {
        try check(result)
        ended = (ended.count + 1, ended.seconds + result.usage.wallSeconds)
        underWay -= 1
        results.append(result)
      }
    }
    return Batch(seconds: MonotonicClock.seconds - start, results: results)
  }

  private func check(_ result: EngineResult) throws(AdvisorError) {
    guard result.ending != .succeeded else { return }
    let words =
      String(decoding: result.error, as: UTF8.self).split(separator: "\n").last.map { ": \($0.printable)" } ?? ""
    throw AdvisorError(
      .unavailable, "a task of the calibration \(result.ending.text) on \(engine.name)\(words)",
      advice: "check that advisor is on the workers, and say where: --engine-program PATH")
  }

  /// The tasks that have ended; waits for something to happen.
  private func wait() throws(AdvisorError) -> [EngineResult] {
    let end = MonotonicClock.seconds + Self.patienceSeconds
    while true {
      if shouldStop() {
        throw AdvisorError(.interrupted, "stopped before \(engine.name) was measured", advice: "calibrate again")
      }
      let events = try engine.events()
      var results: [EngineResult] = []
      for event in events { if let result = try take(event) { results.append(result) } }
      guard events.isEmpty else { return results }
      guard MonotonicClock.seconds < end else {
        throw AdvisorError(
          .temporary, "\(engine.name) did nothing for \(Quantity.text(seconds: Self.patienceSeconds))",
          advice: "its workers may be taken by others: look at its queue, and calibrate again")
      }
      Poll.waitToRead(engine.descriptor, milliseconds: 200)
    }
  }

  private func take(_ event: EngineEvent) throws(AdvisorError) -> EngineResult? {
    switch event {
    case .ready: isReady = true
    case .workers(let all): workers = all
    case .note(let text): notes.append(text)
    case .ended(let result): return result
    case .withdrawn: break
    case .lost(_, let why):
      throw AdvisorError(.unavailable, "a task of the calibration was lost: \(why)", advice: "calibrate again")
    }
    return nil
  }
}
