private import func Glibc.log
internal import Statistics

/// A run as the posterior sees it.
struct Sighting: Sendable {
  /// Index of its candidate.
  var candidate: Int
  /// Of what is minimized.
  var logTime: Double
  /// Nil where CPU time says nothing about what is minimized.
  var logCPU: Double?
  var isDirty: Bool
}

/// What the runs so far say about the time of every candidate: curves weighted by how well they explain wall and CPU time, and at
/// candidates that have run what no curve explains.
struct Posterior: Sendable {
  /// Standard deviation of the logarithm of the time at one candidate that no curve explains.
  let misfit: Double
  let cpuMisfit: Double
  /// Whether the candidates tell nothing about one another.
  private let isUnrelated: Bool
  private(set) var table: CurveTable
  private(set) var candidates = 0
  /// What earlier runs have made of the weights of the curves, kind of noise after kind, as logarithms; empty without any.
  private(set) var earlier: [Double] = []
  /// Mean logarithm of the time of candidates that ran earlier, where these tell nothing about one another.
  private var earlierTimes: [Int: Double] = [:]
  private static let draws = 400
  /// Earlier runs count half: the command may have changed.
  private static let earlierShare = 0.5
  /// Deviation of the logarithm of a ratio of two times from what it was earlier.
  private static let earlierMisfit = 0.1
  /// The likelihood is tempered until at least this many curves are alive: no curve is quite true, and few would be too sure.
  var minAlive: Double { isUnrelated ? 1 : 20 }

  init(_ table: CurveTable) {
    (self.table, isUnrelated) = (table, false)
    (misfit, cpuMisfit) = (0.03, 0.03)
  }

  /// The posterior of candidates that tell nothing about one another.
  static var unrelated: Posterior { Posterior() }

  private init() {
    (table, isUnrelated) = (.flat, true)
    (misfit, cpuMisfit) = (0.3, 0.3)
  }

  mutating func addCandidate(workers: Int) {
    table.add(workers: workers)
    candidates += 1
  }

  /// Weighs the curves by runs of an earlier search, whose scale may have been another's.
  mutating func recall(_ runs: [Sighting]) {
    guard !isUnrelated else {
      for (candidate, runs) in Dictionary(grouping: runs, by: \.candidate) {
        earlierTimes[candidate] = runs.reduce(0) { $0 + $1.logTime } / Double(runs.count)
      }
      return
    }
    let terms = NoiseKind.all.map { runTerms(Self.believed(runs), $0) }
    earlier = likelihoods(terms).map { Self.earlierShare * $0 }
  }

  /// Draws the times of all candidates.
  ///
  /// - Parameters:
  ///   - runs: in the order in which they ran; at least one.
  ///   - random: picks the draws.
  func sample(_ runs: [Sighting], random: inout Xoshiro) -> TimeDraws {
    let terms = NoiseKind.all.map { runTerms(Self.believed(runs), $0) }
    let weights = curveWeights(terms)
    var draws = TimeDraws(count: Self.draws, candidates: candidates)
    var scratch = FitScratch(runs.count)
    let offset = random.unit()
    var (index, sum) = (0, weights[0])
    for draw in 0..<Self.draws {
      let share = (Double(draw) + offset) / Double(Self.draws) * 0.999_999
      while sum < share, index + 1 < weights.count {
        index += 1
        sum += weights[index]
      }
      let (kind, curve) = index.quotientAndRemainder(dividingBy: table.curves.count)
      fill(&draws, draw, curve: curve, NoiseKind.all[kind], terms[kind], &scratch, &random)
    }
    if isUnrelated { guessUnmeasured(&draws, runs, &random) }
    return draws
  }

  /// Without their CPU time where a run has computed for less of the time than any curve does: the command all but only waits, and
  /// what it computes meanwhile tells nothing of how long it waits.
  private static func believed(_ runs: [Sighting]) -> [Sighting] {
    let leastUse = -log(1 + CurveTable.maxWaiting)
    guard runs.contains(where: { ($0.logCPU ?? $0.logTime) - $0.logTime < leastUse }) else { return runs }
    return runs.map { Sighting(candidate: $0.candidate, logTime: $0.logTime, isDirty: $0.isDirty) }
  }

  /// One draw: the curve at its most likely scale, moved at candidates that have run by what the runs there say beside it.
  private func fill(
    _ draws: inout TimeDraws, _ draw: Int, curve: Int, _ kind: NoiseKind, _ terms: [RunTerm],
    _ scratch: inout FitScratch, _ random: inout Xoshiro
  ) {
    let scale = fit(curve, terms, &scratch).scale
    let prior = 1 / (misfit * misfit)
    for candidate in 0..<candidates {
      var time = table.time[candidate * table.curves.count + curve] + scale
      var (precision, sum) = (prior, 0.0)
      for (index, term) in terms.enumerated() where term.candidate == candidate {
        let weight = scratch.ordinary[index] / kind.residualVariance
        precision += weight
        sum += weight * scratch.residual[index]
      }
      if precision > prior { time += sum / precision + random.normal() / precision.squareRoot() }
      draws[draw, candidate] = time
    }
  }

  /// A candidate that has not run is taken for as good as the best so far, so that each runs once, or for what it was earlier beside
  /// those that have run. The mean of all would not do: one slow candidate would end the search.
  private func guessUnmeasured(_ draws: inout TimeDraws, _ runs: [Sighting], _ random: inout Xoshiro) {
    let measured = Set(runs.map(\.candidate))
    let best = measured.map { draws.mean(of: $0) }.min() ?? 0
    let changes = measured.compactMap { one in earlierTimes[one].map { draws.mean(of: one) - $0 } }
    let change = changes.isEmpty ? nil : changes.reduce(0, +) / Double(changes.count)
    for candidate in 0..<candidates where !measured.contains(candidate) {
      let known = change.flatMap { change in earlierTimes[candidate].map { $0 + change } }
      let deviation = known == nil ? misfit : Self.earlierMisfit
      for draw in 0..<draws.count { draws[draw, candidate] = (known ?? best) + deviation * random.normal() }
    }
  }
}
