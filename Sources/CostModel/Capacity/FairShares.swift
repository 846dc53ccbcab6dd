/// What tasks of a run get beside each other and beside others that compute all the time.
struct FairShares {
  let cpus: Double
  /// Tasks of the run at once.
  let own: Double

  init(cpus: Double, own: Double) { (self.cpus, self.own) = (max(cpus, 0.01), own) }

  /// How many times as long as alone a task takes that computes.
  func slowdown(beside others: Double = 0) -> Double { max(1, (own + others) / cpus) }

  /// How many times as long others make it take.
  func load(of others: Double) -> Double { slowdown(beside: others) / slowdown() }

  /// How many others there are where a task takes that many times as long as alone.
  func others(slowdown: Double) -> Double { slowdown > self.slowdown() ? slowdown * cpus - own : 0 }
}
