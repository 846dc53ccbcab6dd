/// Erlang's formulas for c servers and an offered load of a = λ·E[S] (A. K. Erlang 1917; Harchol-Balter, *Performance
/// Modeling and Design of Computer Systems*, chapter 14).
public enum Erlang {
  /// The share of requests that a system without a queue turns away.
  ///
  /// The recurrence `B(k) = a·B(k−1) / (k + a·B(k−1))` shrinks rounding errors, so it holds to any number of servers.
  public static func lossProbability(offeredLoad: Double, servers: Int) -> Double {
    var loss = 1.0
    for server in stride(from: 1, through: servers, by: 1) { loss = next(loss, offeredLoad, servers: server) }
    return loss
  }

  /// The share of requests that must wait, for a stable system: fewer erlangs than servers.
  public static func waitProbability(offeredLoad: Double, servers: Int) -> Double {
    wait(lossProbability(offeredLoad: offeredLoad, servers: servers), offeredLoad, servers: servers)
  }

  /// The smallest number of servers whose wait probability is accepted; nil when none up to the limit is.
  ///
  /// The formula is followed upwards once, so the answer is exact and costs one step a server.
  public static func fewestServers(
    offeredLoad: Double, upTo limit: Int, where accepts: (_ servers: Int, _ waitProbability: Double) -> Bool
  ) -> Int? {
    var loss = 1.0
    for servers in stride(from: 1, through: limit, by: 1) {
      loss = next(loss, offeredLoad, servers: servers)
      guard Double(servers) > offeredLoad else { continue }
      if accepts(servers, wait(loss, offeredLoad, servers: servers)) { return servers }
    }
    return nil
  }

  private static func next(_ loss: Double, _ load: Double, servers: Int) -> Double {
    load * loss / (Double(servers) + load * loss)
  }

  private static func wait(_ loss: Double, _ load: Double, servers: Int) -> Double {
    let utilisation = load / Double(servers)
    return loss / (1 - utilisation * (1 - loss))
  }
}
