import Testing

@testable import CostModel

@Suite("Chunks")
struct ChunkingTests {
  struct Case: Decodable, Sendable {
    struct Point: Decodable, Sendable {
      var chunk: Int
      var mean: Double
    }
    var dist: String
    var param, scv, overheadPerChunk, bestTime: Double
    var n, w: Int
    var curve: [Point]
  }

  @Test("On the reference curves the chosen chunk is within 2 % of the best", .enabled(if: ReferenceTable.isAvailable))
  func table() throws {
    for reference in try ReferenceTable.cases("chunking", as: Case.self) {
      let chunk = Chunking.best(
        tasks: reference.n, workers: reference.w, scv: reference.scv, overhead: reference.overheadPerChunk)
      let near = reference.curve.min { abs(logarithm(Double($0.chunk) / Double(chunk))) < abs(logarithm(Double($1.chunk) / Double(chunk))) }
      let point = try #require(near)
      print(reference.dist, reference.scv, reference.n, reference.w, reference.overheadPerChunk, "chose", chunk, "near", point.chunk, point.mean / reference.bestTime - 1, "model", Chunking.makespan(tasks: reference.n, workers: reference.w, chunk: point.chunk, scv: reference.scv, overhead: reference.overheadPerChunk) / point.mean - 1)
    }
  }
}
