import AdvisorCore
import AdvisorTestSupport
import FoundationEssentials
import Probe
import Testing
private import func Glibc.log

@testable import Calibration

@Suite("Parts of a calibration know how disturbed they were")
struct MeasuredPartsTests {
  private static func speedup(_ value: Double, samples: Int = 20) -> VariableCosts {
    VariableCosts(speedups: [
      SpeedupPoint(
        kernel: .word, workers: 2,
        speedup: Estimate(value: value, low: value * 0.98, high: value * 1.02, samples: samples, unit: .ratio))
    ])
  }

  private static func part(
    _ phase: Phase, stolen: Double = 0, busy: Double = 0, probe: Double = 1, costs: VariableCosts = VariableCosts()
  ) -> MeasuredPart {
    var findings = Findings()
    findings.variableCosts = costs
    return MeasuredPart(
      phase: phase, findings: findings, stolen: stolen, otherBusy: busy,
      probes: Array(repeating: probe * 10e-6, count: 40))
  }

  private static func parts(_ all: MeasuredPart...) -> MeasuredParts {
    all.reduce(into: MeasuredParts()) { $0.add($1) }
  }

  @Test(
    "Time stolen, other processes and a neighbour on the core make a part poor",
    arguments: [
      (0.0, 0.0, 1.0, false), (0.05, 0.05, 1.2, false), (0.16, 0.0, 1.0, true), (0.0, 0.24, 1.0, true),
      (0.0, 0.0, 1.8, true),
    ])
  func poor(stolen: Double, busy: Double, probe: Double, isPoor: Bool) {
    let parts = Self.parts(Self.part(.disk), Self.part(.kernels, stolen: stolen, busy: busy, probe: probe))
    #expect(parts.noises.map(\.isPoor) == [false, isPoor])
    #expect(parts.noises.map(\.part) == ["disk", "computing"])
  }

  @Test("The worst is measured again, as long as there is time for it, and once")
  func worstFirst() {
    let parts = Self.parts(
      Self.part(.handOffs), Self.part(.kernels, busy: 0.2), Self.part(.speedups, busy: 0.5),
      Self.part(.disk, stolen: 0.1))
    let cost = { (phase: Phase) in phase == .speedups ? 2.0 : 1.0 }
    #expect(parts.worst(within: 3, cost: cost) == .speedups)
    #expect(parts.worst(within: 1.5, cost: cost) == .kernels)
    #expect(parts.worst(within: 1.5, cost: cost, tried: [.kernels]) == .disk)
    #expect(parts.worst(within: 0.5, cost: cost) == nil)
    #expect(Self.parts(Self.part(.disk)).worst(within: 9, cost: cost) == nil)
  }

  @Test("The less disturbed of two stays", arguments: [(0.5, 0.1, 1.9), (0.1, 0.5, 1.2)])
  func lessDisturbed(first: Double, second: Double, kept: Double) {
    var parts = Self.parts(Self.part(.speedups, busy: first, costs: Self.speedup(1.2)))
    parts.add(Self.part(.speedups, busy: second, costs: Self.speedup(1.9)))
    #expect(parts.findings.variableCosts.speedups.map(\.speedup.value) == [kept])
  }

  /// 24 % of other processes and 16 % of time stolen made 1.27 of 1.9: e^0.4.
  @Test("A poor part's figures get intervals that hold what a quiet moment finds")
  func widened() throws {
    let parts = Self.parts(Self.part(.speedups, stolen: 0.16, busy: 0.24, costs: Self.speedup(1.27)))
    let speedup = try #require(parts.findings.variableCosts.speedups.first).speedup
    #expect(speedup.high > 1.88 && speedup.value == 1.27)
    let quiet = Self.parts(Self.part(.speedups, costs: Self.speedup(1.9))).findings.variableCosts
    #expect(quiet == Self.speedup(1.9))
  }

  /// Beside other programs CPU time stays as it is; where the host takes time, or a neighbour slows the core, it does not.
  @Test(
    "CPU times deserve narrower intervals than times by the wall, where others only used the CPUs",
    arguments: [(0.0, 0.9, 1.0, 0.03), (0.16, 0.9, 1.0, 0.2), (0.0, 0.0, 2.5, 0.3), (0.0, 0.05, 1.0, 0.0)])
  func cpuTimes(stolen: Double, busy: Double, probe: Double, deviation: Double) throws {
    var costs = Self.speedup(1.8)
    let exact = Estimate(value: 1.9e-9, low: 1.8999e-9, high: 1.9001e-9, samples: 400, unit: .secondsPerUnit)
    costs.kernels = [KernelCost(kernel: .word, mix: .integer, secondsPerUnit: exact)]
    // Another part, so that what a quiet probe takes is known.
    let parts = Self.parts(
      Self.part(.disk), Self.part(.kernels, stolen: stolen, busy: busy, probe: probe, costs: costs))
    let unit = try #require(parts.findings.variableCosts.kernels.first).secondsPerUnit
    #expect(agree(log(unit.high / 1.9e-9), max(5.26e-5, 1.645 * deviation), within: 1e-2))
    let speedup = try #require(parts.findings.variableCosts.speedups.first).speedup
    #expect(deviation == 0 || log(speedup.high / 1.8) > 1.645 * deviation)
  }

  @Test(
    "Reads of the disk hardly wait for others: less than what computes by the wall",
    arguments: [(0.0, 0.9, 1.0, 0.1), (0.16, 0.9, 1.0, 0.2), (0.0, 0.0, 2.5, 0.3), (0.0, 0.05, 1.0, 0.0)])
  func reads(stolen: Double, busy: Double, probe: Double, deviation: Double) throws {
    var costs = VariableCosts()
    let exact = Estimate(value: 3000, low: 2999.9, high: 3000.1, samples: 8, unit: .perSecond)
    costs.disk = [DepthPoint(depth: 4, bytes: 1 << 20, operationsPerSecond: exact)]
    let parts = Self.parts(
      Self.part(.kernels), Self.part(.disk, stolen: stolen, busy: busy, probe: probe, costs: costs))
    let reads = try #require(parts.findings.variableCosts.disk.first).operationsPerSecond
    #expect(agree(log(reads.high / 3000), max(3.33e-5, 1.645 * deviation), within: 1e-2))
  }

  private static func profile(_ noises: [PartNoise], _ costs: VariableCosts) throws -> MachineProfile {
    var profile = SampleProfile.make(try Prober.live.machine(), [], costs)
    profile.parts = noises
    profile.quality = profile.poorWarning
    return profile
  }

  private static func noise(_ part: Phase, busy: Double) -> PartNoise {
    PartNoise(part: part.rawValue, stealShare: 0, otherBusyShare: busy, probeRatio: 1)
  }

  @Test("A quiet moment replaces the figures of a poor part, and no others")
  func refreshed() throws {
    var profile = try Self.profile(
      [Self.noise(.speedups, busy: 0.4), Self.noise(.disk, busy: 0.4)], Self.speedup(1.2))
    #expect(profile.quality == [.poorParts(parts: ["scaling", "disk"])])
    profile.take(Self.parts(Self.part(.speedups, costs: Self.speedup(1.9))))
    #expect(profile.variableCosts.speedups.map(\.speedup.value) == [1.9])
    #expect(profile.poorParts.map(\.part) == ["disk"] && profile.quality == [.poorParts(parts: ["disk"])])
  }

  @Test("What is found alike is pooled by precision")
  func pooled() throws {
    var wide = Self.speedup(1.8)
    wide.speedups[0].speedup.widen(bySessionSpread: 0.3)
    var profile = try Self.profile([Self.noise(.speedups, busy: 0.4)], wide)
    profile.take(Self.parts(Self.part(.speedups, costs: Self.speedup(1.9))))
    let value = try #require(profile.variableCosts.speedups.first).speedup.value
    #expect(value > 1.88 && value < 1.9 && profile.poorParts.isEmpty && profile.quality.isEmpty)
  }

  @Test("What was disturbed again, or rests on few samples, replaces nothing", arguments: [(0.4, 20), (0.0, 2)])
  func notReplaced(busy: Double, samples: Int) throws {
    var profile = try Self.profile([Self.noise(.speedups, busy: 0.3)], Self.speedup(1.2))
    profile.take(Self.parts(Self.part(.speedups, busy: busy, costs: Self.speedup(1.9, samples: samples))))
    #expect(profile.variableCosts.speedups.map(\.speedup.value) == [1.2])
  }

  @Test("Nothing impossible is taken in")
  func impossible() throws {
    var profile = try Self.profile([Self.noise(.speedups, busy: 0.4)], Self.speedup(1.2))
    profile.take(Self.parts(Self.part(.speedups, costs: Self.speedup(4.84))))
    #expect(try #require(profile.variableCosts.speedups.first).speedup.value <= 2)
  }

  @Test("A profile from before parts were told is read, and has no poor ones")
  func fromBefore() throws {
    let data = try JSONEncoder().encode(try Self.profile([], Self.speedup(1.9)))
    let text = String(decoding: data, as: UTF8.self).replacing("\"parts\":[],", with: "")
    let profile = try JSONDecoder().decode(MachineProfile.self, from: Data(text.utf8))
    #expect(profile.parts.isEmpty && profile.poorParts.isEmpty)
  }
}
