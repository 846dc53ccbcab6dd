import AdvisorTestSupport
import Foundation
import Testing

@testable import Observation

/// Samples that `Scripts/test-why.py --record` has written of its seeded programs, on a virtual machine of two CPUs: a cause that
/// is known because the program is made to have it.
@Suite("What recorded samples come to")
struct RecordedSamplesTests {
  /// Beginnings of the files' names, with what binds first.
  private static let causes: [(name: String, code: CauseCode)] = [
    ("quota", .quota), ("neighbour", .runQueue), ("hot-thread", .singleThread), ("serial-part", .serialPart),
    ("interpreter-lock", .interpreterLock), ("lock", .lock), ("memory-bandwidth", .memoryBandwidth), ("disk", .disk),
    ("network", .network), ("memory-pressure", .memoryPressure), ("spinning-threads", .oversubscription),
    ("affinity", .affinity), ("none", .healthy),
  ]

  private static let folder = Bundle.module.resourceURL?.appendingPathComponent("Fixtures")
  static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder?.path ?? "")) ?? [])
    .filter { $0.hasSuffix(".json") }.sorted()

  private func recording(_ file: String) throws -> SampleRecording {
    let folder = try #require(Self.folder)
    return try JSONDecoder().decode(
      SampleRecording.self, from: Data(contentsOf: folder.appendingPathComponent(file)))
  }

  @Test("Each kind of cause was recorded")
  func kinds() {
    #expect(Self.causes.filter { cause in !Self.files.contains { $0.hasPrefix(cause.name) } }.map(\.name) == [])
  }

  @Test("The cause that was seeded is the first", arguments: files)
  func first(_ file: String) throws {
    let recording = try recording(file)
    let expected = try #require(Self.causes.first { file.hasPrefix($0.name) }).code
    let observation = Observation(try #require(recording.profile), try #require(recording.setting))
    #expect(observation.causes.first?.code ?? .healthy == expected)
    #expect(agree(observation.budget.reduce(0) { $0 + $1.share }, 1, within: 1e-6))
    #expect(recording.samples.count == observation.profile.samples)
  }

  @Test("What was written is read again, and a line that is none is told")
  func lines() throws {
    let thread = ThreadSample(id: 4, process: 3, state: .network, runSeconds: 0.5, queueSeconds: 0.25, slices: 6)
    var other = thread
    (other.id, other.state) = (5, .runnable)
    let samples = [
      TreeSample(seconds: 0.1, threads: [thread], processes: 2, cpuSeconds: 0.5, residentBytes: 4096),
      TreeSample(seconds: 0.2, threads: [thread, other], processes: 2, cpuSeconds: 0.6, majorFaults: 7),
      TreeSample(seconds: 0.3, threads: [other], cpuSeconds: 0.7),
    ]
    var builder = ProfileBuilder()
    samples.forEach { builder.add($0) }
    let profile = builder.profile { _ in ("x", true) }
    var recording = SampleRecording(samples, of: profile)
    #expect(recording.profile == profile)
    #expect(recording.samples[1].hasSuffix("| 5 3 runnable 500000 250000 6"))
    #expect(recording.samples[2].hasSuffix("| -4"))
    recording.samples.append("0.4 1 x")
    #expect(recording.profile == nil)
  }
}
