import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import Observation

/// Looks as they were recorded on a virtual AMD EPYC of two CPUs, of 32 MiB of last-level cache, whose memory gives 44 GB/s by its
/// profile; figures of counters are made up, for it has none.
@Suite("Whether memory binds")
struct MemoryTrafficTests {
  private static let memory = MemoryCapacity(ofOneThread: 42.6e9, ofAll: 43.9e9)

  private func observation(
    _ looks: [[PageTouches]]?, _ hardware: HardwareCounts? = nil, memory: MemoryCapacity? = memory,
    cacheBytes: Int? = 32 << 20,
    peakBytes: Int = 300 << 20, countsMemoryMisses: Bool = true
  ) -> Observation {
    var profile = TreeProfile()
    (profile.seconds, profile.samples, profile.peakBytes) = (2, 100, peakBytes)
    (profile.threads.running, profile.wall.running) = (4, 2)
    profile.runnable = [0, 0, 2]
    profile.processes = [ProcessProfile(id: 1, name: "x", threads: [ThreadProfile(id: 1), ThreadProfile(id: 2)])]
    (profile.memoryLooks, profile.hardware) = (looks, hardware)
    return Observation(
      profile,
      Observation.Setting(
        target: "x", cpus: 2, memory: memory, cacheBytes: cacheBytes, countsMemoryMisses: countsMemoryMisses))
  }

  private static func look(
    _ resident: Int, _ first: Int, in firstSeconds: Double, own: Double, _ second: Int, in secondSeconds: Double
  ) -> [PageTouches] {
    [
      PageTouches(
        residentBytes: resident << 20, firstSeconds: firstSeconds, firstBytes: first << 20, ownSeconds: own,
        secondSeconds: secondSeconds, secondBytes: second << 20)
    ]
  }

  static let streams = [
    Named("a triad of 240 MiB", look(241, 114, in: 0.0111, own: 0.0049, 232, in: 0.0245)),
    Named("a copy", look(241, 146, in: 0.0135, own: 0.0054, 240, in: 0.0276)),
    Named("a triad beside others", look(241, 120, in: 0.0098, own: 0.0057, 187, in: 0.0195)),
    Named("a sum", look(241, 107, in: 0.0061, own: 0.0033, 222, in: 0.0153)),
  ]

  @Test("What goes over its memory at an even pace is bound by it", arguments: streams)
  func stream(_ look: Named<[PageTouches]>) throws {
    let cause = try #require(observation([look.value]).causes.first)
    #expect(cause.code == .memoryBandwidth && cause.share > 0.6)
  }

  static let others = [
    Named("zstd -19", look(262, 84, in: 0.0149, own: 0.0062, 88, in: 0.0289)),
    Named("zstd -19 once more", look(275, 152, in: 0.0121, own: 0.0043, 171, in: 0.0277)),
    Named("xz -6", look(239, 97, in: 0.0109, own: 0.0048, 147, in: 0.0258)),
    Named("a dictionary of Python", look(219, 16, in: 0.0031, own: 0.001, 26, in: 0.008)),
    Named("sort", look(570, 7, in: 0.013, own: 0.006, 18, in: 0.0236)),
    Named("arrays that fit the caches", look(80, 24, in: 0.002, own: 0.001, 24, in: 0.004)),
    Named("more than memory can give", look(4000, 800, in: 0.01, own: 0.001, 1600, in: 0.02)),
    Named("nothing", look(80, 0, in: 0, own: 0, 0, in: 0)),
  ]

  @Test("Tables, trees and what fits in the caches are not", arguments: others)
  func table(_ look: Named<[PageTouches]>) { #expect(observation([look.value]).causes.isEmpty) }

  @Test("One look of several that was disturbed changes nothing")
  func disturbed() {
    let disturbed = Self.look(121, 15, in: 0.0068, own: 0.002, 66, in: 0.0165)
    #expect(
      observation([Self.streams[0].value, disturbed, Self.streams[1].value]).causes.first?.code == .memoryBandwidth)
  }

  /// 64 bytes a miss: 5·10⁸ a second are 32 GB/s, three quarters of what this memory gives.
  @Test(
    "Cache misses that are counted tell it by themselves",
    arguments: [(1e9, 0.4, true), (2e8, 0.4, false), (1e9, 2.2, false)])
  func misses(misses: Double, instructionsPerCycle: Double, isBound: Bool) {
    let counts = HardwareCounts(instructions: instructionsPerCycle * 8e9, cycles: 8e9, cacheMisses: misses)
    #expect((observation(nil, counts).causes.first?.code == .memoryBandwidth) == isBound)
    // Those of the second level say nothing of memory.
    #expect(observation(nil, counts, countsMemoryMisses: false).causes.isEmpty)
  }

  @Test("What could not be told is named, and what needs no telling is not")
  func blindness() {
    #expect(observation(nil).unknown == [.counters(fault: .noHardware)])
    #expect(observation(nil, peakBytes: 20 << 20).unknown.isEmpty)
    #expect(observation([Self.others[0].value]).unknown.isEmpty)
    let unmeasured = observation([Self.streams[0].value], memory: nil)
    guard case .bandwidth(let bytes) = unmeasured.unknown.first else {
      Issue.record("\(unmeasured.unknown)")
      return
    }
    #expect(unmeasured.causes.isEmpty && agree(bytes, 13.8e9, within: 0.05))
  }

  @Test("A profile says what memory gives and what further CPUs add")
  func measured() throws {
    let profile = SampleProfile.make(cpus: 4, speedups: [1: 1, 2: 1.9, 4: 3.4])
    let memory = try #require(profile.memoryCapacity)
    #expect(memory.bytesPerSecond(threads: 1) == 18e9 && memory.bytesPerSecond(threads: 4) == 30e9)
    // Three more CPUs add 2.4 to the speed of one.
    let gain = try #require(profile.cpuGain)
    #expect(agree(gain.value, 0.8, within: 1e-6) && gain.low < 0.8 && gain.high > 0.8 && gain.source == .profile)
    #expect(SampleProfile.machine(cpus: 4).cpuGain.source == .topology)
  }
}
