import AdvisorCore
import Testing

@testable import Calibration

/// An engine whose calls take 3 ms to hand out and 40 ms on a worker, a further task in a call 2 ms there, on 4 slots.
@Suite struct EngineFindingsTests {
  static let workers = (0..<2).map { EngineCosts.Worker(name: "w\($0)", host: "h", slots: 2) }

  static func findings(rounds: Int = 3, chunked: Bool = true) -> EngineFindings {
    var findings = EngineFindings()
    (findings.ready, findings.first) = ([2, 2.1, 2.2], [0.1, 0.1, 0.2])
    findings.workers = workers
    let each = 0.003 + 0.04 / 4
    findings.rounds = (0..<rounds).map { _ in
      EngineFindings.Round(
        few: 8, fewSeconds: 0.5 + 8 * each, many: 80, manySeconds: 0.5 + 80 * each, workerSeconds: 0.04,
        chunk: chunked ? (11, 0.5 + 80 * each + 80 * 10 * 0.002 / 4) : nil)
    }
    return findings
  }

  static func costs(_ findings: EngineFindings) throws -> EngineCosts {
    try #require(findings.costs(engine: "dask", address: nil, isUp: false, now: "2026-11-25T00:00:00Z"))
  }

  @Test("The workers' share is taken from the slope")
  func theWorkersShareIsTakenFromTheSlope() throws {
    let costs = try Self.costs(Self.findings())
    #expect(abs(costs.submissionSeconds.value - 0.003) < 1e-9)
    #expect(abs(costs.taskSeconds.value - 0.04) < 1e-9)
    #expect(abs(try #require(costs.itemSeconds).value - 0.002) < 1e-9)
    #expect(costs.readySeconds.value == 2.1 && costs.firstTaskSeconds.value == 0.1)
  }

  @Test("What was not measured is left out")
  func whatWasNotMeasuredIsLeftOut() throws {
    let costs = try Self.costs(Self.findings(chunked: false))
    #expect(costs.itemSeconds == nil && costs.uploadBytesPerSecond == nil && costs.sourceBytesPerSecond == nil)
  }

  @Test("Without a start, a round of calls or a worker there are no costs")
  func nothing() {
    var none = Self.findings()
    none.rounds = []
    var noStart = Self.findings()
    noStart.ready = []
    var noWorkers = Self.findings()
    noWorkers.workers = []
    for findings in [none, noStart, noWorkers] {
      #expect(findings.costs(engine: "dask", address: nil, isUp: false, now: "") == nil)
    }
  }

  @Test("No cost is less than nothing")
  func noCostIsLessThanNothing() throws {
    var findings = Self.findings()
    // A neighbour slowed the few calls down.
    for index in findings.rounds.indices { findings.rounds[index].fewSeconds = 9 }
    let costs = try Self.costs(findings)
    #expect(costs.submissionSeconds.value == 0 && costs.submissionSeconds.low == 0)
  }

  @Test("Rates come from times")
  func ratesComeFromTimes() throws {
    var findings = Self.findings()
    findings.upload = [1e-8, 1e-8, 1.1e-8]
    findings.source = [1e6]
    let costs = try Self.costs(findings)
    let upload = try #require(costs.uploadBytesPerSecond)
    #expect(abs(upload.value - 1e8) < 1 && upload.low < upload.value && upload.high > upload.value)
    // One sample says nothing of its spread.
    #expect(
      costs.sourceBytesPerSecond == Estimate(value: 1e6, low: 5e5, high: 1.5e6, samples: 1, unit: .bytesPerSecond))
  }
}
