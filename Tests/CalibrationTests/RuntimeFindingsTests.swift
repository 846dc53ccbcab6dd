import AdvisorCore
import Testing

@testable import Calibration

/// What the script's lines come to.
@Suite struct RuntimeFindingsTests {
  private static let facts = """
    {"facts": {"interpreter": "/usr/bin/python3", "implementation": "CPython", "version": "3.13.0", "isFreeThreaded": true,
    "holdsGIL": false, "startMethod": "fork"}}
    """.replacing("\n", with: " ")

  private static func findings(_ lines: [String]) -> RuntimeFindings {
    var findings = RuntimeFindings()
    for line in lines {
      if let message = RuntimeMessage(line) { findings.add(message) }
    }
    return findings
  }

  private static func lines(_ cost: String, _ values: [Double], of: String? = nil, workers: Int? = nil) -> [String] {
    values.map {
      #"{"cost": "\#(cost)", "value": \#($0), "of": \#(of.map { "\"\($0)\"" } ?? "null"), "workers": \#(workers.map(String.init) ?? "null")}"#
    }
  }

  private static let needed =
    ["threadStart", "threadHop", "poolChunk", "poolTask", "loopStart", "loopTask", "word"]
    .flatMap { lines($0, [4e-5, 3e-5, 2e-5, 9e-5, 5e-5]) }
    + lines("poolStart", [0.006, 0.006, 0.006], of: "fork", workers: 1)
    + lines("poolStart", [0.012, 0.012, 0.012], of: "fork", workers: 4)

  @Test("A pool's time is a line through its worker counts")
  func pool() throws {
    let costs = try #require(
      Self.findings([Self.facts] + Self.needed).costs(name: "python3", now: "2026-01-01T00:00:00Z"))
    let pool = try #require(costs.pools.first)
    // 6 ms with one, 12 ms with four: 2 ms each after the first 4 ms.
    #expect(abs(pool.perWorker.value - 0.002) < 1e-9 && abs(pool.first.value - 0.004) < 1e-9)
    #expect(costs.isFreeThreaded && !costs.holdsGIL && costs.interpreter == "/usr/bin/python3")
  }

  @Test("Wall times are their lower quartile, since a run queue only adds; CPU times are medians")
  func quantiles() throws {
    let costs = try #require(Self.findings([Self.facts] + Self.needed).costs(name: "python3", now: ""))
    let start = try #require(costs[.threadStart])
    #expect((start.value, start.low, start.high) == (3e-5, 2e-5, 4e-5))
    #expect(costs[.word]?.value == 4e-5)
    #expect(costs[.word]?.unit == .secondsPerUnit)
  }

  @Test("Without what advice needs there are no costs; what is no message is passed over")
  func tooEarly() {
    #expect(Self.findings([Self.facts, "Traceback (most recent call last):", "{"]).costs(name: "p", now: "") == nil)
  }

  @Test("A module that cannot be imported is a doubt, not an end")
  func missingModule() throws {
    let lines = [#"{"missing": "nosuch", "why": "ModuleNotFoundError: No module named 'nosuch'"}"#]
    let costs = try #require(Self.findings([Self.facts] + lines + Self.needed).costs(name: "p", now: ""))
    #expect(
      costs.quality.contains { if case .notMeasured("import nosuch", _) = $0 { true } else { false } }
        && costs.imports.isEmpty)
  }

  @Test("What else the machine did is a doubt of these figures, too")
  func disturbance() throws {
    var findings = Self.findings([Self.facts] + Self.needed)
    findings.warning((stolen: 0.05, otherBusy: 0.4, pressure: nil))
    let busy = try #require(findings.costs(name: "p", now: "")).quality
    #expect(busy == [.otherLoad(share: 0.4), .stolen(share: 0.05)])
    findings = Self.findings([Self.facts] + Self.needed)
    findings.warning((stolen: 0, otherBusy: 0.03, pressure: nil))
    #expect(try #require(findings.costs(name: "p", now: "")).quality.isEmpty)
  }

  @Test("Threads that release the lock have a speedup of their own")
  func released() throws {
    let lines = Self.lines("speedup", [1.9, 1.9, 1.9], of: "released", workers: 2)
    let costs = try #require(Self.findings([Self.facts] + Self.needed + lines).costs(name: "p", now: ""))
    #expect(costs.releasedSpeedups?.map(\.speedup.value) == [1.9] && costs.threadSpeedups.isEmpty)
  }
}
