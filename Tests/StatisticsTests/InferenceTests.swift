import AdvisorTestSupport
import Testing

@testable import Statistics

@Suite("Learning from observations")
struct InferenceTests {
  @Test("One observation of the reference table, by hand")
  func oneUpdate() {
    // bayes_update: mu0 0, kappa0 1, alpha0 3, beta0 0.1, observed 0.63184.
    let prior = NormalInverseGamma(mean: 0, kappa: 1, alpha: 3, beta: 0.1)
    let posterior = prior.observing(0.63184, prior: prior)
    #expect(agree(posterior.mean, 0.31592, within: 1e-12))
    #expect(agree(posterior.beta, 0.19980544639999998, within: 1e-12))
    #expect(agree(posterior.predictive.scale, 0.2926275885831683, within: 1e-12))
    #expect(agree(posterior.predictive.quantile(0.95), 0.8703259685887512, within: 1e-8))
  }

  struct BayesCase: Decodable, Sendable {
    struct Prior: Decodable, Sendable { var mu0, kappa0, alpha0, beta0: Double }
    struct Posterior: Decodable, Sendable { var mu, kappa, alpha, beta: Double }
    var prior: Prior
    var forgetting: Double
    var logRatioObservedOverPredicted: [Double]
    var posterior: Posterior
    var predictiveQuantilesLog: [String: Double]
  }

  @Test("Every case of the reference table")
  func bayesTable() throws {
    for reference in try ReferenceTable.cases("bayes_update", as: BayesCase.self) {
      let prior = NormalInverseGamma(
        mean: reference.prior.mu0, kappa: reference.prior.kappa0, alpha: reference.prior.alpha0,
        beta: reference.prior.beta0)
      let posterior = reference.logRatioObservedOverPredicted.reduce(prior) {
        $0.observing($1, prior: prior, forgetting: reference.forgetting)
      }
      #expect(agree(posterior.mean, reference.posterior.mu, within: 1e-8))
      #expect(agree(posterior.kappa, reference.posterior.kappa, within: 1e-8))
      #expect(agree(posterior.alpha, reference.posterior.alpha, within: 1e-8))
      #expect(agree(posterior.beta, reference.posterior.beta, within: 1e-8))
      for (share, expected) in reference.predictiveQuantilesLog {
        let share = try #require(Double(share))
        #expect(agree(posterior.predictive.quantile(share), expected, within: 1e-8))
      }
    }
  }

  @Test("The conformal factor is the right order statistic, once there are enough scores")
  func conformal() {
    let scores = (1...19).map(Double.init)
    #expect(Conformal.quantile(of: Array(scores.dropLast())) == nil)
    // ⌈20 · 0.9⌉ = 18.
    #expect(Conformal.quantile(of: scores.reversed()) == 18)
    #expect(Conformal.quantile(of: scores, coverage: 0.99) == nil)
  }

  @Test("The conformal factor covers new cases as promised")
  func conformalCoverage() {
    var random = Xoshiro(seed: 21)
    let covered = (0..<400).filter { _ in
      let past = (0..<40).map { _ in abs(random.normal()) }
      return abs(random.normal()) <= Conformal.quantile(of: past) ?? 0
    }
    #expect((340...385).contains(covered.count))
  }
}
