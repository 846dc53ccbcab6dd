import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import Evaluation

@Suite("Verifying commands") struct CommandVerifierTests {
  /// Verifies on a machine in which a run takes what `seconds` says by the number of workers, and predicts `predicted`.
  private func verify(
    _ cases: [CommandCase], predicted: Prediction.Seconds? = .init(p5: 0.9, p50: 1, p95: 1.2),
    seconds: @escaping (Int?) -> Double
  ) throws -> (Verification, runs: [Int?]) {
    var now = 0.0
    var runs: [Int?] = []
    let verifier = CommandVerifier(cpus: 2, seconds: 1, address: { "http://127.0.0.1:1/\($0)?\($1)" }) {
      words, inputs, workers in
      #expect(words.contains { $0.contains("{}") } && inputs.count > 1)
      runs.append(workers)
      now += seconds(workers)
      return Measurement(RunOutcome(seconds: seconds(workers)), predicted: predicted, workers: workers ?? 2)
    }
    let folder = try TemporaryFolder()
    let verification = try verifier.verify(cases, in: folder.path) { now }
    #expect(folder.names == [], "the inputs are removed")
    return (verification, runs)
  }

  private static let sleep = CommandCase("sleep", ["true", "{}"], .numbers(count: 60))

  @Test("The number that a run finds is held against every sensible one, each at least three times")
  func regret() throws {
    let (verification, runs) = try verify([Self.sleep]) { $0 == 4 ? 0.5 : 1 }
    let row = verification.cases[0]
    #expect(row.regret == 1 && row.chosen.workers == 2 && row.best.workers == 4)
    #expect(Set(runs) == [nil, 1, 2, 3, 4, 8, 16, 32])
    #expect(Set(runs).allSatisfy { way in runs.count { $0 == way } >= 3 })
  }

  @Test("Each run is held against its own prediction")
  func coverage() throws {
    let (verification, _) = try verify([Self.sleep]) { $0 == nil ? 1.1 : 1 }
    #expect(verification.summary.coverage == 1)
    #expect(abs(verification.summary.medianError - (1 - 1 / 1.1)) < 1e-9)
    #expect(abs(verification.summary.medianWidth - 0.3) < 1e-9)
    #expect(try verify([Self.sleep]) { _ in 1.3 }.0.summary.coverage == 0)
  }

  @Test("A command that is not installed is named, and so is one whose runs were over before they were predicted")
  func skipped() throws {
    let missing = CommandCase("none", ["no-such-command-here", "{}"], .numbers(count: 3))
    let (verification, _) = try verify([missing, Self.sleep]) { _ in 1 }
    #expect(verification.skipped.count == 1 && verification.skipped[0].hasPrefix("none: there is no command"))
    #expect(throws: AdvisorError.self) { try verify([Self.sleep], predicted: nil) { _ in 1 } }
  }

  @Test("The suite has fifteen commands, each with a place for its input")
  func suite() {
    #expect(CommandCase.suite.count == 15)
    #expect(Set(CommandCase.suite.map(\.name)).count == 15)
    #expect(CommandCase.suite.allSatisfy { $0.words.contains { $0.contains("{}") } })
  }

  @Test("Inputs are files of the sizes that were asked for, the same each time")
  func inputs() throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    let texts = CommandInputs.texts(count: 20, bytes: 10_000, spread: 1)
    let paths = try texts.make(in: first.path) { "\($0)\($1)" }
    _ = try texts.make(in: second.path) { "\($0)\($1)" }
    let sizes = first.names.map { first.contents(of: $0).count }
    #expect(paths.count == 20 && sizes.max() ?? 0 > 3 * (sizes.min() ?? 0))
    #expect((7_000...11_000).contains(sizes.reduce(0, +) / 20))
    #expect(first.names.map { first.contents(of: $0) } == second.names.map { second.contents(of: $0) })
    let sources = try CommandInputs.sources(count: 2, functions: 3).make(in: second.path) { "\($0)\($1)" }
    #expect(sources.allSatisfy { $0.hasSuffix(".c") })
  }
}
