import AdvisorTestSupport
import Statistics
import Testing

@testable import CostModel

@Suite("Pipelines")
struct PipelineTests {
  struct Case: Decodable, Sendable {
    var n, k1, k2: Int
    var downloadTime, processTime, scv, makespan, hw95: Double
    var buffer: Int?
  }

  @Test(
    "Cases of the reference table: deterministic, by the formula",
    // Ten items, both stages with slots for all: one pass. One slot each: the slower stage is always busy.
    arguments: [(10, 1.0, 0.5, 32, 8, 2.0), (10, 1.0, 1.0, 1, 1, 11.0), (64, 0.25, 1.0, 1, 1, 64.25)])
  func known(items: Int, first: Double, second: Double, firstSlots: Int, secondSlots: Int, expected: Double) {
    let pipeline = TwoStagePipeline(
      items: items, first: first, second: second, firstSlots: firstSlots, secondSlots: secondSlots, buffer: nil)
    #expect(agree(pipeline.makespan(scv: 0).mean, expected, within: 1e-12))
    #expect(agree(pipeline.simulated(scv: 0, replications: 1).first, expected, within: 1e-12))
  }

  @Test(
    "Every case of the reference table, within 5 %, or three of its own standard errors")
  func table() throws {
    for reference in try ReferenceTable.cases("pipeline", as: Case.self) {
      let pipeline = TwoStagePipeline(
        items: reference.n, first: reference.downloadTime, second: reference.processTime, firstSlots: reference.k1,
        secondSlots: reference.k2, buffer: reference.buffer)
      let mean = pipeline.makespan(scv: reference.scv).mean
      #expect(abs(mean - reference.makespan) <= max(0.05 * reference.makespan, 1.5 * reference.hw95))
    }
  }

  @Test("A tighter buffer never helps, and a long run goes on at the pace of a shorter one")
  func buffers() {
    func mean(_ items: Int, _ buffer: Int?) -> Double {
      TwoStagePipeline(items: items, first: 1, second: 1, firstSlots: 2, secondSlots: 2, buffer: buffer)
        .makespan(scv: 0.5).mean
    }
    #expect(mean(300, 1) >= mean(300, 8))
    #expect(mean(300, 8) >= mean(300, nil))
    #expect(agree(mean(8000, 1) / mean(800, 1), 10, within: 0.05))
  }

  @Test("With more than two stages the slowest one decides")
  func threeStages() {
    #expect(PipelinePlan.formula([1, 3, 1], [1, 1, 1], 10) == 32)
    #expect(PipelinePlan.formula([1, 3, 1], [1, 3, 1], 10) == 14)
  }
}
