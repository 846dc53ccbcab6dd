import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing

/// Running commands where the system is tight, and where `advisor` is killed.
@Suite struct CommandLimitTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test("A run works with 64 descriptors")
  func worksWithSixtyFourDescriptors() throws {
    let outcome = try program.shell(
      "ulimit -n 64; seq 100 | $ADVISOR run --workers 50 -- sh -c 'yes {} | head -c 40000'")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.output.utf8.count == 4_000_000)
  }

  @Test("The limit on descriptors caps the workers")
  func capsWorkersByTheLimitOnDescriptors() throws {
    let outcome = try program.shell("ulimit -n 64; seq 200 | $ADVISOR run -- sh -c 'sleep 0.02'")
    #expect(outcome.status == 0, "\(outcome.complaint)")
  }

  @Test("A run in which nothing can start says so")
  func saysSoWhenNothingCanStart() throws {
    let outcome = try program.shell("ulimit -n 8; $ADVISOR run -- true ::: a")
    #expect(outcome.status == 75, "\(outcome.complaint)")
  }

  @Test("Many long inputs are taken in bounded memory")
  func takesManyLongInputsInBoundedMemory() throws {
    // The inputs are 100 MB, and so are the outputs; the data of the program may grow to 80 MiB.
    let outcome = try program.shell(
      """
      yes $(head -c 100000 /dev/zero | tr '\\0' x) | head -n 1000 |
        (ulimit -d 81920; exec $ADVISOR run --keep-order -- echo) | wc -c
      """)
    #expect(outcome.output.split(separator: "\n").first == "100001000", "\(outcome.complaint)")
  }

  @Test("An ended reader stops the run")
  func anEndedReaderStopsTheRun() throws {
    let outcome = try program.shell(
      "$ADVISOR run --workers 2 -- sh -c 'yes {} | head -c 200000' ::: $(seq 500) | head -n 1")
    #expect(outcome.output.split(separator: "\n") == ["1"] || outcome.output.split(separator: "\n") == ["2"])
  }

  /// What the journal says is done, is done; what it does not say is run again, and nothing outlives its run.
  @Test("A run that is killed loses nothing")
  func losesNothingWhenItIsKilled() throws {
    let marks = "\(program.folder)/marks"
    let journal = "\(program.folder)/journal"
    let workers = 3
    let task = "echo start {} >> \(marks); sleep 0.01; echo end {} >> \(marks)"
    let inputs = try program.file("inputs", (1...400).map { "\($0)\n" }.joined())
    let arguments = [
      "run", "--workers", "\(workers)", "--journal", journal, "--resume", "--inputs", inputs, "--", "sh", "-c", task,
    ]
    var generator = Multiplicative(state: 20_061_122)
    let rounds = 50
    for _ in 0..<rounds {
      let running = try program.start(arguments)
      usleep(UInt32.random(in: 0...120_000, using: &generator))
      running.signal(SIGKILL)
      _ = try running.finish()
      // A signal that was sent is not yet one taken.
      try #require(waitUntil { processes(with: marks).isEmpty }, "a task outlived its run")
    }
    #expect(try program.start(arguments).finish().status == 0)
    let lines = try String(contentsOfFile: marks, encoding: .utf8).split(separator: "\n")
    let ended = lines.filter { $0.hasPrefix("end ") }.compactMap { Int($0.dropFirst(4)) }
    #expect(Set(ended) == Set(1...400))
    // At most the tasks in flight run again.
    #expect(lines.count { $0.hasPrefix("start ") } <= 400 + rounds * workers)
    let records = try String(contentsOfFile: journal, encoding: .utf8).split(separator: "\n")
    #expect(records.count == 400 && Set(records).count == 400)
  }
}

/// Lehmer's generator with Park and Miller's constants: the same moments in every run.
private struct Multiplicative: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    (0..<3).reduce(0) { bits, _ in
      state = state * 48271 % 2_147_483_647
      return bits << 22 ^ state
    }
  }
}
