import AdvisorCore
import FoundationEssentials
import Testing

@Suite struct JobStringTests {
  /// The examples of the grammar, with what each means.
  @Test(
    "A job of one stage is read",
    arguments: [
      ("cpu:8x1e6", Stage(kind: .cpu, count: 8, size: .units(1e6))),
      ("cpu:8x300ms", Stage(kind: .cpu, count: 8, size: .seconds(0.3))),
      ("mem:16x512MiB", Stage(kind: .mem, count: 16, size: .bytes(536_870_912))),
      ("disk:64x4MiB", Stage(kind: .disk, count: 64, size: .bytes(4_194_304))),
      ("wait:200x50ms", Stage(kind: .wait, count: 200, size: .seconds(0.05))),
      (
        "io:100x64KiB,latency=20ms",
        Stage(kind: .io, count: 100, size: .bytes(65_536), latencySeconds: 0.02)
      ),
      (
        "cpu:1_000x2k,cv=0.5,memory=1.5GiB,kernel=sort",
        Stage(kind: .cpu, count: 1000, size: .units(2000), spread: 0.5, memoryBytes: 1_610_612_736, kernel: .sort)
      ),
      ("cpu:1e9x1", Stage(kind: .cpu, count: 1_000_000_000, size: .units(1))),
    ])
  func readsOneStage(text: String, stage: Stage) throws {
    #expect(try Job(text).stages == [stage])
  }

  @Test("Stages joined by + are read")
  func readsJoinedStages() throws {
    let job = try Job("io:4x20MiB+cpu:4x2e6")
    #expect(job.stages.map(\.kind) == [.io, .cpu])
    #expect(job.stages.map(\.count) == [4, 4])
  }

  /// Each malformed string, and how many characters stand before its fault.
  @Test(
    "The error points at the fault",
    arguments: [
      ("", 0), ("cpu", 3), ("cpu:", 4), ("cpu:8", 5), ("cpu:8x", 6), ("cpu:x1e6", 4), ("cpu:0x1e6", 4),
      ("cpu:-8x1e6", 4), ("cpu:1.5x1e6", 4), ("cpu:8x0", 6), ("cpu:8x-1", 6), ("cpu:8x1e999", 6), ("cpu:8xnan", 6),
      ("gpu:8x1e6", 0), ("cpu;8x1e6", 0), ("wait:200x50", 9), ("mem:16x512Mib", 7), ("io:4x1MiB,latency=20", 18),
      ("cpu:8x1e6,", 10), ("cpu:8x1e6,speed=2", 10), ("cpu:8x1e6,cv", 12), ("cpu:8x1e6,cv=-1", 13),
      ("cpu:8x1e6,kernel=fft", 17), ("mem:8x1MiB,kernel=sort", 18), ("cpu:8x1e6+", 10), ("+cpu:8x1e6", 0),
      ("io:4x20MiB+cpu:5x2e6", 20), ("cpu:9e99x1", 4), ("command:8x1s", 0),
    ])
  func pointsAtTheFault(text: String, offset: Int) {
    #expect {
      try Job(text)
    } throws: { error in
      guard let error = error as? JobStringError else { return false }
      #expect(error.offset == offset)
      #expect((try? Job(error.example)) != nil, "the example must itself be right")
      return true
    }
  }

  @Test("A caret is drawn under the fault")
  func drawsACaretUnderTheFault() {
    #expect {
      try Job("wait:200x50")
    } throws: { error in
      "\(error)" == """
        “50” is not a time above zero such as 50ms
          wait:200x50
                   ^
        """
    }
  }

  @Test("Control characters are kept from the terminal")
  func keepsControlCharactersFromTheTerminal() {
    #expect {
      try Job("cpu:\u{1B}[2Jx1e6")
    } throws: { error in
      !"\(error)".contains("\u{1B}")
    }
  }

  @Test(
    "A job survives JSON",
    arguments: ["cpu:8x1e6", "io:100x64KiB,latency=20ms", "io:4x20MiB+cpu:4x2e6,cv=0.5,kernel=sha256"])
  func survivesJSON(text: String) throws {
    let job = try Job(text)
    let decoded = try JSONDecoder().decode(Job.self, from: JSONEncoder().encode(job))
    #expect(decoded.stages == job.stages)
    #expect(try Job(decoded.text).stages == job.stages)
  }

  @Test("The stages of a file are read")
  func readsStagesOfAFile() throws {
    let json =
      #"{"stages": [{"kind": "io", "count": 4, "size": "20MiB", "latency": "30ms"}, {"kind": "cpu", "count": 4, "size": 2e6}]}"#
    let job = try JSONDecoder().decode(Job.self, from: Data(json.utf8))
    #expect(try job.stages == Job("io:4x20MiB,latency=30ms+cpu:4x2e6").stages)
  }
}
