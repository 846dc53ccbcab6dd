import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import Calibration

@Suite("What a unit of each kernel costs")
struct KernelCostsTests {
  /// Seven spells, in the last three of which a neighbour takes a part of the core.
  private static let spells = (0..<7).map { Array(repeating: $0 < 4 ? 4e-9 : 6e-9, count: 100) }

  @Test("Beside a neighbour that comes and goes it is the mean, which long work takes, not the more frequent value")
  func twoCentres() throws {
    let cost = try #require(KernelCost(.sha256, spells: Self.spells))
    #expect(agree(cost.secondsPerUnit.value, (4 * 4e-9 + 3 * 6e-9) / 7, within: 1e-9))
    #expect(cost.secondsPerUnit.low < 4.5e-9 && cost.secondsPerUnit.high > 5.2e-9 && cost.secondsPerUnit.samples == 700)
    // Half of ln(6/4), as the root mean square of two values around their middle.
    #expect(agree(cost.runSpread, 0.2, within: 0.02))
  }

  @Test("A spell counts alike however often it was looked at")
  func uneven() throws {
    let dense = Self.spells.enumerated().map { $0.offset == 0 ? Array(repeating: 4e-9, count: 5000) : $0.element }
    let (even, uneven) = (KernelCost(.sort, spells: Self.spells), KernelCost(.sort, spells: dense))
    #expect(agree(uneven?.secondsPerUnit.value, try #require(even?.secondsPerUnit.value), within: 1e-9))
  }

  @Test("One batch that was interrupted for a thousand times its time hardly counts, nor does one that took none")
  func interrupted() throws {
    var spells = Self.spells.prefix(4).map { $0 }
    spells[1][7] = 4e-6
    spells[2][9] = 0
    let cost = try #require(KernelCost(.word, spells: spells))
    #expect(agree(cost.secondsPerUnit.value, 4e-9, within: 0.01))
    #expect(try #require(cost.runSpread) < 0.1)
  }

  @Test("Without a spell, or with none that took time, nothing is said", arguments: [[[Double]](), [[]], [[0, 0]]])
  func nothing(spells: [[Double]]) { #expect(KernelCost(.word, spells: spells) == nil) }

  @Test("Each kernel is timed, in no time once at least", arguments: [0.0, 0.02])
  func measured(seconds: Double) throws {
    let kernels = try KernelCosts([.word, .matmul])
    try kernels.measure(seconds: seconds)
    #expect(kernels.costs.map(\.kernel) == [.word, .matmul])
    #expect(kernels.costs.allSatisfy { $0.secondsPerUnit.value > 0 && $0.secondsPerUnit.low < $0.secondsPerUnit.high })
  }

  @Test("Spells from before count beside those of the phase")
  func shared() throws {
    let kernels = try KernelCosts([.word])
    try kernels.measure(seconds: 0)
    let before = try #require(kernels.costs.first?.secondsPerUnit.samples)
    try kernels.measure(seconds: 0)
    #expect(try #require(kernels.costs.first?.secondsPerUnit.samples) > before)
  }
}
