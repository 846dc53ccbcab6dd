import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import Observation

@Suite("A machine against its twin") struct TwinComparisonTests {
  private static let twin = SampleProfile.twoCores

  private static func profile(_ change: (inout MachineProfile) -> Void) -> MachineProfile {
    var profile = twin
    change(&profile)
    return profile
  }

  @Test("A machine like its twin is worse at nothing")
  func alike() {
    let comparison = TwinComparison(of: Self.twin, with: Self.twin)
    #expect(comparison.costs == [] && comparison.figures == [] && comparison.worst == nil)
    #expect(comparison.better == 0 && comparison.alike > 10)
  }

  /// Intervals of 3 % to either side: 40 µs against 80 µs, and 18 GB/s against 9 GB/s, lose half.
  @Test("A cost that is higher and a rate that is lower are worse, by intervals that do not meet")
  func worse() throws {
    let here = Self.profile { profile in
      for index in profile.fixedCosts.indices where profile.fixedCosts[index].name == .threadStart {
        profile.fixedCosts[index] = SampleProfile.cost(.threadStart, 80e-6)
      }
      profile.variableCosts.memoryBandwidth[0].bytesPerSecond = SampleProfile.estimate(6e9, .bytesPerSecond)
      profile.variableCosts.disk[0].operationsPerSecond = SampleProfile.estimate(9.3e3, .perSecond)
    }
    let comparison = TwinComparison(of: here, with: Self.twin)
    #expect(comparison.costs.map(\.name) == ["memory bandwidth, 1 threads, node 0 to 0", "threadStart, unpinned"])
    let loss = try #require(comparison.costs.last?.loss)
    #expect(abs(loss.low - (1 - 41.2 / 77.6)) < 1e-9 && abs(loss.high - (1 - 38.8 / 82.4)) < 1e-9)
    #expect(comparison.better == 0)
  }

  @Test("What is better here is counted, and is no loss")
  func better() {
    let here = Self.profile { profile in
      profile.variableCosts.disk[0].operationsPerSecond = SampleProfile.estimate(90e3, .perSecond)
      profile.fixedCosts[0] = SampleProfile.cost(.processSpawn, 5e-6)
    }
    let comparison = TwinComparison(of: here, with: Self.twin)
    #expect(comparison.costs == [] && comparison.better == 2)
  }

  @Test("Fewer usable CPUs and less memory are worse")
  func figures() {
    let small = SampleProfile.make(cpus: 2, quota: 1.5, memoryBytes: 2 << 30)
    let large = SampleProfile.make(cpus: 2, memoryBytes: 8 << 30)
    let worse = TwinComparison(of: small, with: large).figures
    #expect(worse.map(\.name) == [.effectiveCPUs, .memoryBytes])
    #expect(worse.map(\.loss.high) == [0.25, 0.75])
    #expect(TwinComparison(of: large, with: small).figures == [])
  }
}
