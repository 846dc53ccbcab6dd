import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("CPU quota")
struct QuotaTests {
  struct Case: Decodable, Sendable {
    var periodS, quotaCores, cpuSeconds, formulaTime: Double
    var ncpu, workers: Int
  }

  @Test(
    "Cases of the reference table cfs_quota",
    arguments: [(1.5, 0.1, 8.0, 0.003, 0.000375), (2.0, 0.02, 2.0, 2.0, 1.0), (0.5, 0.1, 2.0, 0.02, 0.01)])
  func known(cpus: Double, period: Double, parallelism: Double, cpuSeconds: Double, expected: Double) {
    let quota = Quota(cpus: cpus, period: period)
    #expect(agree(quota.wallTime(cpuSeconds: cpuSeconds, parallelism: parallelism), expected, within: 1e-9))
  }

  @Test("Every case of the reference table, to 1e-9")
  func table() throws {
    for reference in try ReferenceTable.cases("cfs_quota", as: Case.self) {
      let quota = Quota(cpus: reference.quotaCores, period: reference.periodS)
      let time = quota.wallTime(
        cpuSeconds: reference.cpuSeconds, parallelism: Double(min(reference.workers, reference.ncpu)))
      #expect(abs(time / reference.formulaTime - 1) <= 1e-9)
    }
  }

  @Test("More workers than the quota help a short burst and never a long job")
  func burst() {
    let quota = Quota(cpus: 1.5, period: 0.1)
    #expect(quota.wallTime(cpuSeconds: 0.1, parallelism: 4) < quota.wallTime(cpuSeconds: 0.1, parallelism: 1.5))
    #expect(agree(quota.wallTime(cpuSeconds: 150, parallelism: 4), 100, within: 1e-3))
  }

  @Test("A quota that leaves all CPUs is none; one without a period has the kernel's")
  func presence() {
    #expect(Quota(SampleProfile.machine(cpus: 2, quota: nil, memoryBytes: 1 << 30)) == nil)
    #expect(Quota(SampleProfile.machine(cpus: 2, quota: 3, memoryBytes: 1 << 30)) == nil)
    var machine = SampleProfile.machine(cpus: 4, quota: 1.5, memoryBytes: 1 << 30)
    machine.limits.cpuPeriodSeconds = nil
    #expect(Quota(machine) == Quota(cpus: 1.5, period: 0.1))
  }
}
