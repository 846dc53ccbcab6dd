import AdvisorCore
import Testing

@testable import CostModel

@Suite("Recommendations")
struct RecommendTests {
  @Test(arguments: [
    "cpu:8x1e6", "cpu:8x300ms", "cpu:20000x50us", "cpu:100x10ms,cv=1", "wait:200x50ms", "io:100x64KiB,latency=20ms",
    "mem:16x512MiB", "disk:64x4MiB", "cpu:1e9x1e6", "cpu:1e9x1e6,cv=1", "wait:100x50ms,cv=2", "cpu:16x320ms,cv=2",
    "io:64x1MiB,latency=10ms+cpu:64x2e6", "io:64x1MiB,latency=10ms,cv=0.5+cpu:64x2e6",
  ])
  func show(text: String) throws {
    let clock = ContinuousClock()
    let job = try Job(text)
    let start = clock.now
    let r = try CostModel(profile: SampleProfile.twoCores).recommend(job)
    let took = clock.now - start
    print("== \(text) \(took) candidates \(r.alternatives.count + 1) confidence \(r.confidence)")
    for c in [r.recommended] + r.alternatives.prefix(6) {
      print(
        c.strategy, c.workers, c.chunk, c.predicted.seconds.p5, c.predicted.seconds.p50, c.predicted.seconds.p95,
        c.speedup, c.bindingLimit, c.predicted.breakdown.map { "\($0.name)=\(Quantity.text(seconds: $0.seconds))" })
    }
    print(r.warnings)
  }
}
