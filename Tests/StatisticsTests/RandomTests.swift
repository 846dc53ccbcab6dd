import AdvisorTestSupport
import Testing

@testable import Statistics

@Suite("Seeded random numbers")
struct RandomTests {
  @Test("SplitMix64 from seed 1234567 gives the published sequence")
  func splitMix() {
    // Expected values: Rosetta Code, "Pseudo-random numbers/Splitmix64".
    var random = SplitMix(state: 1_234_567)
    let draws = (0..<5).map { _ in random.next() }
    #expect(
      draws == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test("One seed, one stream")
  func repeatable() {
    var first = Xoshiro(seed: 5)
    var second = Xoshiro(seed: 5)
    var other = Xoshiro(seed: 6)
    let stream = (0..<100).map { _ in first.next() }
    #expect(stream == (0..<100).map { _ in second.next() })
    #expect(stream != (0..<100).map { _ in other.next() })
  }

  @Test("Uniform, normal and gamma draws have their moments")
  func moments() throws {
    var random = Xoshiro(seed: 9)
    let uniform = (0..<20_000).map { _ in random.unit() }
    let normal = (0..<20_000).map { _ in random.normal() }
    let gamma = (0..<20_000).map { _ in random.gamma(shape: 2.5) }
    #expect(uniform.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(agree(uniform.mean(), 0.5, within: 0.02))
    #expect(agree(normal.map { $0 * $0 }.mean(), 1, within: 0.04))
    #expect(agree(gamma.mean(), 2.5, within: 0.03))
    #expect((0..<1000).allSatisfy { _ in (0..<7).contains(random.index(below: 7)) })
    #expect(random.gamma(shape: 0.1).isNaN)
  }
}
