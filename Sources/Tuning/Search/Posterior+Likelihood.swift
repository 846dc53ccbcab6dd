private import func Glibc.exp
private import func Glibc.log
private import func Glibc.log1p

extension Posterior {
  /// A run under one kind of noise, with what is the same for all curves.
  struct RunTerm {
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
  struct FitScratch {
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

  func runTerms(_ runs: [Sighting], _ kind: NoiseKind) -> [RunTerm] {
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
  func curveWeights(_ terms: [[RunTerm]]) -> [Double] {
    var logs = likelihoods(terms)
    for index in earlier.indices { logs[index] += earlier[index] }
    for (kind, noise) in NoiseKind.all.enumerated() {
      for curve in 0..<table.curves.count { logs[kind * table.curves.count + curve] += log(noise.prior) }
    }
    return tempered(logs)
  }

  /// Logarithms of the likelihood of the runs, in the same order.
  func likelihoods(_ terms: [[RunTerm]]) -> [Double] {
    var scratch = FitScratch(terms[0].count)
    return terms.flatMap { terms in
      (0..<table.curves.count).map { fit($0, terms, &scratch).logLikelihood }
    }
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
  func fit(
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
