import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("Machines that are not there")
struct WhatIfTests {
  @Test("All keys are read, in any order")
  func parse() throws {
    let whatIf = try WhatIf("latency=5ms,memory=8GiB,quota=1.5,numa=2,cpus=64")
    #expect(
      whatIf == WhatIf(cpus: 64, numaNodes: 2, quota: 1.5, memoryBytes: 0x1p33, latencySeconds: 0.005))
    #expect(try WhatIf(whatIf.description) == whatIf)
    #expect(try WhatIf("") == WhatIf())
  }

  @Test(
    "What no machine has is refused, and quoted",
    arguments: [
      "cpus=0", "cpus=-1", "cpus=1.5", "numa=0", "quota=0", "quota=nan", "memory=0", "speed=2", "cpus", "latency=5",
    ])
  func refused(text: String) throws {
    let error = try #require(throws: AdvisorError.self) { try WhatIf(text) }
    #expect(error.code == .usage)
    #expect(error.problem.contains("“\(text)”"))
  }

  @Test("More nodes than CPUs cannot be")
  func nodes() throws {
    #expect(throws: AdvisorError.self) { try SampleProfile.twoCores.whatIf(WhatIf(cpus: 2, numaNodes: 4)) }
  }

  @Test("The imagined machine has the CPUs, nodes, memory and quota")
  func machine() throws {
    let profile = try SampleProfile.twoCores.whatIf(try WhatIf("cpus=64,numa=2,quota=1.5,memory=1GiB"))
    let machine = profile.machine
    #expect(machine.cpus.usable.count == 64)
    #expect(machine.topology.count == 64)
    #expect(machine.numa.map(\.cpus.count) == [32, 32])
    #expect(machine.usable.logicalCPUs == 64)
    #expect(machine.usable.effectiveCPUs == 1.5)
    #expect(machine.usable.memoryBytes == 1 << 30)
    #expect(profile.fingerprint != SampleProfile.twoCores.fingerprint)
    #expect(profile.quality.contains(.imagined(cpus: 64, numaNodes: 2)))
  }

  @Test("Hyperthreads stay: a machine of two threads a core has them when it is larger")
  func hyperthreads() throws {
    var profile = SampleProfile.make(cpus: 4, speedups: [1: 1, 2: 2, 4: 2.5])
    profile.machine.counts.threadsPerCore = 2
    for cpu in profile.machine.topology.indices { profile.machine.topology[cpu].core = cpu % 2 }
    let larger = try profile.whatIf(WhatIf(cpus: 16))
    #expect(larger.machine.counts.cores == 8)
    let capacity = Capacity(machine: larger.machine, speedups: larger.variableCosts.speedups)
    #expect(agree(capacity.speedup(8), 8, within: 0.01))
    #expect(agree(capacity.speedup(16), 10, within: 0.01))
  }

  @Test("Eight times the cores do the work in an eighth of the time, as efficiently as measured")
  func speed() throws {
    let job = "cpu:160x100ms"
    let here = try RecommendationTests.recommend(job).recommended.predicted.seconds.p50
    let there = try RecommendationTests.recommend(job, on: SampleProfile.twoCores.whatIf(WhatIf(cpus: 16))).recommended
    #expect(there.workers == 16)
    #expect(agree(here / there.predicted.seconds.p50, 8, within: 0.03))
  }

  @Test("A latency is that of every remote call, and of nothing else")
  func latency() throws {
    let whatIf = WhatIf(latencySeconds: 0.1)
    let job = whatIf.applied(to: try Job("io:10x1KiB,latency=5ms+cpu:10x1ms"))
    #expect(job.stages[0].latencySeconds == 0.1)
    #expect(job.stages[1].latencySeconds == nil)
    #expect(try Job(job.text) == job)
  }
}
