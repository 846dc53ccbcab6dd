import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("Rates by how many are under way")
struct DepthCurveTests {
  static func curve(
    _ points: [(depth: Int, rate: Double, error: Double)], sessionSpread: Double = 0, drift: Double = 0,
    overlap: Double? = nil
  ) throws -> DepthCurve {
    try #require(
      DepthCurve(
        points.map { point in
          DepthPoint(
            depth: point.depth, bytes: 1 << 20,
            operationsPerSecond: Estimate(
              value: point.rate, low: point.rate * (1 - point.error), high: point.rate * (1 + point.error), samples: 5,
              unit: .perSecond))
        }, drift: drift, overlap: overlap, sessionSpread: { _ in sessionSpread }))
  }

  @Test("Differences within the noise are none, and one at a time is enough")
  func flat() throws {
    let curve = try Self.curve([(1, 700, 0.1), (4, 660, 0.1), (16, 740, 0.1), (64, 690, 0.1)])
    #expect(curve.knee(bytes: 1_048_576) == 1)
    let seconds = [1.0, 4, 16, 64].map { curve.interval(depth: $0, bytes: 1_048_576) }
    #expect(Set(seconds.map { ($0 * 1e9).rounded() }).count == 1)
    // The mean of the logarithms of equally well known rates.
    #expect(agree(1 / seconds[0], 696.9, within: 1e-3))
  }

  @Test("A gain beyond the noise stays, and so does a loss")
  func rising() throws {
    let curve = try Self.curve([(1, 100, 0.02), (4, 300, 0.02), (16, 310, 0.05), (64, 200, 0.02)])
    #expect(curve.knee(bytes: 1_048_576) == 4)
    #expect(curve.interval(depth: 4, bytes: 1_048_576) < 1 / 295.0)
    #expect(agree(curve.interval(depth: 64, bytes: 1_048_576), 1 / 200.0, within: 1e-9))
  }

  @Test("What all depths have in common from session to session hides no step between them")
  func session() throws {
    // Known to within 5 % in the session, and to within 45 % in any.
    let points = [(1, 16e3, 0.45), (2, 43e3, 0.45), (4, 56e3, 0.45)]
    let curve = try Self.curve(points, sessionSpread: 0.27)
    #expect(agree(curve.interval(depth: 2, bytes: 1_048_576), 1 / 43e3, within: 1e-9))
    #expect(agree(curve.interval(depth: 4, bytes: 1_048_576), 1 / 56e3, within: 1e-9))
    #expect(try Self.curve(points).interval(depth: 2, bytes: 1_048_576) < 0.9 / 43e3)
  }

  /// A disturbed calibration: 1, 4, 16, 64 and 256 requests at once, in 99, 46, 44, 32 and 41 µs.
  @Test("One at a time stays slower than several where noise explains only a part of the difference")
  func oneAtATime() throws {
    let rates = [(1, 10_110.0), (4, 21_930), (16, 22_830), (64, 31_150), (256, 24_330)]
    func step(error: Double) throws -> Double {
      let curve = try Self.curve(rates.map { ($0.0, $0.1, error) })
      return curve.interval(depth: 1, bytes: 1_048_576) / curve.interval(depth: 4, bytes: 1_048_576)
    }
    // 1 − s²/d² of the logarithm, d = 0.9 and s = 0.8·√(1 + 1/4)/1.645.
    #expect(agree(try step(error: 0.8), 1.72, within: 0.05))
    #expect(try step(error: 0.4) > step(error: 0.8))
    // Twice as much noise explains it all.
    #expect(try step(error: 1.6) == 1)
  }

  /// Files of 1 MiB from the page cache: 1 to 16 at once, and 64 measured a moment later; 58 threads were advised, and took half
  /// as long again as one.
  @Test("What may have moved between two depths is no gain of the deeper")
  func drift() throws {
    let points = [(1, 1261.0, 0.065), (2, 1341, 0.065), (4, 1285, 0.065), (16, 1243, 0.065), (64, 1417, 0.065)]
    #expect(try Self.curve(points).knee(bytes: 1_048_576) == 64)
    #expect(try Self.curve(points, drift: 0.1, overlap: 0.03).knee(bytes: 1_048_576) == 1)
    // Reads of 4 KiB gain far more.
    let small = [(1, 22_813.0, 0.06), (2, 35_026, 0.06), (4, 50_787, 0.06), (16, 88_039, 0.06), (64, 111_308, 0.06)]
    #expect(try Self.curve(small, drift: 0.1).knee(bytes: 1_048_576) == 64)
  }

  /// Reads of a MiB, of which two or more at a time overlap: a job of one at a time was predicted 4 % too short, and advised where
  /// two threads took 6 % less.
  @Test("What several at a time gain is known better than the rates, whose slices take turns")
  func overlap() throws {
    let points = [(1, 3085.0, 0.08), (2, 3357, 0.08), (4, 3414, 0.08), (16, 3356, 0.08), (64, 3306, 0.08)]
    let curve = try Self.curve(points, drift: 0.1, overlap: 0.03)
    #expect(agree(1 / curve.interval(depth: 1, bytes: 1_048_576), 3085, within: 0.02))
    #expect(agree(1 / curve.interval(depth: 2, bytes: 1_048_576), 3357, within: 0.02))
    #expect(curve.knee(bytes: 1_048_576) == 2)
    // Several that are no faster than one still are not.
    let level = [(1, 3400.0, 0.08), (2, 3357, 0.08), (4, 3414, 0.08)]
    #expect(try Self.curve(level, drift: 0.1, overlap: 0.03).knee(bytes: 1_048_576) == 1)
  }

  @Test(
    "Each size has its own error, those between two sizes that of the larger",
    arguments: [(1.0, 0.02), (1024, 0.02), (4096, 0.4), (1_048_576, 0.4), (1e8, 0.4)])
  func errorBySize(bytes: Double, error: Double) throws {
    let points = [(1024, 20e3, 0.02), (1_048_576, 5e3, 0.4)].map { bytes, rate, error in
      DepthPoint(
        depth: 1, bytes: bytes,
        operationsPerSecond: Estimate(
          value: rate, low: rate * (1 - error), high: rate * (1 + error), samples: 60, unit: .perSecond))
    }
    let curve = try #require(DepthCurve(points))
    #expect(abs(curve.error(bytes: bytes).deviation * 1.645 / error - 1) < 0.3)
  }

  /// A read of 4 KiB takes 48 µs and one of a MiB 312 µs: four of a MiB are not one of 4 MiB.
  @Test(
    "A disk task of several MiB is as many reads of a MiB, so that the same bytes take the same time",
    arguments: ["disk:64x1MiB", "disk:16x4MiB", "disk:8x8MiB"])
  func pieces(job: String) throws {
    var profile = SampleProfile.twoCores
    profile.variableCosts.disk = [(4096, 48e-6), (1 << 20, 312e-6)].map {
      DepthPoint(depth: 1, bytes: $0, operationsPerSecond: SampleProfile.estimate(1 / $1, .perSecond))
    }
    let plan = Plan(strategy: .sequential, workers: 1)
    let seconds = try CostModel(profile: profile).predict(Job(job), plan: plan).seconds.p50
    #expect(agree(seconds, 64 * 312e-6, within: 0.01))
  }

  @Test("Of a group the best known rate counts most")
  func precision() throws {
    let curve = try Self.curve([(1, 100, 0.01), (2, 140, 0.5)])
    #expect(agree(1 / curve.interval(depth: 1, bytes: 1_048_576), 100, within: 1e-3))
  }
}
