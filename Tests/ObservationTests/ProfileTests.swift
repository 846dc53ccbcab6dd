import AdvisorTestSupport
import Testing

@testable import Observation

/// Samples of threads whose life is known, 50 ms apart.
private struct Film {
  var builder = ProfileBuilder()
  private var seconds = 0.0

  /// - Parameter threads: state, run and queue seconds in all, slices in all; by number.
  mutating func add(_ threads: [(ThreadState, Double, Double, Int)], after span: Double = 0.05) {
    seconds += span
    let samples = threads.enumerated().map { index, thread in
      ThreadSample(
        id: Int32(index + 1), process: 1, state: thread.0, runSeconds: thread.1, queueSeconds: thread.2,
        slices: thread.3)
    }
    builder.add(TreeSample(seconds: seconds, threads: samples, cpuSeconds: threads.reduce(0) { $0 + $1.1 }))
  }
}

@Suite("Where the time has gone")
struct ProfileTests {
  @Test("A shell that waits for its computing child takes nothing from it")
  func waitingShell() {
    var film = Film()
    for step in 0...20 { film.add([(.child, 0, 0, 1), (.runnable, 0.05 * Double(step), 0, step)]) }
    let profile = film.builder.profile
    #expect(agree(profile.seconds, 1, within: 1e-6))
    #expect(agree(profile.wall.running, 1, within: 1e-6))
    #expect(agree(profile.wall.idle, 0, within: 1e-6))
  }

  @Test("What is queued is told when the kernel tells it, and no time counts twice")
  func lateQueue() {
    var film = Film()
    film.add([(.runnable, 0, 0, 1)])
    film.add([(.runnable, 0, 0, 1)])
    film.add([(.runnable, 0, 0, 1)])
    film.add([(.runnable, 0.05, 0.1, 2)])
    let profile = film.builder.profile
    #expect(agree(profile.wall.queue, 0.1, within: 1e-6))
    #expect(agree(profile.wall.running, 0.05, within: 1e-6))
  }

  @Test("A thread that computes and waits for a peer by turns is split by what it has used")
  func network() {
    var film = Film()
    for step in 0...20 { film.add([(.network, 0.01 * Double(step), 0, step)]) }
    let profile = film.builder.profile
    #expect(agree(profile.wall.running, 0.2, within: 1e-6))
    #expect(agree(profile.wall.network, 0.8, within: 1e-6))
  }

  @Test("Waits for a mutex count in proportion to what runs")
  func mutex() {
    var film = Film()
    for step in 0...20 {
      film.add((0..<4).map { _ in (.lock, 0.0125 * Double(step), 0, step) })
    }
    let profile = film.builder.profile
    #expect(agree(profile.wall.running, 0.25, within: 1e-6))
    #expect(agree(profile.wall.lock, 0.75, within: 1e-6))
  }

  @Test("A pool that waits for work is idle, and one lock handed round in haste is not")
  func conditions() {
    var film = Film()
    for step in 0...20 { film.add([(.condition, 0, 0, 1), (.condition, 0.005 * Double(step), 0, 9 * step)]) }
    let threads = film.builder.profile { _ in ("x", false) }.processes[0].threads
    #expect(agree(threads[0].briefConditionSeconds, 0.9, within: 1e-6))
    #expect(threads[1].briefConditionSeconds <= 0.1001)
  }

  @Test("How many were runnable is counted in seconds")
  func runnable() {
    var film = Film()
    film.add([(.runnable, 0, 0, 1), (.condition, 0, 0, 1)])
    film.add([(.runnable, 0.05, 0, 1), (.condition, 0, 0, 1)])
    film.add([(.runnable, 0.1, 0, 1), (.runnable, 0.05, 0, 2)])
    let runnable = film.builder.profile.runnable
    #expect(runnable.count == 3)
    #expect(agree(runnable[1], 0.05, within: 1e-6))
    #expect(agree(runnable[2], 0.05, within: 1e-6))
  }

  @Test("Short processes that wait for a lock count, though each is met but once or twice")
  func shortWaits() {
    var builder = ProfileBuilder()
    for step in 0...40 {
      let id = Int32(10 + step / 2)
      builder.add(
        TreeSample(
          seconds: 0.05 * Double(step),
          threads: [ThreadSample(id: id, process: id, state: .lock, runSeconds: 0, queueSeconds: 0, slices: 1)],
          cpuSeconds: 0))
    }
    #expect(agree(builder.profile.wall.lock, 2, within: 1e-6))
  }

  /// Each lives a tenth of a second and is met twice; its last quarter nobody sees.
  @Test("Short processes that compute one after the other leave no gaps")
  func shortRuns() {
    var builder = ProfileBuilder()
    for step in 0...40 {
      let id = Int32(10 + step / 2)
      let run = step % 2 == 0 ? 0.025 : 0.075
      builder.add(
        TreeSample(
          seconds: 0.025 + 0.05 * Double(step),
          threads: [
            ThreadSample(id: id, process: id, state: .runnable, runSeconds: run, queueSeconds: 0, slices: step)
          ],
          cpuSeconds: 0))
    }
    #expect(agree(builder.profile.wall.running, 2, within: 1e-6))
  }

  @Test("A day's timeline has no more pieces than an hour's")
  func timeline() {
    var film = Film()
    for step in 0..<20_000 { film.add([(.runnable, 0.05 * Double(step), 0, step)]) }
    let profile = film.builder.profile
    #expect((100...240).contains(profile.timeline.count))
    #expect(
      profile.timeline.allSatisfy { $0.sum > 0.99 * profile.pieceSeconds && $0.sum < 1.25 * profile.pieceSeconds })
  }
}
