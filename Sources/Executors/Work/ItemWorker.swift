package import AdvisorCore
import Workloads
package import System

/// Carries tasks through stages, one at a time, and keeps count.
///
/// Belongs to the thread that made it.
package final class ItemWorker {
  private struct Stage {
    let sizes: TaskUnits
    /// Whether a Swift task can hand its thread on meanwhile.
    let waits: Bool
    let worker: any StageWorker
  }

  private let stages: [Stage]
  private var recorder = Recorder()

  /// - Parameter index: of the worker.
  package init(_ stages: [StageWork], index: Int) throws(AdvisorError) {
    var made: [Stage] = []
    for stage in stages {
      made.append(Stage(sizes: stage.sizes, waits: stage.waits, worker: try stage.makeWorker(index)))
    }
    self.stages = made
  }

  var tally: Tally { recorder.tally }

  /// Hands over what was counted so far, and counts on from zero.
  func takeTally() -> Tally { recorder.takeTally() }

  /// Runs chunks until there are no more, or until the run is cancelled.
  func drain(_ queue: TaskQueue, _ progress: Progress, _ cancellation: Cancellation) {
    let cpuStart = CPUClock.thread
    while !cancellation.isCancelled, let chunk = queue.next() { run(chunk, progress, cancellation) }
    recorder.add(cpuNanoseconds: CPUClock.thread - cpuStart)
  }

  /// Runs a chunk of tasks; those that cancellation cuts off are not counted.
  func run(_ chunk: Range<Int>, _ progress: Progress, _ cancellation: Cancellation) {
    recorder.beginChunk()
    for task in chunk {
      let failure = run(task, cancellation)
      if cancellation.isCancelled { break }
      recorder.end(task, failure)
    }
    recorder.endChunk(progress)
  }

  /// Runs one task; a failure in one stage, which is returned, spares it the others.
  package func run(_ task: Int, _ cancellation: Cancellation) -> String? {
    for stage in stages {
      do throws(AdvisorError) {
        try stage.worker.run(task, units: stage.sizes[task], cancellation)
      } catch {
        return error.problem
      }
    }
    return nil
  }
}

extension ItemWorker {
  /// The same as ``drain(_:_:_:)`` for a Swift task, which hands its thread on while it waits.
  func drainSuspending(_ queue: TaskQueue, _ progress: Progress, _ cancellation: Cancellation) async {
    while !cancellation.isCancelled, let chunk = queue.next() {
      recorder.beginChunk()
      for task in chunk {
        let failure = await runSuspending(task, cancellation)
        if cancellation.isCancelled { break }
        recorder.end(task, failure)
      }
      recorder.endChunk(progress)
      // Lets the other tasks of the pool in: it never takes a thread back by itself.
      await Task.yield()
    }
  }

  private func runSuspending(_ task: Int, _ cancellation: Cancellation) async -> String? {
    for stage in stages {
      do throws(AdvisorError) {
        if stage.waits {
          await Self.suspend(for: stage.sizes[task], cancellation)
        } else {
          try stage.worker.run(task, units: stage.sizes[task], cancellation)
        }
      } catch {
        return error.problem
      }
    }
    return nil
  }

  private static func suspend(for nanoseconds: Int, _ cancellation: Cancellation) async {
    let deadline = MonotonicClock.now + UInt64(nanoseconds)
    while !cancellation.isCancelled {
      let now = MonotonicClock.now
      guard now < deadline else { return }
      // On Linux the suspending clock is the monotonic one.
      let pause = Duration.nanoseconds(min(deadline - now, Cancellation.patience))
      try? await Task.sleep(for: pause, tolerance: .zero, clock: .suspending)
    }
  }
}
