import AdvisorCore
import AdvisorTestSupport
import Foundation
import Probe
import System
import Testing

@testable import Calibration

@Suite("Memory that has rested")
struct RestedMemoryTests {
  static func points(_ single: Double) -> [BandwidthPoint] { SampleProfile.bandwidth(single, 2 * single) }

  static func profile(rested: Double?, at date: String) throws -> MachineProfile {
    let costs = VariableCosts(firstTouch: points(2e10), restedTouch: rested.map(points))
    return SampleProfile.make(createdAt: date, level: .standard, try Prober.live.machine(), [], costs, runSpread: 0)
  }

  @Test(
    "It makes a difference where it comes at less than half the rate",
    arguments: [(4.4e8, true), (9.9e9, true), (1.1e10, false), (2.2e10, false)])
  func difference(rested: Double, isSlower: Bool) {
    #expect(Phase.isSlower(Self.points(rested), than: Self.points(2e10)) == isSlower)
    #expect(!Phase.isSlower([], than: Self.points(2e10)) && !Phase.isSlower(Self.points(rested), than: []))
  }

  @Test("It is measured for one thread and for all, within an eighth of the memory that there is")
  func measured() throws {
    let machine = try Prober.live.machine()
    let context = PhaseTests.context(machine)
    let node = (id: 0, cpus: Array(machine.placementOrder.prefix(2)))
    let points = try Phase.restedTouch(node, context)
    #expect(points.map(\.threads) == (node.cpus.count == 1 ? [1] : [1, 2]))
    #expect(points.allSatisfy { $0.bytesPerSecond.value > 1e7 && $0.bytesPerSecond.samples <= 5 })
  }

  @Test("A calibration that meets none keeps what an earlier one has met; one that does is heeded")
  func kept() throws {
    let now = try Date("2026-01-02T00:00:00Z", strategy: .iso8601)
    let machine = try Prober.live.machine()
    func combined(_ later: Double?, _ earlier: Double?) throws -> Double? {
      try Self.profile(rested: later, at: "2026-01-01T01:00:00Z")
        .combined(with: Self.profile(rested: earlier, at: "2026-01-01T00:00:00Z"), on: machine, now: now)
        .variableCosts.restedTouch?.first?.bytesPerSecond.value
    }
    #expect(try combined(nil, 5e8) == 5e8)
    #expect(try combined(1e9, 5e8) == 1e9)
    #expect(try combined(nil, nil) == nil)
  }

  @Test(
    "Only where it makes a difference is looked how much there is, and only for a job that has use for it",
    arguments: [
      ("mem:4x1MiB", 5e8, true), ("cpu:4x1e6", 5e8, false), ("wait:4x1ms", 5e8, false), ("mem:4x1MiB", 1.5e10, false),
      ("disk:4x1MiB", 5e8, true),
    ])
  func now(job: String, rested: Double, isLooked: Bool) throws {
    let profile = try Self.profile(rested: rested, at: "2026-01-01T00:00:00Z").now(for: try Job(job))
    let memory = Double(try Prober.live.machine().usable.memoryBytes ?? .max)
    #expect((profile.warmMemoryBytes != nil) == isLooked)
    #expect(profile.warmMemoryBytes.map { $0 == memory || $0 > 0 && $0 <= min(0x1p28, memory / 8) } ?? true)
  }
}
