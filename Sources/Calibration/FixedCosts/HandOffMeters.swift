import AdvisorCore
import Probe
import System

/// Costs of handing over between two threads, each pinned.
///
/// On one CPU the two take turns and every hand-over is a context switch; on two CPUs the other core must wake up, which
/// takes five to seven times as long. An unpinned run would mix the two.
struct HandOffMeters {
  /// Where the asking thread runs.
  let home: Int
  /// Another core; nil where only one CPU is usable.
  let away: Int?

  func make() -> (meters: [Meter], failures: [AdvisorError]) {
    var meters: [Meter] = []
    var failures: [AdvisorError] = []
    for (placement, cpu) in placements {
      do throws(AdvisorError) {
        let flow = try QueueFlow(on: cpu)
        meters.append(.threadStart(placement, on: cpu))
        meters.append(Meter(.queueHandOff, placement) { flow.pass($0) })
        meters += [try pipe(placement, cpu), try futex(placement, cpu)]
        if placement == .sameCPU { meters.append(try contextSwitch(cpu)) }
        if placement == .crossCPU { meters.append(try cacheLine(placement, cpu)) }
      } catch {
        failures.append(error)
      }
    }
    return (meters.map { $0.pinned(to: home) }, failures)
  }

  private var placements: [(FixedCost.Placement, Int)] {
    [(.sameCPU, home)] + (away.map { [(.crossCPU, $0)] } ?? [])
  }

  private func pipe(_ placement: FixedCost.Placement, _ cpu: Int) throws(AdvisorError) -> Meter {
    let echo = try Echo(on: cpu)
    return Meter(.pipeRoundTrip, placement) { echo.roundTrips($0) }
  }

  private func futex(_ placement: FixedCost.Placement, _ cpu: Int) throws(AdvisorError) -> Meter {
    let turns = try FutexTurns(on: cpu)
    return Meter(.futexRoundTrip, placement) { turns.roundTrips($0) }
  }

  private func cacheLine(_ placement: FixedCost.Placement, _ cpu: Int) throws(AdvisorError) -> Meter {
    let turns = try CacheLineTurns(on: cpu)
    return Meter(.cacheLineRoundTrip, placement) { turns.roundTrips($0) }
  }

  /// Half a round trip through two pipes on one CPU, less what the same reads and writes cost without a switch.
  private func contextSwitch(_ cpu: Int) throws(AdvisorError) -> Meter {
    let echo = try Echo(on: cpu)
    let own = try Pipe()
    return Meter(.contextSwitch, .sameCPU) { count in
      let both = echo.roundTrips(count)
      let start = MonotonicClock.seconds
      for _ in 0..<(2 * count) {
        own.writing.sendByte()
        _ = own.reading.receiveByte()
      }
      return max(0, both - (MonotonicClock.seconds - start)) / 2
    }
  }
}

/// Two threads that take turns by a futex.
private final class FutexTurns {
  private let word = FutexWord()
  private var thread: WorkerThread?

  init(on cpu: Int) throws(AdvisorError) {
    let word = word
    thread = try WorkerThread {
      Affinity.pinCurrentThread(to: [cpu])
      while word.await(.asked) { word.set(.answered) }
    }
  }

  deinit {
    word.set(.ended)
    thread?.join()
  }

  func roundTrips(_ count: Int) -> Double {
    let start = MonotonicClock.seconds
    for _ in 0..<count {
      word.set(.asked)
      _ = word.await(.answered)
    }
    return MonotonicClock.seconds - start
  }
}
