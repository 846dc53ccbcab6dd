import AdvisorTestSupport
import Testing

@testable import Statistics

@Suite("Closed queueing systems")
struct ClosedMVATests {
  @Test(
    "Cases of the reference table",
    arguments: [(50, 0.1, 1.0, 8, 8.0, 6.15), (16, 1, 1, 1, 0.9999999999999825, 15.00000000000028)])
  func known(users: Int, think: Double, service: Double, servers: Int, throughput: Double, response: Double) throws {
    let system = try #require(ClosedMVA(users: users, think: think, service: service, servers: servers))
    #expect(agree(system.throughput, throughput, within: 1e-9))
    #expect(agree(system.response, response, within: 1e-9))
  }

  struct Case: Decodable, Sendable {
    var users: Int
    var think, service: Double
    var servers: Int
    var throughput, response: Double
  }

  @Test("Every case of the reference table")
  func table() throws {
    for reference in try ReferenceTable.cases("closed_mva", as: Case.self) {
      let system = try #require(
        ClosedMVA(
          users: reference.users, think: reference.think, service: reference.service, servers: reference.servers))
      #expect(agree(system.throughput, reference.throughput, within: 1e-9))
      #expect(agree(system.response, reference.response, within: 1e-9))
    }
  }

  @Test("One user never queues, and no number of users passes the servers' rate")
  func bounds() throws {
    #expect(agree(ClosedMVA(users: 1, think: 3, service: 1, servers: 1)?.throughput, 0.25, within: 1e-12))
    #expect(agree(ClosedMVA(users: 1_000_000, think: 3, service: 1, servers: 4)?.throughput, 4, within: 1e-9))
    #expect(ClosedMVA(users: 5, think: 0, service: 0.5, servers: 2)?.throughput == 4)
  }

  @Test("Impossible systems are refused")
  func refused() {
    #expect(ClosedMVA(users: 0, think: 1, service: 1, servers: 1) == nil)
    #expect(ClosedMVA(users: 1, think: .nan, service: 1, servers: 1) == nil)
    #expect(ClosedMVA(users: 1, think: 1, service: 0, servers: 1) == nil)
  }

  /// By hand, from the chain's balance: with S = 1 and Z = 2, p(1) = 2 p(0) / 2 and p(2) = p(1) / (2 · 1.7).
  @Test("Two users whose requests slow each other down")
  func loadDependent() {
    let system = ClosedMVA(users: 2, think: 2, service: 1, capacity: 1.7) { $0 == 1 ? 1 : 1.7 }
    let (one, two) = (1.0, 1 / 3.4)
    #expect(agree(system?.throughput, (one + 1.7 * two) / (1 + one + two), within: 1e-12))
    #expect(
      agree(ClosedMVA(users: 1, think: 2, service: 1, capacity: 1.7) { $0 == 1 ? 1 : 1.7 }?.response, 1, within: 1e-12))
  }
}
