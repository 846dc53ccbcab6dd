/// Ways of doing a thing of which no other is at most as dear and as slow, and better in one of both (V. Pareto).
struct ParetoFront {
  /// The cheapest first, each faster than those before it.
  private var ways: [(cost: Double, seconds: Double)] = []

  /// - Parameter all: those without a cost or a time do not compare.
  init(_ all: some Sequence<(cost: Double?, seconds: Double?)>) {
    let known = all.compactMap { way in way.cost.flatMap { cost in way.seconds.map { (cost: cost, seconds: $0) } } }
    for way in known.sorted(by: { ($0.cost, $0.seconds) < ($1.cost, $1.seconds) })
    where way.seconds < ways.last?.seconds ?? .infinity { ways.append(way) }
  }

  func contains(cost: Double?, seconds: Double?) -> Bool {
    guard let cost, let seconds else { return false }
    return !ways.contains { way in
      !Self.isLess(cost, way.cost) && !Self.isLess(seconds, way.seconds)
        && (Self.isLess(way.cost, cost) || Self.isLess(way.seconds, seconds))
    }
  }

  /// By more than rounding leaves.
  private static func isLess(_ left: Double, _ right: Double) -> Bool { left < right * (1 - 1e-9) }
}
