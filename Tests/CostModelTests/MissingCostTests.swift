import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("Costs that a profile lacks")
struct MissingCostTests {
  @Test(
    "The error names the cost and the calibration that adds it",
    arguments: [
      ("io:10x1KiB", "HTTP requests"), ("disk:10x1KiB", "disk reads"), ("mem:10x1KiB", "memory bandwidth"),
      ("cpu:10x1e6", "work unit of the kernel word"),
    ])
  func needed(job: String, cost: String) throws {
    var profile = SampleProfile.twoCores
    profile.variableCosts = VariableCosts()
    let error = try #require(throws: AdvisorError.self) { try RecommendationTests.recommend(job, on: profile) }
    #expect(error.problem.contains(cost))
    #expect(error.advice.contains("advisor calibrate --level"))
  }

  @Test("A strategy whose cost is missing is left out, and that is said")
  func strategy() throws {
    var profile = SampleProfile.twoCores
    profile.fixedCosts.removeAll { $0.name == .workerSpawn }
    let recommendation = try RecommendationTests.recommend("cpu:8x300ms", on: profile)
    #expect(!recommendation.alternatives.contains { $0.strategy == .processes })
    #expect(
      recommendation.caveats.contains {
        guard case .strategyNotConsidered(.processes, let problem) = $0 else { return false }
        return problem.contains("workerSpawn")
      })
  }

  @Test("A job in CPU time needs no kernel")
  func seconds() throws {
    var profile = SampleProfile.twoCores
    profile.variableCosts = VariableCosts()
    #expect(try RecommendationTests.recommend("cpu:8x300ms", on: profile).recommended.workers == 2)
  }

  @Test(
    "Plans that cannot be are refused",
    arguments: [
      Plan(strategy: .threads, workers: 0), Plan(strategy: .threads, workers: 1, chunk: 0),
      Plan(strategy: .pipeline, workers: 2, stageWorkers: [1, 1, 1]),
      Plan(strategy: .pipeline, workers: 2, stageWorkers: [0, 2]),
    ])
  func plans(plan: Plan) throws {
    let model = try CostModel(profile: SampleProfile.twoCores)
    let error = try #require(throws: AdvisorError.self) {
      try model.predict(try Job("io:4x20MiB+cpu:4x2e6"), plan: plan)
    }
    #expect(error.code == .usage)
  }
}
