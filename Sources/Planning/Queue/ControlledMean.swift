private import func Glibc.exp
private import func Glibc.lgamma
private import func Glibc.log
private import Statistics

/// A simulated mean wait, less what luck added: control variates (docs/model.md, 10.3).
///
/// Two systems that see the same arrivals and the same work have means that are known exactly. A single server c times
/// as fast waits alike near saturation (Pollaczek-Khinchine); with servers without end, the number who would have had to
/// wait is alike at light load (Poisson). The regression of the wait on both says what it is at their true means.
struct ControlledMean {
  let value: Double
  /// Half the 95 % interval as a share of the value; infinite when nobody waited.
  let relativeHalfWidth: Double
  /// What luck added, as a share of the value: much of it means that the run was too short to show the usual queue.
  let luck: Double

  init(_ batches: [QueueRun.Batch], offeredLoad: Double, service: ServiceDistribution, servers: Int) {
    let fastWait = Self.meanFastWait(offeredLoad, service, servers)
    let excess = Self.meanExcess(offeredLoad, servers)
    // Few long groups: short ones depend on each other, and the interval would come out too narrow.
    let groups = Self.grouped(batches, into: 32)
    let hasExcess = groups.contains { $0.excess > 0 }
    var regression = LeastSquares(columns: hasExcess ? 3 : 2)
    for group in groups {
      let count = Double(group.requests)
      let row = [1, group.fastWait / count - fastWait] + (hasExcess ? [group.excess / count - excess] : [])
      regression.add(row, observed: group.wait / count)
    }
    let atTrueMeans: [Double] = hasExcess ? [1, 0, 0] : [1, 0]
    let freedom = Double(groups.count - atTrueMeans.count)
    let mean = max(0, regression.coefficients?.first ?? 0)
    let variance = (regression.leverage(of: atTrueMeans) ?? 0) * regression.residualSumOfSquares / freedom
    value = mean
    let observed = groups.reduce(0) { $0 + $1.wait } / max(groups.reduce(0) { $0 + Double($1.requests) }, 1)
    luck = mean > 0 ? abs(observed / mean - 1) : 0
    relativeHalfWidth =
      mean > 0 ? StudentT(degreesOfFreedom: freedom).quantile(0.975) * variance.squareRoot() / mean : .infinity
  }

  /// Mean wait at a single server c times as fast, in mean service times: ρ(1 + scv) / 2c(1 − ρ).
  private static func meanFastWait(_ offeredLoad: Double, _ service: ServiceDistribution, _ servers: Int) -> Double {
    let utilisation = offeredLoad / Double(servers)
    return utilisation * (1 + service.scv) / (2 * Double(servers) * (1 - utilisation))
  }

  /// Mean of `max(0, N − c + 1)` for a Poisson number N: how far an arrival lifts those in service above c.
  private static func meanExcess(_ offeredLoad: Double, _ servers: Int) -> Double {
    var count = Double(servers)
    var share = exp(count * log(offeredLoad) - offeredLoad - lgamma(count + 1))
    var mean = 0.0
    while share * (count - Double(servers) + 1) > 1e-17 * mean {
      mean += share * (count - Double(servers) + 1)
      count += 1
      share *= offeredLoad / count
    }
    return mean
  }

  private static func grouped(_ batches: [QueueRun.Batch], into count: Int) -> [QueueRun.Batch] {
    let size = batches.count / count
    return (0..<count).map { group in
      batches[(group * size)..<((group + 1) * size)].reduce(into: QueueRun.Batch()) { sum, batch in
        sum.wait += batch.wait
        sum.fastWait += batch.fastWait
        sum.excess += batch.excess
        sum.requests += batch.requests
      }
    }
  }
}
