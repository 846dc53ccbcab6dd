import AdvisorCore

/// CPU time that a request takes, by its size.
struct RequestCost: Sendable {
  /// Seconds of the thread that asks.
  var client: Double
  /// Seconds of the built-in server, which shares the machine; zero for any other.
  var server: Double
}

/// The CPU time of requests as calibrated.
struct RequestCosts: Sendable {
  /// By bytes, ascending.
  private let lines: [(bytes: Double, cost: RequestCost)]

  /// - Returns: nil where the profile does not tell.
  init?(_ points: [DepthPoint]) {
    let sound = points.filter { $0.clientCPUs.map { $0 >= 0 } ?? false && $0.operationsPerSecond.value > 0 }
    lines = Dictionary(grouping: sound, by: \.bytes)
      .map { bytes, points in
        // One at a time mostly waits, and wakes for each: several share what waking costs, as in a job.
        let several = points.filter { $0.depth > 1 }
        return (Double(bytes), Self.mean(several.isEmpty ? points : several))
      }
      .sorted { $0.0 < $1.0 }
    guard !lines.isEmpty else { return nil }
  }

  /// Between measured sizes in proportion to the bytes; beyond them as at the nearest, larger ones at its rate.
  func cost(bytes: Double) -> RequestCost {
    let (least, most) = (lines[0], lines[lines.count - 1])
    guard bytes > least.bytes else { return least.cost }
    guard bytes < most.bytes else { return most.cost.scaled(by: bytes / max(1, most.bytes)) }
    let above = lines.firstIndex { $0.bytes >= bytes } ?? lines.count - 1
    let (a, b) = (lines[above - 1], lines[above])
    let share = (bytes - a.bytes) / (b.bytes - a.bytes)
    return RequestCost(
      client: a.cost.client + share * (b.cost.client - a.cost.client),
      server: a.cost.server + share * (b.cost.server - a.cost.server))
  }

  private static func mean(_ points: [DepthPoint]) -> RequestCost {
    func mean(_ cpus: (DepthPoint) -> Double) -> Double {
      points.reduce(0) { $0 + cpus($1) / $1.operationsPerSecond.value } / Double(points.count)
    }
    return RequestCost(client: mean { $0.clientCPUs ?? 0 }, server: mean { $0.serverCPUs ?? 0 })
  }
}

extension RequestCost {
  fileprivate func scaled(by factor: Double) -> RequestCost {
    RequestCost(client: client * factor, server: server * factor)
  }
}
