import AdvisorCore
import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Probe
import Testing

@testable import Calibration

@Suite("Figures that move from one calibration to the next")
struct DriftTests {
  static func profile(
    kernel: Double, spawn: Double, level: MachineProfile.Level = .standard, at date: String = "2026-01-01T00:00:00Z"
  ) throws -> MachineProfile {
    func estimate(_ value: Double, _ unit: Estimate.Unit) -> Estimate {
      SampleProfile.estimate(value, unit, error: 0.01, samples: 60)
    }
    let cost = FixedCost(
      name: .processSpawn, placement: .sameCPU, floor: estimate(spawn, .seconds),
      typical: estimate(2 * spawn, .seconds),
      minimum: spawn, acceptedShare: 1)
    let costs = VariableCosts(
      kernels: [KernelCost(kernel: .word, mix: .integer, secondsPerUnit: estimate(kernel, .secondsPerUnit))])
    return SampleProfile.make(createdAt: date, level: level, try Prober.live.machine(), [cost], costs, runSpread: 0)
  }

  static let now = try? Date("2026-01-02T00:00:00Z", strategy: .iso8601)

  func heeding(_ earlier: MachineProfile, by later: MachineProfile) throws -> MachineProfile {
    later.combined(with: earlier, on: try Prober.live.machine(), now: try #require(Self.now))
  }

  @Test("Their intervals reach to where they were, they are marked as unsettled, and the profile says how many")
  func moved() throws {
    let heeding = try heeding(Self.profile(kernel: 2e-9, spawn: 150e-6), by: Self.profile(kernel: 2e-9, spawn: 200e-6))
    let cost = try #require(heeding.fixedCosts.first)
    #expect(cost.floor.value == 200e-6 && cost.floor.low == 150e-6 && !cost.floor.isSettled)
    // 200² / 150.
    #expect(abs(cost.floor.high - 266.7e-6) < 1e-7)
    #expect(cost.typical.value == 400e-6 && cost.typical.low == 300e-6)
    #expect(heeding.variableCosts.kernels.first?.secondsPerUnit.isSettled == true)
    #expect(heeding.quality.last == .moved(figures: 2, of: 3, since: "2026-01-01T00:00:00Z"))
  }

  @Test("However little more than 5 % it is, a figure that has moved is marked", arguments: [0.94, 1.06])
  func marked(factor: Double) throws {
    let later = try Self.profile(kernel: 2e-9 * factor, spawn: 150e-6)
    let heeding = try heeding(Self.profile(kernel: 2e-9, spawn: 150e-6), by: later)
    #expect(heeding.variableCosts.kernels.first?.secondsPerUnit.isSettled == false)
  }

  @Test("What is found alike is the mean of both, and better known than either", arguments: [0.96, 1.04])
  func pooled(factor: Double) throws {
    let later = try Self.profile(kernel: 2e-9 * factor, spawn: 150e-6)
    let heeding = try heeding(Self.profile(kernel: 2e-9, spawn: 150e-6), by: later)
    let kernel = try #require(heeding.variableCosts.kernels.first).secondsPerUnit
    // Equally well known: the geometric mean, and the error of one over √2.
    #expect(abs(kernel.value / (2e-9 * factor.squareRoot()) - 1) < 1e-9)
    let deviation = (pow(0.01 / 1.645, 2) + pow(0.014, 2)).squareRoot() / 2.0.squareRoot()
    #expect(abs(kernel.high / kernel.value - exp(1.645 * deviation)) < 1e-9)
    #expect(kernel.samples == 120 && kernel.isSettled)
    #expect(
      heeding.quality == [.pooled(figures: 3, of: 3, since: "2026-01-01T00:00:00Z")])
  }

  @Test("One that was hardly known counts for little")
  func weighted() throws {
    var earlier = try Self.profile(kernel: 2e-9, spawn: 150e-6)
    earlier.variableCosts.kernels[0].secondsPerUnit.low = 1e-9
    earlier.variableCosts.kernels[0].secondsPerUnit.high = 3e-9
    let heeding = try heeding(earlier, by: try Self.profile(kernel: 2.2e-9, spawn: 150e-6))
    let kernel = try #require(heeding.variableCosts.kernels.first).secondsPerUnit
    #expect(kernel.value > 2.19e-9 && kernel.value < 2.2e-9)
  }

  @Test("After a disturbed calibration most of what is believed is what a quiet one has found")
  func poorNow() throws {
    let earlier = try Self.profile(kernel: 2e-9, spawn: 150e-6)
    var later = try Self.profile(kernel: 2.6e-9, spawn: 150e-6)
    later.variableCosts.kernels[0].secondsPerUnit.widen(bySessionSpread: 0.3)
    let heeding = try heeding(earlier, by: later)
    #expect(abs(try #require(heeding.variableCosts.kernels.first).secondsPerUnit.value / 2e-9 - 1) < 0.01)
    #expect(heeding.quality == [.pooled(figures: 3, of: 3, since: "2026-01-01T00:00:00Z")])
  }

  @Test("An earlier one that is more than a month old says nothing", arguments: ["2025-11-01T00:00:00Z"])
  func ignored(date: String) throws {
    let earlier = try Self.profile(kernel: 1e-9, spawn: 50e-6, at: date)
    let later = try Self.profile(kernel: 2e-9, spawn: 150e-6)
    #expect(try heeding(earlier, by: later) == later)
  }

  @Test(
    "Between calibrations the host may move a guest's CPUs, which the way of a cache line tells", arguments: [1.5, 5])
  func movedByTheHost(factor: Double) throws {
    func profile(_ line: Double) throws -> MachineProfile {
      var profile = try Self.profile(kernel: 2e-9, spawn: 150e-6)
      profile.machine.isVirtual = true
      var cost = try #require(profile.fixedCosts.first)
      (cost.name, cost.placement) = (.cacheLineRoundTrip, .crossCPU)
      cost.floor = Estimate(value: line, low: line, high: line, samples: 60, unit: .seconds)
      profile.fixedCosts.append(cost)
      return profile
    }
    let quality = try heeding(profile(70e-9), by: profile(70e-9 * factor)).quality
    #expect(
      quality.contains(.movedCPUsSince(seconds: 70e-9 * factor, before: 70e-9)) == (factor == 5))
  }

  @Test(
    "Within one calibration as well",
    arguments: [
      ([], nil), ([70e-9], nil), ([52e-9, 88e-9], nil),
      ([65e-9, 380e-9, 70e-9], .movedCPUs(minSeconds: 65e-9, maxSeconds: 380e-9)),
    ] as [([Double], ProfileWarning?)])
  func movedMeanwhile(seconds: [Double], warning: ProfileWarning?) {
    #expect(HostPlacement.warning(of: seconds) == warning)
  }
}
