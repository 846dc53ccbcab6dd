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
    let outcome = try program.shell("ulimit -n 64; seq 200 | $ADVISOR run -- sleep 0.02")
    #expect(outcome.status == 0, "\(outcome.complaint)")
  }

  @Test func saysSoWhenNothingCanStart() throws {
    let outcome = try program.shell("ulimit -n 9; $ADVISOR run -- true ::: a")
    #expect(outcome.status == 75 || outcome.status == 0, "\(outcome.complaint)")
  }

  @Test func takesTenThousandInputsInBoundedMemory() throws {
    // 64 MiB of address space for data: the inputs alone are 20 MB, the outputs as much again.
    let outcome = try program.shell(
      "yes $(head -c 2000 /dev/zero | tr '\\0' x) | head -n 10000 | (ulimit -d 65536; exec $ADVISOR run -k -- echo) | wc -c")
    #expect(outcome.output.split(separator: "\n").first == "20010000", "\(outcome.complaint)")
  }

  @Test func anEndedReaderStopsTheRun() throws {
    let outcome = try program.shell("$ADVISOR run --workers 2 -- sh -c 'yes {} | head -c 200000' ::: $(seq 500) | head -n 1")
    #expect(outcome.output.split(separator: "\n") == ["1"] || outcome.output.split(separator: "\n") == ["2"])
  }
}
