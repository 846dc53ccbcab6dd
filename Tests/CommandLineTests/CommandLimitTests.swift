import Foundation
import Testing

/// Running commands where the system is tight, and where `advisor` is killed.
@Suite struct CommandLimitTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test func worksWithSixtyFourDescriptors() throws {
    let outcome = try program.shell(
      "ulimit -n 64; seq 100 | $ADVISOR run --workers 50 -- sh -c 'yes {} | head -c 40000'")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.output.utf8.count == 4_000_000)
  }

  @Test func capsWorkersByTheLimitOnDescriptors() throws {
    let outcome = try program.shell("ulimit -n 64; seq 200 | $ADVISOR run -- sh -c 'sleep 0.02'")
    #expect(outcome.status == 0, "\(outcome.complaint)")
  }

  @Test func saysSoWhenNothingCanStart() throws {
    let outcome = try program.shell("ulimit -n 8; $ADVISOR run -- true ::: a")
    #expect(outcome.status == 75, "\(outcome.complaint)")
  }

  @Test func takesManyLongInputsInBoundedMemory() throws {
    // The inputs are 150 MB, and so are the outputs; the data of the program may grow to 128 MiB.
    let outcome = try program.shell(
      """
      yes $(head -c 100000 /dev/zero | tr '\\0' x) | head -n 1500 |
        (ulimit -d 131072; exec $ADVISOR run --keep-order -- echo) | wc -c
      """)
    #expect(outcome.output.split(separator: "\n").first == "150001500", "\(outcome.complaint)")
  }

  @Test func anEndedReaderStopsTheRun() throws {
    let outcome = try program.shell(
      "$ADVISOR run --workers 2 -- sh -c 'yes {} | head -c 200000' ::: $(seq 500) | head -n 1")
    #expect(outcome.output.split(separator: "\n") == ["1"] || outcome.output.split(separator: "\n") == ["2"])
  }

  /// What the journal says is done, is done; what it does not say is run again.
  @Test func losesNothingWhenItIsKilled() throws {
    let marks = "\(program.folder)/marks"
    let journal = "\(program.folder)/journal"
    let task = "sleep 0.00{#}; echo {} >> \(marks)"
    let options = ["run", "--workers", "3", "--journal", journal, "--resume", "--inputs"]
    let inputs = try program.file("inputs", (1...60).map { "\($0)\n" }.joined())
    for _ in 0..<8 {
      let running = try program.start(options + [inputs, "--", "sh", "-c", task])
      for _ in 0..<2000 where (try? String(contentsOfFile: journal, encoding: .utf8))?.isEmpty != false { usleep(1000) }
      running.signal(SIGKILL)
      _ = try running.finish()
    }
    #expect(try program.start(options + [inputs, "--", "sh", "-c", task]).finish().status == 0)
    let done = try String(contentsOfFile: marks, encoding: .utf8).split(separator: "\n").compactMap { Int($0) }
    #expect(Set(done) == Set(1...60))
    let records = try String(contentsOfFile: journal, encoding: .utf8).split(separator: "\n")
    #expect(records.count == 60 && Set(records).count == 60)
  }
}
