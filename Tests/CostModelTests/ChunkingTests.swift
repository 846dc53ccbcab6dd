import AdvisorCore
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

  @Test(
    "Equal chunks end with the longest of the last wave",
    // 100 tasks in chunks of 15 on 7 workers: six of 15 and one of 10, all at once. 37 in chunks of 6 on 3: two waves of
    // three sixes, then the last task. On one CPU all of them share it.
    arguments: [
      (100, 7, 15, 7.0, 15.0), (37, 3, 6, 3.0, 13.0), (37, 3, 7, 3.0, 14.0), (8, 2, 2, 2.0, 4.0), (9, 2, 2, 1.0, 9.0),
      (5, 8, 5, 8.0, 5.0),
    ])
  func equal(tasks: Int, workers: Int, chunk: Int, capacity: Double, expected: Double) {
    let makespan = Makespan.equalChunks(tasks: tasks, workers: workers, chunk: chunk, capacity: capacity)
    #expect(abs(makespan - expected) < 1e-9)
    // By hand: list scheduling of the same chunks.
    let chunks = stride(from: 0, to: tasks, by: chunk).map { Double(min(chunk, tasks - $0)) }
    let listed = ListScheduling.makespan(of: chunks, workers: workers, capacity: capacity)
    #expect(abs(makespan - listed) < 1e-9)
  }

  @Test("A hundred equal waits of 50 ms in chunks of 15 on seven worker processes take the longest share, 750 ms, and the start")
  func waits() throws {
    let predicted = try CostModel(profile: SampleProfile.twoCores).predict(
      try Job("wait:100x50ms"), plan: Plan(strategy: .processes, workers: 7, chunk: 15))
    // Such a run took 765 ms on a quiet machine.
    #expect(agree(predicted.seconds.p50, 0.765, within: 0.03))
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
