import AdvisorTestSupport
import Statistics
import Testing

@testable import CostModel

@Suite("Requests that share a link")
struct ConcurrencyTests {
  struct Case: Decodable, Sendable {
    var n, k: Int
    var latencyMean, latencyScv, bytes, bandwidth, perConnection, time: Double
  }

  @Test("Equal latencies keep requests in step: waves, to the last digit")
  func inStep() throws {
    for reference in try ReferenceTable.cases("io_concurrency", as: Case.self) where reference.latencyScv == 0 {
      let (whole, rest) = reference.n.quotientAndRemainder(dividingBy: reference.k)
      func wave(_ count: Int) -> Double {
        count == 0 ? 0 : reference.latencyMean + reference.link.responseInStep(count)
      }
      #expect(agree(Double(whole) * wave(reference.k) + wave(rest), reference.time, within: 1e-9))
    }
  }

  @Test("A case of the reference table in step: 600 requests, 64 in flight, 0.2 s latency")
  func known() {
    let link = SharedLink(alone: 100e3 / 100e6, interval: 100e3 / 100e6)
    let waves = 9 * (0.2 + link.responseInStep(64)) + 0.2 + link.responseInStep(24)
    #expect(agree(waves, 2.6, within: 1e-9))
  }

  @Test(
    "Jittered latencies: within 5 %, or three standard deviations of the one run that stands in the table")
  func atRandom() throws {
    var errors: [Double] = []
    for reference in try ReferenceTable.cases("io_concurrency", as: Case.self) where reference.latencyScv > 0 {
      let makespan = reference.makespanAtRandom
      let error = abs(makespan.mean / reference.time - 1)
      #expect(error <= max(0.05, 3 * makespan.deviation / makespan.mean))
      errors.append(error)
    }
    #expect(try #require(errors.mean()) <= 0.03)
  }

  @Test("Neither waiting together nor at random beats Little's law and the link's rate", arguments: [1, 4, 32, 500])
  func bounds(underWay: Int) {
    let link = SharedLink(alone: 0.02, interval: 0.001)
    let bound = link.throughputBound(underWay, away: 0.1)
    #expect(Double(underWay) / (0.1 + link.responseInStep(underWay)) <= bound * 1.000_001)
    #expect(Double(underWay) / (0.1 + link.responseAtRandom(underWay, away: 0.1)) <= bound * 1.000_001)
  }
}

extension ConcurrencyTests.Case {
  var link: SharedLink { SharedLink(alone: bytes / min(perConnection, bandwidth), interval: bytes / bandwidth) }

  /// As the model predicts slots that each take the next request.
  var makespanAtRandom: Makespan {
    let alone = latencyMean + link.alone
    let response = latencyMean + link.responseAtRandom(k, away: latencyMean)
    let sizes = LognormalSizes(scv: latencyScv * latencyMean * latencyMean / (alone * alone))
    return Makespan.dynamic(
      tasks: n, workers: k, capacity: Double(k) * alone / response, sizes: sizes, table: SizeTable(sizes)
    ).scaled(by: alone)
  }
}
