import AdvisorCore
import Probe
import Statistics
import Transfer
import Executors

extension Phase {
  /// Requests per second by the number in flight, against the built-in server in a process of its own or the user's.
  func measureHTTP(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    if let url = context.httpURL {
      try measureHTTP(context, Self.levels(of: url, context.level), TransferOptions(), into: &findings) { nil }
      Self.meters(context, url, TransferOptions(), minValues: 3).measureStarts(ofTeams: false, into: &findings)
      findings.variableCosts.httpServer = Self.withoutSecrets(url)
    } else {
      let server = try LoopbackServerProcess.start(apartOn: context.machine)
      let levels = Self.loopbackLevels(context.level, server)
      let first = context.part(0, of: 2)
      // Where a job's one thread would run.
      try Affinity.confined(to: context.machine.placementOrder.first.map { [$0] }) { () throws(AdvisorError) in
        try measureHTTP(first, levels, large: server.url(bytes: 1 << 20), .loopback, into: &findings) {
          server.cpuSeconds()
        }
      }
      Self.meters(first, levels[0].url, .loopback, minValues: 5).measureStarts(ofTeams: true, into: &findings)
      findings.variableCosts.httpThreads = try Self.byThreads(context, server)
    }
  }

  /// - Parameters:
  ///   - large: where a MiB is had; nil where none is.
  ///   - serverSeconds: CPU time that the server has used so far; nil where it does not tell.
  private func measureHTTP(
    _ context: Context, _ levels: [HTTPLevel], large: String? = nil, _ options: TransferOptions,
    into findings: inout Findings, serverSeconds: () -> Double?
  ) throws(AdvisorError) {
    let meters = Self.meters(context, levels[0].url, options, minValues: large == nil ? 3 : 5)
    try meters.measure(large: large, into: &findings)
    var levels = try Self.answered(levels, options, &findings.warnings)
    try context.alternate(Array(levels.indices)) { index throws(AdvisorError) in
      let before = serverSeconds()
      try levels[index].measure(options)
      levels[index].addServer(seconds: serverSeconds(), since: before)
    }
    findings.variableCosts.http = zip(levels, RobustEstimate.medians(of: levels.map(\.rates))).compactMap {
      $0.point($1)
    }
    guard let large, let curve = findings.variableCosts.http.first(where: { $0.depth == 1 && $0.bytes == 1 << 20 })
    else { return }
    let curveSeconds = 1 / curve.operationsPerSecond.value
    findings.fixedCosts += [try meters.bufferGrowth(large, curveSeconds: curveSeconds)].compactMap(\.self)
  }

  private static func meters(
    _ context: Context, _ url: String, _ options: TransferOptions, minValues: Int
  ) -> HTTPMeters {
    HTTPMeters(
      url: url, options: options, secondsEach: context.budget / 12, cpus: context.machine.usable.logicalCPUs,
      minValues: minValues)
  }

  private static func loopbackLevels(
    _ level: MachineProfile.Level, _ server: borrowing LoopbackServerProcess
  ) -> [HTTPLevel] {
    var sizes: [(depth: Int, bytes: Int)] = [1, 4, 16, 64].map { ($0, 1024) }
    sizes += [1, 4, 16].map { ($0, 64 << 10) } + [1, 4].map { ($0, 1 << 20) }
    if level != .quick { sizes += [(256, 1024), (64, 64 << 10), (16, 1 << 20)] }
    var levels: [HTTPLevel] = []
    for (depth, bytes) in sizes {
      levels.append(HTTPLevel(depth: depth, url: server.url(bytes: bytes), level: level))
    }
    return levels
  }

  /// Fewer than over loopback: nobody's server is to be flooded.
  private static func levels(of url: String, _ level: MachineProfile.Level) -> [HTTPLevel] {
    [1, 4, 16].map { HTTPLevel(depth: $0, url: url, level: level) }
  }

  /// A profile is shown to others: `https://user:secret@host/path?token=1` → `https://host/path`.
  static func withoutSecrets(_ url: String) -> String {
    let parts = url.split(separator: "://", maxSplits: 1)
    guard parts.count == 2, let place = parts[1].split(whereSeparator: { "?#".contains($0) }).first else { return "" }
    let host = place.prefix { $0 != "/" }
    let visibleHost = host.split(separator: "@").last ?? ""
    return "\(parts[0])://\(visibleHost)\(place.dropFirst(host.count))"
  }

  /// The levels whose first requests are all answered; a limit on open files may allow few in flight and not many.
  private static func answered(
    _ levels: [HTTPLevel], _ options: TransferOptions, _ warnings: inout [ProfileWarning]
  ) throws(AdvisorError) -> [HTTPLevel] {
    var answered: [HTTPLevel] = []
    var refusal = AdvisorError.lacking("an answer over HTTP")
    for var level in levels {
      do throws(AdvisorError) {
        try level.warmUp(options)
        answered.append(level)
      } catch {
        refusal = error
        warnings.append(.notMeasured(what: "HTTP with \(level.depth) in flight", problem: error.problem))
      }
    }
    guard !answered.isEmpty else { throw refusal }
    return answered
  }
}
