import AdvisorCore
import Console
import Planning
@testable import Reports
import Testing

/// Queues as people read them.
@Suite("Texts of queues")
struct QueueTextTests {
  @Test(
    "What is next to nothing takes no digits",
    arguments: [
      (rate: 1.0, seconds: 1e-3, servers: 8), (rate: 1e-5, seconds: 1e-3, servers: 2),
      (rate: 1, seconds: 1e-6, servers: 1),
    ])
  func nextToNothing(load: (rate: Double, seconds: Double, servers: Int)) throws {
    let text = TextReport.queue(try Self.plan(load.rate, load.seconds, load.servers))
    #expect(text.contains(", under 0.001 in the queue on average"))
    #expect(text.contains("under 1 ns"))
    #expect(!text.contains("e-"))
  }

  /// M/M/1 at ρ = 0.5: L = ρ² / (1 − ρ) = 0.5, W = 0.5 / 10 s = 50 ms.
  @Test("What is something keeps its three digits")
  func something() throws {
    let text = TextReport.queue(try Self.plan(10, 0.05, 1))
    #expect(text.contains("50 % of requests wait, 0.5 in the queue on average".replacing(" %", with: "\u{A0}%")))
    #expect(text.contains(/wait +50 ms/))
  }

  @Test(
    "One request is singular", arguments: [(1.0, "1 request/s of"), (2, "2 requests/s of"), (0.5, "0.5 requests/s of")])
  func singular(rate: Double, start: String) throws {
    #expect(TextReport.queue(try Self.plan(rate, 1e-3, 1)).hasPrefix(start))
    let lossy = try LossPlan(QueueLoad(arrivalRate: rate, serviceSeconds: 1e-3), servers: 1, patience: 0)
    #expect(TextReport.lossQueue(lossy).hasPrefix(start))
  }

  @Test("Many users are counted in thousands, as all counts are")
  func manyUsers() throws {
    let plan = try ClosedQueuePlan(users: 1, thinkSeconds: 10, serviceSeconds: 1e-3, servers: 4)
    #expect(TextReport.closedQueue(plan).contains("from about 40 k users on"))
  }

  @Test(
    "A share that is not all or nothing is not said to be",
    arguments: [
      (1.0, "100 %"), (0.999_96, "over 99.9 %"), (0.999, "99.9 %"), (0.05, "5 %"), (1e-5, "0.001 %"),
      (8.38e-10, "under 0.001 %"), (0, "0 %"), (1.5, "150 %"),
    ])
  func shares(share: Double, text: String) { #expect(Sentences().percent(share) == text) }

  private static func plan(_ rate: Double, _ seconds: Double, _ servers: Int) throws -> QueuePlan {
    try QueuePlan(QueueLoad(arrivalRate: rate, serviceSeconds: seconds), .exponential, servers: servers, seed: 1)
  }
}
