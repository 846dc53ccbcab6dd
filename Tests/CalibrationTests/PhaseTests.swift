import AdvisorCore
import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Probe
import System
import Testing
import Transfer

@testable import Calibration

@Suite struct PhaseTests {
  static func context(_ machine: Machine, httpURL: String? = nil) -> Phase.Context {
    Phase.Context(
      machine: machine, level: .quick, deadline: MonotonicClock.seconds, report: { _ in }, shouldStop: { false },
      httpURL: httpURL)
  }

  /// Eight hardware threads on four cores.
  static var hyperthreaded: Machine {
    get throws {
      var machine = try Prober.live.machine()
      machine.cpus.usable = CPUSet(0..<8)
      machine.usable.logicalCPUs = 8
      machine.topology = (0..<8).map { Machine.LogicalCPU(id: $0, core: $0 / 2, siblings: [$0 & ~1, $0 | 1]) }
      return machine
    }
  }

  /// Two threads on a quota of 1 CPU, in slices of 0.2 s that two or three periods' worth of time fell into.
  @Test(
    "How many periods of a quota fall into a slice is no noise of the machine",
    arguments: [(nil, [400, 600]), (1.0, [400, 400])])
  func repeats(quota: Double?, expected: [Double]) throws {
    var machine = try Prober.live.machine()
    machine.limits.cpuQuota = quota
    let paces = [ThreadTeam.Pace(unitsPerSecond: 400, cpus: 1), ThreadTeam.Pace(unitsPerSecond: 600, cpus: 1.5)]
    #expect(Self.context(machine).repeats(paces) == expected)
  }

  /// The memory phase of a calibration of 10 s: 1.2 s, planned to begin at 5 s.
  @Test(
    "What the phase before took too long, the next makes up for with half of its time at most",
    arguments: [(5.0, 6.2), (5.4, 6.2), (6.1, 6.7), (9.0, 9.6)])
  func deadline(now: Double, expected: Double) {
    #expect(agree(Phase.memory.deadline(planned: 5, now, 10), expected, within: 1e-9))
  }

  @Test("Phases and what computes before each make up the whole time")
  func shares() {
    let shares = Phase.allCases.map { $0.share + Phase.lookShare }
    #expect(agree(shares.reduce(0, +), 1, within: 1e-9))
  }

  @Test("A speedup curve has a point for one worker a core, and goes to twice the hardware threads")
  func workerCounts() throws {
    #expect(Self.context(try Self.hyperthreaded).workerCounts == [1, 2, 4, 8, 16])
    var six = try Self.hyperthreaded
    six.cpus.usable = CPUSet(0..<6)
    six.usable.logicalCPUs = 6
    #expect(Self.context(six).workerCounts == [1, 2, 3, 4, 6, 8, 12])
  }

  @Test(
    "Hand-overs between two CPUs go to another core, of the same node where there is one",
    arguments: [(0, 2), (1, 3), (2, 1), (3, 0), (4, 6), (7, 4)])
  func partners(home: Int, away: Int) throws {
    var machine = try Self.hyperthreaded
    machine.numa = [CPUSet(0..<4), CPUSet(4..<8)].enumerated().map {
      Machine.NUMANode(id: $0.offset, cpus: $0.element, memoryBytes: 1 << 30, distances: [10, 20])
    }
    machine.cpus.usable = CPUSet(0..<8)
    #expect(QuietPlaces(machine).partner(of: home) == away)
    machine.cpus.usable = CPUSet([home, home ^ 1])
    #expect(QuietPlaces(machine).partner(of: home) == home ^ 1)
    machine.cpus.usable = CPUSet([home])
    #expect(QuietPlaces(machine).partner(of: home) == nil)
  }

  /// sched-bwc.rst: a quota is refilled once a period, so that a shorter measurement may never meet it.
  @Test("Under a CPU quota a measurement lasts several of its periods")
  func quotaSlices() throws {
    var machine = try Prober.live.machine()
    machine.limits.cpuQuota = nil
    #expect(Self.context(machine).sliceSeconds == 0.012)
    machine.limits.cpuQuota = 1.5
    machine.limits.cpuPeriodSeconds = 0.1
    #expect(Self.context(machine).sliceSeconds == 0.2)
  }

  @Test(
    "A server's address loses what is secret in it",
    arguments: [
      ("https://user:secret@host:8443/a/b?token=1#x", "https://host:8443/a/b"), ("http://host", "http://host"),
      ("http://host?q=@", "http://host"), ("http://host/a@b", "http://host/a@b"), ("nonsense", ""),
    ])
  func withoutSecrets(url: String, shown: String) { #expect(Phase.withoutSecrets(url) == shown) }

  @Test("The user's own server is measured by what it answers")
  func ownServer() throws {
    // The test build puts the program beside the tests.
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let server = try LoopbackServerProcess.start(
      executable: tests.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/advisor")
    var findings = Findings()
    try Phase.http.measure(
      Self.context(try Prober.live.machine(), httpURL: server.url(bytes: 5000)), into: &findings)
    #expect(findings.variableCosts.http.map(\.depth) == [1, 4, 16])
    #expect(findings.variableCosts.http.allSatisfy { $0.bytes == 5000 && $0.serverCPUs == nil })
    #expect(findings.variableCosts.httpServer?.hasPrefix("http://127.0.0.1:") == true)
    #expect(findings.fixedCosts.map(\.name) == [.httpConnect, .httpRequest, .httpOpen])
  }

  @Test("A server that does not answer is an error, and what was found before stays")
  func deadServer() throws {
    var findings = Findings()
    let context = Self.context(try Prober.live.machine(), httpURL: "http://127.0.0.1:9/")
    #expect(throws: AdvisorError.self) { try Phase.http.measure(context, into: &findings) }
    #expect(findings.variableCosts.http.isEmpty)
  }

  @Test("Figures with wide intervals or few samples are counted in the doubts")
  func imprecision() {
    var profile = ProfileStoreTests.sample
    let point = { (depth: Int, low: Double, samples: Int) in
      DepthPoint(
        depth: depth, bytes: 1,
        operationsPerSecond: Estimate(value: 100, low: low, high: 100, samples: samples, unit: .perSecond))
    }
    profile.fixedCosts = []
    profile.variableCosts.http = [point(1, 99, 9), point(2, 80, 9), point(4, 99, 2)]
    #expect(
      profile.imprecision == [.fewSamples(figures: 1, of: 3, minSamples: 5), .imprecise(figures: 1, of: 3)])
  }

  /// A session's own 3 % and the 4 % of what differs between sessions are 5 % together; 90 % of a normal distribution lie
  /// within 1.645 standard deviations.
  @Test("Intervals hold what differs between sessions")
  func intervalsHoldWhatDiffersBetweenSessions() {
    var estimate = Estimate(
      value: 100, low: 100 * exp(-1.645 * 0.03), high: 100 * exp(1.645 * 0.03), samples: 60, unit: .seconds)
    estimate.widen(bySessionSpread: 0.04)
    #expect(abs(estimate.low / (100 * exp(-1.645 * 0.05)) - 1) < 1e-9)
    #expect(abs(estimate.high / (100 * exp(1.645 * 0.05)) - 1) < 1e-9)
    var exact = Estimate(value: 3, low: 3, high: 3, samples: 1, unit: .bytes)
    exact.widen(bySessionSpread: 0.04)
    #expect(exact.low == 3 && exact.high == 3)
  }

  @Test("What two CPUs take part in differs more between sessions")
  func wakeUpsDiffer() {
    let known = Estimate(value: 100, low: 99.99, high: 100.01, samples: 60, unit: .seconds)
    // 31 and 43 µs lie in one interval of about 36 µs, 65 and 380 ns nearly in one of 160 ns.
    for (name, placement, factor) in [
      (FixedCost.Name.pipeRoundTrip, FixedCost.Placement.crossCPU, 1.2), (.cacheLineRoundTrip, .crossCPU, 2.28),
      (.pipeRoundTrip, .sameCPU, 1), (.httpOpen, .unpinned, 1.39), (.processSpawn, .unpinned, 1),
    ] {
      var cost = FixedCost(
        name: name, placement: placement, floor: known, typical: known, minimum: 99, acceptedShare: 1)
      cost.widenByHost()
      #expect(abs(cost.floor.high / 100 - factor) < 0.03 && cost.typical == cost.floor)
    }
  }

  @Test("Bytes between two CPUs and of two threads are known worse than those of one, and of a server elsewhere")
  func bytesDiffer() {
    let known = Estimate(value: 100, low: 99.99, high: 100.01, samples: 60, unit: .bytesPerSecond)
    var costs = VariableCosts(
      memoryBandwidth: [1, 2].map { BandwidthPoint(threads: $0, cpuNode: 0, memoryNode: 0, bytesPerSecond: known) },
      http: [DepthPoint(depth: 1, bytes: 1024, operationsPerSecond: known)])
    let before = costs
    var guest = ProfileStoreTests.sample.machine
    guest.isVirtual = true
    costs.widen(byHostOf: guest)
    // 38 and 71 GB/s lie in one interval of about 52.
    #expect(costs.memoryBandwidth[0] == before.memoryBandwidth[0])
    #expect(costs.memoryBandwidth[1].bytesPerSecond.low < 73 && costs.memoryBandwidth[1].bytesPerSecond.high > 137)
    #expect(costs.http[0].operationsPerSecond.high > 137)
    var elsewhere = before
    elsewhere.httpServer = "https://example.org/"
    elsewhere.widen(byHostOf: guest)
    #expect(elsewhere.http == before.http)
  }

  /// One at a time and four: 1 KiB, 64 KiB and 1 MiB as on a guest of 2 CPUs, where four sessions found within 2, 4 and 22 %
  /// the same rates.
  @Test(
    "Only what the bytes of a request take differs between sessions", arguments: [1, 4],
    [(bytes: 1024, spread: 0.0...0.01), (65536, 0.01...0.12), (1 << 20, 0.15...0.27)])
  func smallRequestsRepeat(depth: Int, expected: (bytes: Int, spread: ClosedRange<Double>)) throws {
    let rates = [
      (1, 1024, 18_323.0), (4, 1024, 76_909), (1, 65536, 16_090), (4, 65536, 55_894), (1, 1 << 20, 6654),
      (4, 1 << 20, 8048),
    ]
    let costs = VariableCosts(
      http: rates.map { depth, bytes, rate in
        DepthPoint(
          depth: depth, bytes: bytes,
          operationsPerSecond: Estimate(
            value: rate, low: rate * 0.999, high: rate * 1.001, samples: 60, unit: .perSecond)
        )
      })
    var guest = ProfileStoreTests.sample.machine
    guest.isVirtual = true
    let point = try #require(costs.http.first { $0.depth == depth && $0.bytes == expected.bytes })
    #expect(expected.spread.contains(costs.spread(ofRequest: point, among: costs.http, on: guest)))
    var widened = costs
    widened.widen(byHostOf: guest)
    let high = try #require(widened.http.first { $0.depth == depth && $0.bytes == expected.bytes }).operationsPerSecond
    #expect(high.relativeError <= 1.645 * expected.spread.upperBound * 1.3)
  }

  /// A tenth over the root of the seconds that it lasts.
  @Test(
    "A shorter session says less of the next", arguments: [(MachineProfile.Level.quick, 0.0488), (.thorough, 0.014)])
  func sessionSpread(level: MachineProfile.Level, spread: Double) {
    #expect(agree(level.sessionSpread, spread, within: 1e-3))
  }
}
