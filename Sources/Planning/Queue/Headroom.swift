extension ExponentialQueue {
  /// The highest arrival rate, in requests a second, at which a number of servers still meets a goal; nil when none does.
  ///
  /// More requests never wait less, so halving finds it.
  public static func maxArrivalRate(serviceSeconds: Double, servers: Int, goal: QueueGoal) -> Double? {
    guard servers >= 1, serviceSeconds > 0 else { return nil }
    let meets = { (rate: Double) in
      guard let load = try? QueueLoad(arrivalRate: rate, serviceSeconds: serviceSeconds),
        let queue = try? ExponentialQueue(load, servers: servers)
      else { return false }
      return goal.isMet(by: queue)
    }
    let saturation = Double(servers) / serviceSeconds
    var (low, high) = (saturation * 1e-9, saturation)
    guard meets(low) else { return nil }
    while high - low > 1e-12 * saturation {
      let middle = (low + high) / 2
      if meets(middle) { low = middle } else { high = middle }
    }
    return low
  }
}
