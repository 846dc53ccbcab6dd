import AdvisorCore
import Synchronization
import System
import Testing
import Workloads

@testable import Calibration

@Suite("Threads that work in slices")
struct ThreadTeamTests {
  /// Sleeps a millisecond a unit, and fails where it is told to.
  private final class Sleep: Workload {
    let sliceUnits = 1
    private let isBroken: Bool

    init(isBroken: Bool) { self.isBroken = isBroken }

    func run(units: Int) throws(AdvisorError) -> UInt64 {
      if isBroken { throw AdvisorError(.unavailable, "broken", advice: "") }
      MonotonicClock.sleep(untilSeconds: MonotonicClock.seconds + 1e-3)
      return 0
    }
  }

  @Test("Only those that are active work, and their rates add up", arguments: [1, 3, 8])
  func rates(active: Int) throws {
    let team = try ThreadTeam(8, cpus: nil) { _ in Sleep(isBroken: false) }
    let pace = try team.pace(active: active, seconds: 0.05)
    // A sleep lasts a millisecond and more; on a busy machine much more.
    #expect(pace.unitsPerSecond <= 1000 * Double(active) * 1.001)
    #expect(pace.unitsPerSecond >= 10 * Double(active))
    #expect(pace.cpus < Double(active) / 2)
  }

  /// A device that serves one at a time, a millisecond and more a unit.
  private final class Device: Workload {
    let sliceUnits = 1
    private let serve: () -> Void

    init(_ serve: @escaping () -> Void) { self.serve = serve }

    func run(units: Int) throws(AdvisorError) -> UInt64 {
      serve()
      return 0
    }
  }

  @Test("Together they get no more of a device than it has, though each has but a unit or two")
  func sharedDevice() throws {
    let device = Mutex(0)
    let team = try ThreadTeam(16, cpus: nil) { _ in
      Device { device.withLock { _ in MonotonicClock.sleep(untilSeconds: MonotonicClock.seconds + 1e-3) } }
    }
    let pace = try team.pace(active: 16, seconds: 5e-3)
    #expect(pace.unitsPerSecondOfAll <= 1001)
    // Those that wake too late on a busy machine do nothing in their slice.
    guard pace.units >= 16 else { return }
    // Rates by their own ends add up to more: sixteen that end one after another, Σ 1/i of what the device has.
    #expect(pace.unitsPerSecond > pace.unitsPerSecondOfAll)
  }

  @Test("A single one is another each time, of as many as have a place", arguments: [(nil, 4), ([0, 0], 2)])
  func singles(cpus: [Int]?, places: Int) throws {
    let log = Mutex<[Int]>([])
    let team = try ThreadTeam(4, cpus: cpus) { Logged(index: $0) { index in log.withLock { $0.append(index) } } }
    var seen: Set<Int> = []
    for turn in 0..<3 * places {
      _ = try team.pace(active: 1, seconds: 2e-3)
      let worked = Set(
        log.withLock { log in
          defer { log = [] }
          return log
        })
      // Who wakes too late on a busy machine does nothing in its slice.
      #expect(worked.isSubset(of: [turn % places]))
      seen.formUnion(worked)
    }
    #expect(seen == Set(0..<places))
  }

  /// Tells who it is whenever it works.
  private final class Logged: Workload {
    let sliceUnits = 1
    private let index: Int
    private let tell: (Int) -> Void

    init(index: Int, _ tell: @escaping (Int) -> Void) { (self.index, self.tell) = (index, tell) }

    func run(units: Int) throws(AdvisorError) -> UInt64 {
      tell(index)
      return 0
    }
  }

  @Test("What one of them throws is thrown, and the others go on in the next slice")
  func failures() throws {
    let team = try ThreadTeam(3, cpus: nil) { Sleep(isBroken: $0 == 2) }
    for _ in 0..<2 {
      let error = try #require(throws: AdvisorError.self) { try team.pace(active: 3, seconds: 0.01) }
      #expect(error.problem == "broken")
      #expect(try team.rate(active: 2, seconds: 0.01) > 0)
    }
  }

  @Test("A workload that cannot be made is told at once")
  func unmade() {
    #expect(throws: AdvisorError.self) {
      try ThreadTeam(3, cpus: nil) { index throws(AdvisorError) in
        if index == 2 { throw AdvisorError(.temporary, "no room", advice: "") }
        return Sleep(isBroken: false)
      }
    }
  }
}
