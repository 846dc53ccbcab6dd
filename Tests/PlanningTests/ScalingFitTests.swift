import AdvisorCore
import AdvisorTestSupport
import FoundationEssentials
import Planning
import Testing

@Suite("Scalability fits")
struct ScalingFitTests {
  struct UniversalCase: Decodable {
    var id: String
    var x, y: [Double]
    var alpha, beta, gamma: Double
    var stdErr: [String: Double]
    var peakN, peakX: Double?
    var predictX, predictY: [Double]?
  }

  @Test(
    "Too few numbers of workers for a curve are named",
    arguments: [
      ([], "there are no measurements"), ([1, 1], "all measurements are of 1 worker"),
      ([4, 4, 4], "all measurements are of 4 workers"), ([2, 1, 2], "all measurements are of 1 and 2 workers"),
    ] as [([Double], String)])
  func tooFew(workers: [Double], problem: String) {
    let error = #expect(throws: AdvisorError.self) {
      try ScalingData(workers.map { ScalingData.Point(workers: $0, throughput: 10) })
    }
    #expect(error?.problem == problem)
  }

  @Test("The universal law agrees with R's nls")
  func universalTable() throws {
    for row in try ReferenceTable.cases("usl_fit", as: UniversalCase.self) {
      let fit = ScalingFit(try data(row.x, row.y), predictingAlso: row.predictX ?? [])
      let model = try #require(fit.models.first { $0.model == .usl })
      for (name, expected) in ["alpha": row.alpha, "beta": row.beta, "gamma": row.gamma] {
        let value = try #require(model.coefficients[name])
        #expect(isClose(value, expected, relative: 1e-4, absolute: 1e-9), "\(row.id) \(name) \(value) \(expected)")
        // R's errors are not valid once any coefficient sits on its bound.
        guard row.alpha > 0, row.beta > 0, let error = row.stdErr[name] else { continue }
        #expect(isClose(try #require(model.standardErrors[name] ?? nil), error, relative: 1e-3), "\(row.id) \(name)")
      }
      #expect((model.peak == nil) == (row.peakN == nil), "\(row.id)")
      if let peak = model.peak, let workers = row.peakN, let throughput = row.peakX {
        #expect(isClose(peak.workers, workers, relative: 1e-4), "\(row.id)")
        #expect(isClose(peak.throughput, throughput, relative: 1e-4), "\(row.id)")
      }
      for (workers, expected) in zip(row.predictX ?? [], row.predictY ?? []) {
        let point = try #require(model.predictions.first { $0.workers == workers })
        #expect(isClose(point.throughput, expected, relative: 1e-4), "\(row.id)")
      }
    }
  }

  /// SPEC SDM91 on a SPARCcenter 2000 (1994), fitted by the R package usl: a peak of 1884 at 96.5.
  static let spec = ([1.0, 18, 36, 72, 108, 144, 216], [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2])

  @Test("A published fit is found again")
  func publishedFit() throws {
    let fit = ScalingFit(try data(Self.spec.0, Self.spec.1))
    let model = try #require(fit.models.first { $0.model == .usl })
    #expect(isClose(try #require(model.coefficients["alpha"]), 0.0277285, relative: 1e-4))
    #expect(isClose(try #require(model.coefficients["beta"]), 0.00010436550, relative: 1e-4))
    #expect(isClose(try #require(model.coefficients["gamma"]), 89.995233, relative: 1e-4))
    #expect(isClose(try #require(model.standardErrors["alpha"] ?? nil), 0.0091217, relative: 1e-4))
    #expect(isClose(try #require(model.peak).workers, 96.51956, relative: 1e-4))
    #expect(fit.best == .usl)
  }

  /// BRL-CAD ray tracer on an SGI Origin 2000 (Gunther 2007, data set `raytracer` of the R package usl): with β held at its
  /// bound of zero the fit is Amdahl's, by scipy 1.17 least_squares with the same bounds.
  static let rayTracer = (
    [1.0, 4, 8, 12, 16, 20, 24, 28, 32, 48, 64], [20.0, 78, 130, 170, 190, 200, 210, 230, 260, 280, 310]
  )

  @Test("A fit on its bound has no peak")
  func aFitOnItsBoundHasNoPeak() throws {
    let fit = ScalingFit(try data(Self.rayTracer.0, Self.rayTracer.1))
    let model = try #require(fit.models.first { $0.model == .usl })
    #expect(model.coefficients["beta"] == 0)
    #expect(isClose(try #require(model.coefficients["alpha"]), 0.05777078107, relative: 1e-4))
    #expect(isClose(try #require(model.coefficients["gamma"]), 21.84884296, relative: 1e-4))
    #expect(model.peak == nil)
    #expect(model.standardErrors["beta"] == .some(nil))
    #expect(fit.models.first { $0.model == .amdahl }?.peak == nil)
    #expect(fit.verdict.contains(.noPeak) == (fit.best != .ernest))
  }

  @Test("Throughput that stays the same has no peak")
  func throughputThatStaysTheSameHasNoPeak() throws {
    let fit = ScalingFit(try data([1, 2, 4], [10, 10, 10]))
    #expect(fit.models.allSatisfy { $0.peak == nil })
  }

  /// A straight line has the textbook band: with X = γN alone free (α, β on their bounds), s·N/√ΣN² at N.
  @Test("The band is that of the curve")
  func theBandIsThatOfTheCurve() throws {
    let workers = [1.0, 2, 4, 8]
    let throughput = [10.1, 20.5, 40.2, 81.3]
    let fit = ScalingFit(try data(workers, throughput))
    let model = try #require(fit.models.first { $0.model == .amdahl })
    #expect(model.coefficients["alpha"] == 0)
    let squares = 85.0
    let slope = zip(workers, throughput).reduce(0) { $0 + $1.0 * $1.1 } / squares
    let residual = zip(workers, throughput).reduce(0) { $0 + ($1.1 - slope * $1.0) * ($1.1 - slope * $1.0) }
    // t(0.95, 2) = 2.919986.
    let margin = 2.919986 * (residual / 2).squareRoot() * 8 / squares.squareRoot()
    let last = try #require(model.predictions.last)
    #expect(isClose(try #require(last.high) - last.throughput, margin, relative: 1e-4))
    #expect(isClose(last.throughput - (try #require(last.low)), margin, relative: 1e-4))
  }

  @Test("As many coefficients as points leave no band")
  func asManyCoefficientsAsPointsLeaveNoBand() throws {
    let model = try #require(ScalingFit(try data([1, 2, 4], [10, 18, 28])).models.first { $0.model == .usl })
    #expect(model.predictions.allSatisfy { $0.low == nil && $0.high == nil })
  }

  struct ErnestTable: Decodable {
    struct Run: Decodable { var machines, scale, time: Double }
    var train: [Run]
    var coefficients: [String: Double]
    var publishedPredictionScale1: [String: Double]
  }

  @Test("The Ernest form agrees with its authors' example")
  func ernestTable() throws {
    let table = try ReferenceTable.read("ernest_nnls", as: ErnestTable.self)
    let ernest = ErnestScaling(
      fittedTo: table.train.map { ErnestScaling.Run(machines: $0.machines, scale: $0.scale, seconds: $0.time) })
    for (index, name) in ["t0", "t1_scale_over_m", "t2_m", "t3_log_m"].enumerated() {
      let expected = try #require(table.coefficients[name])
      #expect(isClose(ernest.terms[index], expected, relative: 1e-7, absolute: 1e-12))
    }
    for (machines, seconds) in table.publishedPredictionScale1 {
      #expect(isClose(ernest.seconds(machines: try #require(Double(machines)), scale: 1), seconds, relative: 1e-7))
    }
  }

  /// Points computed from each law must give it back, whatever their order; Ernest's as 20/m + 2 ln m.
  @Test("Every law is found")
  func everyLawIsFound() throws {
    let workers = [1.0, 2, 4, 8, 16, 32]
    let amdahl = workers.map { 50 * $0 / (1 + 0.05 * ($0 - 1)) }
    let universal = workers.map { 50 * $0 / (1 + 0.05 * ($0 - 1) + 0.002 * $0 * ($0 - 1)) }
    let ernest = [
      1.0 / 20, 1 / 11.386294361119891, 1 / 7.772588722239782, 1 / 6.6588830833596715, 1 / 6.795177444479563,
      1 / 7.556471805599453,
    ]
    for (throughput, expected) in [(amdahl, ScalingFit.ModelName.amdahl), (universal, .usl), (ernest, .ernest)] {
      let fit = ScalingFit(try data(workers.reversed(), throughput.reversed()))
      #expect(fit.best == expected)
      #expect(try #require(fit.models.first { $0.model == expected }?.leaveOneOutError) < 1e-6)
    }
  }

  /// Ernest's least time: 20/m² = 0.1, m = √200.
  @Test("The Ernest form has its peak")
  func peakOfTheErnestForm() throws {
    let workers = [1.0, 2, 4, 8, 16, 32]
    let fit = ScalingFit(try data(workers, workers.map { 1 / (0.5 + 20 / $0 + 0.1 * $0) }))
    #expect(isClose(try #require(fit.models.last?.peak).workers, 14.142135623730951, relative: 1e-6))
  }

  @Test("Repeats count as often as they were measured")
  func repeatsCountAsOftenAsTheyWereMeasured() throws {
    let once = try data([1, 2, 4, 8, 8], [10, 19, 33, 50, 54])
    let means = try data([1, 2, 4, 8], [10, 19, 33, 52])
    let pairs = zip(ScalingFit(once).models, ScalingFit(means).models)
    #expect(ScalingFit(once).points == 5)
    #expect(pairs.contains { $0.coefficients["alpha"] != $1.coefficients["alpha"] })
  }

  @Test(
    "Flat, falling and superlinear throughput give finite answers",
    arguments: [
      [10.0, 10, 10, 10], [40, 20, 10, 5], [1, 4, 16, 64], [1e-9, 1e-9, 1e-9, 2e-9], [1e12, 2e12, 3e12, 4e12],
    ])
  func oddShapes(throughput: [Double]) throws {
    let fit = ScalingFit(try data([1, 2, 4, 8], throughput))
    for model in fit.models {
      #expect(model.coefficients.values.allSatisfy { $0.isFinite })
      #expect(model.predictions.allSatisfy { $0.throughput.isFinite })
      #expect(model.leaveOneOutError?.isFinite != false)
      #expect(model.peak.map { $0.workers.isFinite && $0.throughput.isFinite } != false)
    }
    #expect(throws: Never.self) { try JSONEncoder().encode(fit) }
    #expect(fit.verdict.contains(.noGain) == (throughput == [10, 10, 10, 10]))
  }

  @Test(
    "Too little to fit is refused",
    arguments: [
      ([], []), ([1.0], [1.0]), ([4, 4, 4, 4], [1, 2, 3, 4]), ([1, 2], [1, 2]), ([1, 2, 0], [1, 2, 3]),
      ([1, 2, 3], [1, 2, 0]), ([1, 2, 3], [1, 2, -3]), ([1, 2, .nan], [1, 2, 3]), ([1, 2, 3], [1, 2, .infinity]),
    ])
  func tooLittle(workers: [Double], throughput: [Double]) {
    let error = #expect(throws: AdvisorError.self) { try data(workers, throughput) }
    #expect(error?.code == .badData)
  }

  private func data(_ workers: [Double], _ throughput: [Double]) throws -> ScalingData {
    try ScalingData(zip(workers, throughput).map { ScalingData.Point(workers: $0, throughput: $1) })
  }
}

@Suite("Speedup laws")
struct SpeedupTests {
  struct Case: Decodable {
    var parallelFraction, n, amdahlSpeedup, gustafsonSpeedup: Double
    var karpFlattSerialFraction: Double?
  }

  @Test("Speedups agree with their closed forms")
  func table() throws {
    for row in try ReferenceTable.cases("amdahl_gustafson", as: Case.self) {
      let speedup = Speedup.amdahl(parallelShare: row.parallelFraction, workers: row.n)
      #expect(isClose(speedup, row.amdahlSpeedup, relative: 1e-12))
      let scaled = Speedup.gustafson(parallelShare: row.parallelFraction, workers: row.n)
      #expect(isClose(scaled, row.gustafsonSpeedup, relative: 1e-12))
      let share = Speedup.serialShare(speedup: speedup, workers: row.n)
      #expect((share == nil) == (row.karpFlattSerialFraction == nil))
      #expect(isClose(share ?? 0, row.karpFlattSerialFraction ?? 0, relative: 1e-9, absolute: 1e-12))
    }
  }
}
