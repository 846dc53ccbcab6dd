import AdvisorTestSupport
import Testing

/// `advisor why` alone, as a shell and a CI job see it: status 0 for nothing, 1 for something, sysexits.h for errors.
@Suite("What holds this machine back") struct MachineWhyCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test("Answers, with a status that says whether something was found")
  func answers() throws {
    let outcome = try program.run("why", "--seconds", "0.1", "--json")
    let found = try #require(try outcome.json()["findings"] as? [[String: Any]])
    #expect(outcome.status == (found.isEmpty ? 0 : 1), "\(outcome.complaint)")
    #expect(found.allSatisfy { $0["code"] is String && $0["text"] is String && $0["mend"] is [String: Any] })
    #expect(outcome.complaint == "")
  }

  @Test(
    "Never traps, whatever can be seen",
    arguments: [
      "setpriv --reuid 65534 --regid 65534 --clear-groups", "unshare --user --map-root-user",
      "unshare --mount sh -c 'umount -l /sys; exec \"$@\"' _",
      "unshare --mount sh -c 'umount -l /proc; exec \"$@\"' _",
      "unshare --mount sh -c 'mount -t proc -o hidepid=2 proc /proc; exec \"$@\"' _",
      "sh -c 'ulimit -n 20; exec \"$@\"' _",
      "taskset -c 0",
    ])
  func neverTraps(wrapper: String) throws {
    let outcome = try program.shell("\(wrapper) $ADVISOR why --seconds 0.1")
    // Where a wrapper is not allowed, it says so with another status.
    #expect(outcome.status < 126, "\(outcome.complaint)")
  }

  @Test("Accepting all that there may be makes it succeed, and a code that is none is told with those that are")
  func ignores() throws {
    let found = try #require(
      try program.run("why", "--seconds", "0.1", "--json").json()["findings"] as? [[String: Any]])
    // What others do now may be over at the next look, and begin with it.
    let passing = [
      "otherProcesses", "cpuPressure", "ioPressure", "memoryPressure", "steal", "neighbour", "busySiblings",
    ]
    let codes = Set(found.compactMap { $0["code"] as? String } + passing).sorted().joined(separator: ",")
    let outcome = try program.run("why", "--seconds", "0.1", "--ignore", codes)
    #expect(outcome.status == 0, "\(outcome.output)")
    let wrong = try program.run("why", "--ignore", "mitigations,thp")
    #expect(wrong.status == 64 && wrong.complaint.contains("hugePagesOff"), "\(wrong.complaint)")
  }

  @Test(
    "Errors keep their statuses",
    arguments: [
      ("--seconds 0", 64), ("--seconds x", 64), ("--seconds 1e9", 64), ("--seconds nan", 64),
      ("--against /missing", 65),
      ("--against /dev/null", 65), ("--bogus", 64), ("--seconds 0.1 > /dev/full", 73),
    ])
  func errors(words: String, status: Int32) throws {
    #expect(try program.shell("$ADVISOR why \(words)").status == status)
  }

  @Test("A comparison needs a profile of this machine, and says how to make one")
  func needsProfile() throws {
    let profile = "\(Repository.root)/profiles/amd-epyc-vm-2cpu.json"
    let outcome = try program.run("why", "--seconds", "0.1", "--against", profile)
    #expect(outcome.status == 69 && outcome.complaint.contains("advisor calibrate"), "\(outcome.complaint)")
  }

  @Test("A comparison with a profile of the same figures finds nothing worse")
  func comparesWithItself() throws {
    let profile = "\(Repository.root)/profiles/amd-epyc-vm-2cpu.json"
    let outcome = try program.shell("ADVISOR_PROFILE=\(profile) $ADVISOR why --seconds 0.1 --against \(profile) --json")
    let twin = try #require(try outcome.json()["twin"] as? [String: Any])
    #expect((twin["costs"] as? [Any])?.isEmpty == true && (twin["alike"] as? Int ?? 0) > 10)
    #expect(try outcome.json()["text"] as? String == "Nothing is worse here than on the twin.")
  }
}
