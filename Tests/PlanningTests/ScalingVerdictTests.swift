import AdvisorCore
import AdvisorTestSupport
import Planning
import Testing

@Suite("What a scalability fit says")
struct ScalingVerdictTests {
  private static func fit(_ workers: [Double], _ throughput: [Double], cpus: Double? = nil) throws -> ScalingFit {
    ScalingFit(
      try ScalingData(zip(workers, throughput).map { ScalingData.Point(workers: $0, throughput: $1) }), cpus: cpus)
  }

  private static func has(_ fit: ScalingFit, _ isIt: (ScalingFit.Finding) -> Bool) -> Bool {
    fit.verdict.contains(where: isIt)
  }

  /// SPEC SDM91: throughput falls beyond 72. By R's anova of the two nls fits, p = 0.0177.
  @Test("A peak that the F test shows is not denied")
  func significantPeak() throws {
    let fit = try Self.fit(ScalingFitTests.spec.0, ScalingFitTests.spec.1)
    #expect(fit.best != .amdahl)
    #expect(!fit.verdict.contains(.noPeak))
    #expect(
      Self.has(fit) {
        if case .peakSignificant(let probability) = $0 { isClose(probability, 0.0177, relative: 0.01) } else { false }
      })
    // The best measured stands beside the fitted peak.
    #expect(
      Self.has(fit) {
        if case .peak(_, _, let workers, let best) = $0 { workers == 72 && best == 1853.2 } else { false }
      })
  }

  @Test("Where no law fits, no peak is told and nothing is trusted but the measurements")
  func noLaw() throws {
    let fit = try Self.fit([1, 2, 4, 8, 16, 32, 64, 128], [10, 60, 12, 300, 30, 500, 90, 1800])
    #expect(Self.has(fit) { if case .noLaw = $0 { true } else { false } })
    #expect(fit.verdict.contains(.bestMeasured(workers: 128, throughput: 1800)))
    #expect(fit.verdict.last == .onlyMeasured)
    #expect(
      !Self.has(fit) {
        switch $0 {
        case .peak, .peakBeyond, .noPeak, .extrapolates, .untestedRange: true
        default: false
        }
      })
  }

  @Test("As many coefficients as points are warned of, and not chosen")
  func fewPoints() throws {
    let fit = try Self.fit([1, 2, 4, 8], [100, 190, 340, 520])
    #expect(fit.best != .ernest)
    #expect(
      Self.has(fit) { if case .fewPoints(let points, _) = $0 { points == 4 } else { fit.best == .amdahl } })
    #expect(!Self.has(fit) { if case .extrapolates = $0 { true } else { false } } || fit.best == .amdahl)
  }

  /// 50 N / (1 + 0.05 (N − 1)): never above 50/0.05 = 1000; 32 workers do 1/(1 + 0.05·31) = 39.2 % each.
  @Test("Amdahl's law has its limit and its efficiency")
  func limit() throws {
    let workers = [1.0, 2, 4, 8, 16, 32]
    let fit = try Self.fit(workers, workers.map { 50 * $0 / (1 + 0.05 * ($0 - 1)) })
    #expect(
      Self.has(fit) { if case .limit(let most) = $0 { isClose(most, 1000, relative: 1e-3) } else { false } })
    #expect(
      Self.has(fit) {
        if case .efficiency(32, let share) = $0 { isClose(share, 1 / 2.55, relative: 1e-3) } else { false }
      })
  }

  @Test("More than as many times the work of one is called superlinear")
  func superlinear() throws {
    let fit = try Self.fit([1, 2, 4, 8], [10, 24, 50, 90])
    #expect(Self.has(fit) { if case .superlinear(4, let factor) = $0 { factor == 5 } else { false } })
  }

  @Test("Nothing is trusted beyond the CPUs of the machine", arguments: [(8.0, true), (64, false), (nil, false)])
  func cpus(cpus: Double?, isBound: Bool) throws {
    let workers = [1.0, 2, 3, 4, 5, 6, 7, 8]
    let fit = try Self.fit(workers, workers.map { 50 * $0 / (1 + 0.05 * ($0 - 1)) }, cpus: cpus)
    #expect(fit.verdict.contains(.withinCPUs(cpus: 8)) == isBound)
    #expect(Self.has(fit) { if case .extrapolates = $0 { true } else { false } } == !isBound)
  }
}
