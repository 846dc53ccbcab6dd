private import func Glibc.exp
private import func Glibc.log
private import func Glibc.log1p
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
  private let misfit: Double
  private let cpuMisfit: Double
  /// Whether the candidates tell nothing about one another.
  private let isUnrelated: Bool
  private var table: CurveTable
  private(set) var candidates = 0
  private static let draws = 400
  /// The likelihood is tempered until at least this many curves are alive: no curve is quite true, and few would be too sure.
  private var minAlive: Double { isUnrelated ? 1 : 20 }

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

  /// A candidate that has not run is taken for as good as the best so far, so that each runs once. The mean of all would not do: one
  /// slow candidate would end the search.
  private func guessUnmeasured(_ draws: inout TimeDraws, _ runs: [Sighting], _ random: inout Xoshiro) {
    let measured = Set(runs.map(\.candidate))
    let best = measured.map { draws.mean(of: $0) }.min() ?? 0
    for candidate in 0..<candidates where !measured.contains(candidate) {
      for draw in 0..<draws.count { draws[draw, candidate] = best + misfit * random.normal() }
    }
  }
}

extension Posterior {
  /// A run under one kind of noise, with what is the same for all curves.
  fileprivate struct RunTerm {
    var candidate: Int
    var logTime: Double
    var logCPU: Double
    /// What the CPU time tells about the speed of this run.
    var beta: Double
    var cpuPrecision: Double
    var timePrecision: Double
    /// Logarithms of the constant factors of the densities: of the CPU time, of an ordinary run, of a slow one.
    var cpuFactor: Double
    var ordinaryFactor: Double
    var slowFactor: Double
  }

  /// What one fit leaves of each run, in place of arrays of its own.
  fileprivate struct FitScratch {
    var cpu: [Double]
    var difference: [Double]
    /// How likely the run is no slow one.
    var ordinary: [Double]
    var residual: [Double]

    init(_ count: Int) {
      let zeros = [Double](repeating: 0, count: count)
      (cpu, difference, ordinary, residual) = (zeros, zeros, zeros, zeros)
    }
  }

  private func runTerms(_ runs: [Sighting], _ kind: NoiseKind) -> [RunTerm] {
    let own = 0.01 * 0.01
    return runs.enumerated().map { index, run in
      // What a curve does not explain at a candidate is common to all runs there, and counts once.
      let repeats = Double(runs.count { $0.candidate == run.candidate })
      let speed = kind.speed * kind.speed
      let beta = run.logCPU == nil ? 0 : speed / (speed + cpuMisfit * cpuMisfit + own)
      let cpuVariance = speed + own + cpuMisfit * cpuMisfit * repeats
      let timeVariance = kind.wall * kind.wall + speed * (1 - beta) + misfit * misfit * repeats
      let usual = index == 0 ? SlowRun.probabilityOfFirst : SlowRun.probability
      let slow = run.isDirty ? SlowRun.probabilityOfDirty : usual
      return RunTerm(
        candidate: run.candidate, logTime: run.logTime, logCPU: run.logCPU ?? 0, beta: beta,
        cpuPrecision: run.logCPU == nil ? 0 : 1 / cpuVariance, timePrecision: 1 / timeVariance,
        cpuFactor: run.logCPU == nil ? 0 : -0.5 * log(cpuVariance),
        ordinaryFactor: log((1 - slow) / timeVariance.squareRoot()), slowFactor: log(slow / SlowRun.deviation))
    }
  }

  /// The weight of each curve under each kind of noise, kind after kind; their sum is 1.
  private func curveWeights(_ terms: [[RunTerm]]) -> [Double] {
    let curves = table.curves.count
    var logs = [Double](repeating: 0, count: terms.count * curves)
    var scratch = FitScratch(terms[0].count)
    for (kind, terms) in terms.enumerated() {
      let prior = log(NoiseKind.all[kind].prior)
      for curve in 0..<curves { logs[kind * curves + curve] = prior + fit(curve, terms, &scratch).logLikelihood }
    }
    return tempered(logs)
  }

  private func tempered(_ logs: [Double]) -> [Double] {
    let highest = logs.max() ?? 0
    var (weights, temper) = (logs, 1.0)
    for _ in 0..<30 {
      var (sum, squares) = (0.0, 0.0)
      for index in logs.indices {
        let power = temper * (logs[index] - highest)
        let weight = power > -700 ? exp(power) : 0
        weights[index] = weight
        sum += weight
        squares += weight * weight
      }
      for index in weights.indices { weights[index] /= sum }
      if sum * sum / squares >= minAlive { break }
      temper *= 0.85
    }
    return weights
  }

  /// The scale at which a curve fits the runs best, and how well it does, by four rounds of expectation and maximization: each run is
  /// an ordinary one or a slow one (Dempster, Laird and Rubin, 1977).
  private func fit(
    _ curve: Int, _ terms: [RunTerm], _ scratch: inout FitScratch
  ) -> (scale: Double, logLikelihood: Double) {
    let curves = table.curves.count
    for (index, term) in terms.enumerated() {
      let place = term.candidate * curves + curve
      scratch.cpu[index] = term.logCPU - table.cpu[place]
      scratch.difference[index] = term.logTime - table.time[place] - term.beta * scratch.cpu[index]
      scratch.ordinary[index] = 0.9
    }
    var scale = 0.0
    for _ in 0..<4 { scale = improve(terms, &scratch) }
    var logLikelihood = 0.0
    for (index, term) in terms.enumerated() {
      let cpu = scratch.cpu[index] - scale
      // A t distribution of four degrees of freedom: one odd figure must not rule a curve out.
      logLikelihood += term.cpuFactor - 2.5 * log1p(cpu * cpu * term.cpuPrecision / 4)
      let (ordinary, slow) = term.logDensities(scratch.residual[index])
      let larger = max(ordinary, slow)
      logLikelihood += max(-27, larger + log1p(exp(min(ordinary, slow) - larger)))
    }
    return (scale, logLikelihood)
  }

  private func improve(_ terms: [RunTerm], _ scratch: inout FitScratch) -> Double {
    var (precision, sum) = (0.0, 0.0)
    for (index, term) in terms.enumerated() {
      let own = 1 - term.beta
      let weight = scratch.ordinary[index] * term.timePrecision * own
      precision += term.cpuPrecision + weight * own
      sum += scratch.cpu[index] * term.cpuPrecision + weight * scratch.difference[index]
    }
    let scale = sum / precision
    for (index, term) in terms.enumerated() {
      let residual = scratch.difference[index] - (1 - term.beta) * scale
      let (ordinary, slow) = term.logDensities(residual)
      scratch.residual[index] = residual
      scratch.ordinary[index] = 1 / (1 + exp(min(slow - ordinary, 600)))
    }
    return scale
  }
}

extension Posterior.RunTerm {
  /// Logarithms of the densities of a residual of the wall time: of an ordinary run, and of a slow one.
  fileprivate func logDensities(_ residual: Double) -> (ordinary: Double, slow: Double) {
    let excess = (residual - SlowRun.mean) / SlowRun.deviation
    return (ordinaryFactor - 0.5 * residual * residual * timePrecision, slowFactor - 0.5 * excess * excess)
  }
}
