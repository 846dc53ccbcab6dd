import AdvisorTestSupport
import Glibc
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

  @Test("On the reference curves the chosen chunk is within 2 % of the best")
  func table() throws {
    for reference in try ReferenceTable.cases("chunking", as: Case.self) {
      let chunk = Double(
        Chunking.best(
          tasks: reference.n, workers: reference.w, scv: reference.scv, overhead: reference.overheadPerChunk))
      func distance(_ point: Case.Point) -> Double { abs(log(Double(point.chunk) / chunk)) }
      let nearest = try #require(reference.curve.min { distance($0) < distance($1) })
      #expect(distance(nearest) < 0.35)
      #expect(nearest.mean <= 1.02 * reference.bestTime)
    }
  }

  @Test(
    "Cases of the reference table: what Kruskal and Weiss say, and the time that it takes",
    // Lognormal, n, w, overhead; the published chunk, and the simulated time at the last argument's chunk.
    arguments: [(0.25, 2000, 4, 0.1, 24, 12, 507.4609697), (4.0, 2000, 16, 1.0, 14, 14, 154.3918836)])
  func known(
    scv: Double, tasks: Int, workers: Int, overhead: Double, kruskalWeiss: Int, chunk: Int, expected: Double
  ) {
    let published = Chunking.kruskalWeiss(tasks: tasks, workers: workers, scv: scv, overhead: overhead)
    #expect(abs(published - Double(kruskalWeiss)) <= 1)
    let time = Chunking.makespan(tasks: tasks, workers: workers, chunk: chunk, scv: scv, overhead: overhead)
    #expect(agree(time, expected, within: 0.03))
  }

  @Test("Nothing is gained by chunks where handing out costs nothing, or where there is one worker")
  func free() {
    #expect(Chunking.best(tasks: 1000, workers: 4, scv: 1, overhead: 0) == 1)
    #expect(Chunking.best(tasks: 1000, workers: 1, scv: 1, overhead: 1) == 1)
    #expect(Chunking.best(tasks: 3, workers: 4, scv: 1, overhead: 1) == 1)
  }

  @Test("Equal tasks that are dear to hand out are dealt out once")
  func equal() {
    #expect(Chunking.best(tasks: 1000, workers: 4, scv: 0, overhead: 10) == 250)
  }
}
