import AdvisorCore

/// ProfileFigures that several causes and changes need, from one profile.
struct ProfileFigures {
  let profile: TreeProfile
  /// CPUs of the machine, and those that the tree's threads may run on.
  let cpus: Int
  let allowed: CPUSet?

  init(_ profile: TreeProfile, cpus: Int) {
    self.profile = profile
    self.cpus = max(1, cpus)
    allowed = profile.allowed
  }

  func share(_ seconds: Double) -> Double { min(1, seconds / max(profile.wall.sum, 1e-9)) }

  /// CPUs in use on average, as the samples saw it.
  var usedCPUs: Double { profile.threads.running / max(profile.wall.sum, 1e-9) }

  /// Runnable threads on average, over all the time and over that in which there were any.
  var runnable: Double { mean { Double($0) } }

  /// Mean of a function of the number of runnable threads.
  func mean(_ value: (Int) -> Double) -> Double {
    let sum = profile.runnable.reduce(0, +)
    guard sum > 0 else { return 0 }
    return profile.runnable.enumerated().reduce(0) { $0 + value($1.offset) * $1.element } / sum
  }

  /// The share of the time with runnable threads in which there was one alone.
  var aloneShare: Double {
    let active = profile.runnable.dropFirst().reduce(0, +)
    return active > 0 && profile.runnable.count > 1 ? profile.runnable[1] / active : 0
  }

  /// Runnable threads on average, where there are several, but no more than CPUs.
  var width: Double {
    let several = profile.runnable.dropFirst(2)
    let sum = several.reduce(0, +)
    guard sum > 0 else { return 1 }
    return several.enumerated().reduce(0) { $0 + min(Double($1.offset + 2), Double(cpus)) * $1.element } / sum
  }

  // The queue's parts, as shares of the queue.

  /// What more runnable threads than CPUs make of the queue by themselves.
  func ownQueue(cpus: Int) -> Double { profile.wall.sum * mean { Double(max(0, $0 - cpus)) } }

  private var queue: Double { max(profile.threads.queue, 1e-9) }

  var throttledShare: Double {
    guard let quota, quota.periods > 0 else { return 0 }
    // Counted per CPU: several threads may wait for one.
    let crowd = max(1, runnable / Double(cpus))
    let told = min(1, quota.throttledSeconds * crowd / queue)
    return max(told, quota.throttledPeriods > 0.5 ? quota.throttledPeriods : 0)
  }

  /// Of the queue that no quota explains.
  var crowdShare: Double { min(1, ownQueue(cpus: cpus) / queue) * (1 - throttledShare) }

  var affinityShare: Double {
    guard let allowed, allowed.count < cpus else { return 0 }
    return min(1, max(0, ownQueue(cpus: allowed.count) - ownQueue(cpus: cpus)) / queue) * (1 - throttledShare)
  }

  var neighbourShare: Double { max(0, 1 - throttledShare - crowdShare - affinityShare) }

  /// Wall seconds.
  var throttled: Double { profile.wall.queue * throttledShare }
  var stolen: Double { profile.wall.running * stolenShare }

  /// Of the time in which CPUs were at work.
  var stolenShare: Double {
    guard let first = profile.first, let last = profile.last, let a = first.stolenSeconds, let b = last.stolenSeconds,
      let c = first.busySeconds, let d = last.busySeconds, b > a
    else { return 0 }
    return (b - a) / max(b - a + max(0, d - c), 1e-9)
  }

  /// CPUs that others than the tree had in use; nil where the kernel does not say.
  var neighbourCPUs: Double? {
    guard let a = profile.first?.busySeconds, let b = profile.last?.busySeconds, profile.wall.sum > 0 else {
      return nil
    }
    return max(0, (b - a) / profile.wall.sum - usedCPUs)
  }

  /// The quota, and what it did meanwhile.
  var quota: (cpus: Double, periods: Double, throttledPeriods: Double, throttledSeconds: Double, source: String)? {
    guard let first = profile.firstQuota, let last = profile.last?.quota, first.source == last.source else {
      return nil
    }
    let periods = Double(last.periods - first.periods)
    let throttled = Double(last.throttledPeriods - first.throttledPeriods)
    return (
      last.cpus, periods, periods > 0 ? min(1, throttled / periods) : 0,
      max(0, last.throttledSeconds - first.throttledSeconds), last.source
    )
  }
}
