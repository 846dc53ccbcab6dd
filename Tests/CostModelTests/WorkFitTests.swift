import AdvisorTestSupport
import Glibc
import Statistics
import Testing

@testable import CostModel

@Suite("What tasks cost by their number and the bytes of their files")
struct WorkFitTests {
  private static func calls(_ bytes: [Double], _ seconds: (Double) -> Double) -> [WorkFit.Call] {
    bytes.map { .init(tasks: 1, bytes: $0, seconds: seconds($0)) }
  }

  @Test("A line is found as it is", arguments: [(0.002, 3e-8), (0.0, 3e-8), (0.002, 0.0)])
  func line(perTask: Double, perByte: Double) throws {
    let fit = try #require(WorkFit(Self.calls([1e4, 1e5, 1e6, 5e6]) { perTask + perByte * $0 }))
    #expect(agree(fit.seconds(tasks: 10, bytes: 2e7), 10 * perTask + 2e7 * perByte, within: 1e-6))
    #expect(fit.relativeDeviation(tasks: 10, bytes: 2e7) < 1e-6)
  }

  @Test("No file costs less than nothing, however the costs of small ones scatter")
  func notNegative() throws {
    let fit = try #require(WorkFit(Self.calls([1e5, 2e5, 4e5]) { max(1e-4, 1e-8 * $0 - 5e-4) }))
    #expect(fit.perTask >= 0 && fit.perByte >= 0 && fit.seconds(tasks: 1, bytes: 0) >= 0)
  }

  @Test("What was seen adds up to what it took: means are means")
  func sums() throws {
    // Half of the files take twice as long for their bytes as the others.
    let bytes = (1...40).map { (root: Int) -> Double in 1e4 * Double(root * root) }
    let calls = bytes.enumerated().map { (index, bytes) -> WorkFit.Call in
      let perByte = index % 2 == 0 ? 1e-8 : 2e-8
      return WorkFit.Call(tasks: 1, bytes: bytes, seconds: 0.001 + perByte * bytes)
    }
    let fit = try #require(WorkFit(calls))
    let sums = (bytes: bytes.reduce(0, +), seconds: calls.reduce(0) { $0 + $1.seconds })
    #expect(agree(fit.seconds(tasks: 40, bytes: sums.bytes), sums.seconds, within: 0.01))
  }

  @Test("A call that was held up does not set the cost of all")
  func outlier() throws {
    var calls = Self.calls((1...20).map { 1e5 * Double($0) }) { (bytes: Double) -> Double in
      let scatter: Double = 0.02 * (bytes / 1e5).remainder(dividingBy: 3)
      return 1e-8 * bytes * (1 + scatter)
    }
    let before = try #require(WorkFit(calls)).seconds(tasks: 100, bytes: 1e8)
    calls[7].seconds *= 50
    let after = try #require(WorkFit(calls)).seconds(tasks: 100, bytes: 1e8)
    #expect(agree(after, before, within: 0.1))
  }

  /// `t · σ/µ · √(1/n + 1/k)` for the sum of n tasks, known from k; Student's t and the normal's 95th percentile by R.
  @Test("Without files the error is that of a mean, by hand")
  func mean() throws {
    let calls = (0..<100).map { WorkFit.Call(tasks: 1, bytes: 0, seconds: $0 % 2 == 0 ? 1 : 3) }
    let deviation = try #require(WorkFit(calls)).relativeDeviation(tasks: 400, bytes: 0)
    let expected = 1.660391 / 1.644854 * (100.0 / 99).squareRoot() / 2 * (1.0 / 400 + 1.0 / 100).squareRoot()
    #expect(agree(deviation, expected, within: 1e-3))
  }

  /// 190 files by ten of them, spread over the sizes: log-normal sizes, costs that differ by 15 % at equal bytes.
  @Test("Nine in ten sums lie within the interval")
  func coverage() throws {
    var random = Xoshiro(seed: 7)
    func normal() -> Double { Normal.quantile(random.unit()) }
    var inside = 0
    for _ in 0..<400 {
      let files = (0..<200).map { _ -> Double in 4e5 * exp(1.2 * normal()) }.sorted()
      let calls = Self.calls(files) { (bytes: Double) -> Double in
        let factor: Double = max(0.3, 1 + 0.15 * normal())
        return (1e-3 + 3e-8 * bytes) * factor
      }
      let (seen, rest) = (calls.indices.filter { $0 % 20 == 10 }, calls.indices.filter { $0 % 20 != 10 })
      let fit = try #require(WorkFit(seen.map { calls[$0] }))
      let bytes = rest.reduce(0) { $0 + files[$1] }
      let (sum, truth) = (fit.seconds(tasks: 190, bytes: bytes), rest.reduce(0) { $0 + calls[$1].seconds })
      if abs(truth / sum - 1) < 1.645 * fit.relativeDeviation(tasks: 190, bytes: bytes) { inside += 1 }
    }
    #expect((336...392).contains(inside), "\(inside) of 400")
  }

  @Test("Nothing is said of one call, nor of calls that cost nothing")
  func tooFew() {
    #expect(WorkFit(Self.calls([1e6]) { _ in 1 }) == nil)
    #expect(WorkFit(Self.calls([1e6, 2e6]) { _ in 0 }) == nil)
  }
}
