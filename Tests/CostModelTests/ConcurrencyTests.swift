import Statistics
import Testing

@testable import CostModel

@Suite("Requests that share a link")
struct ConcurrencyTests {
  struct Case: Decodable, Sendable {
    var n, k: Int
    var latencyMean, latencyScv, bytes, bandwidth, perConnection, time: Double
  }

  @Test("Every case of the reference table", .enabled(if: ReferenceTable.isAvailable))
  func table() throws {
    var errors: [Double] = []
    for reference in try ReferenceTable.cases("io_concurrency", as: Case.self) {
      let time = Self.time(reference)
      let error = abs(time / reference.time - 1)
      errors.append(error)
      if error > 0.04 { print(reference, time, error) }
    }
    print("io", errors.mean() ?? 0, errors.max() ?? 0)
  }

  static func time(_ c: Case) -> Double {
    let link = SharedLink(
      alone: c.bytes / min(c.perConnection, c.bandwidth), interval: c.bytes / c.bandwidth)
    let alone = c.latencyMean + link.alone
    if c.latencyScv == 0 {
      let (whole, rest) = c.n.quotientAndRemainder(dividingBy: c.k)
      return Double(whole) * (c.latencyMean + link.responseInStep(c.k)) + (rest > 0 ? c.latencyMean + link.responseInStep(rest) : 0)
    }
    let time = c.latencyMean + link.responseAtRandom(c.k, away: c.latencyMean)
    let sizes = LognormalSizes(scv: c.latencyScv * c.latencyMean * c.latencyMean / (alone * alone))
    let makespan = Makespan.dynamic(
      tasks: c.n, workers: c.k, capacity: Double(c.k) * alone / time, sizes: sizes, table: SizeTable(sizes))
    return makespan.mean * alone
  }
}
