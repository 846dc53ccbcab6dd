import AdvisorTestSupport
import Foundation
import Testing

/// `advisor why PID` and `advisor why -- COMMAND`, as a shell sees them.
@Suite("What holds a process or a command back") struct WhyCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test(
    "The command's exit status is handed on, and 128 and the signal for one that was killed",
    arguments: [("true", 0), ("exit 7", 7), ("kill -9 $$", 137), ("kill -TERM $$", 143)])
  func status(script: String, expected: Int32) throws {
    let outcome = try program.run("why", "--", "sh", "-c", script)
    #expect(outcome.status == expected, "\(outcome.complaint)")
    #expect(outcome.complaint.contains("Time ("))
  }

  @Test("The command keeps its streams, and the report goes to stderr")
  func streams() throws {
    let outcome = try program.run("why", "--", "cat", input: "words")
    #expect(outcome.output == "words")
    #expect(outcome.complaint.contains("What cannot be told"))
  }

  @Test("With --json stdout is one document, with the keys that others build on")
  func json() throws {
    let outcome = try program.run("why", "--json", "--", "sh", "-c", "echo aside; sleep 0.4")
    let document = try outcome.json()
    #expect(document["schema"] as? String == "advisor.why/1")
    let keys = ["target", "seconds", "binding", "causes", "budget", "parallelism", "changes", "unknown", "memory"]
    #expect(keys.allSatisfy { document[$0] != nil })
    #expect(outcome.complaint.contains("aside"))
  }

  @Test("What the sampler has read can be kept")
  func samples() throws {
    let file = "\(program.folder)/samples.json"
    let outcome = try program.run("why", "--samples", file, "--", "sh", "-c", "sleep 0.3")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let document =
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file))) as? [String: Any]
    #expect(document?["schema"] as? String == "advisor.samples/1")
    #expect(((document?["samples"] as? [String])?.count ?? 0) > 3)
  }

  @Test("What the command moves, and how often it is switched, is counted")
  func use() throws {
    let document = try observed("head -c 30000000 /dev/zero | wc -c >&2; sleep 0.2; sleep 0.2").document
    let moved = try #require(document["transfers"] as? [String: Any])
    #expect((moved["readBytes"] as? Int ?? 0) >= 30_000_000)
    #expect((moved["writtenBytes"] as? Int ?? 0) >= 30_000_000)
    let switches = try #require(document["switches"] as? [String: Any])
    #expect((switches["voluntary"] as? Int ?? 0) > 3)
    let timeline = try #require(document["timeline"] as? [String: Any])
    #expect((timeline["pieces"] as? [Any])?.isEmpty == false)
  }

  private static let loop = "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done"

  /// The observed command's document, with all its processes' CPU time as the shell's `times` has it from the kernel.
  private func observed(_ script: String) throws -> (document: [String: Any], cpuSeconds: Double) {
    let outcome = try program.run("why", "--json", "--", "bash", "-c", "TIMEFORMAT='cpu %U %S'; time { \(script)\n}")
    let line = try #require(outcome.complaint.split(separator: "\n").last { $0.hasPrefix("cpu ") })
    return (try outcome.json(), line.split(separator: " ").compactMap { Double($0) }.reduce(0, +))
  }

  private func budget(_ document: [String: Any], _ code: String) throws -> Double {
    let parts = try #require(document["budget"] as? [[String: Any]])
    return parts.first { $0["code"] as? String == code }?["share"] as? Double ?? 0
  }

  @Test(
    "CPU time is what the kernel counts, of one process and of several",
    arguments: [loop, "(\(loop)) & (\(loop)) & wait"])
  func cpuTime(script: String) throws {
    let (document, expected) = try observed(script)
    let seen = try #require(document["cpuSeconds"] as? Double)
    #expect(abs(seen - expected) < 0.1 * expected + 0.05)
    #expect(try budget(document, "idle") < 0.4)
  }

  @Test("What has lost its parent still counts")
  func orphans() throws {
    let (document, _) = try observed("(sh -c '\(Self.loop)' & ) ; sleep 2")
    let seen = try #require(document["cpuSeconds"] as? Double)
    #expect(seen > 0.1)
    #expect(try budget(document, "running") + budget(document, "runQueue") > 0.05)
  }

  @Test("A sleep is no work") func sleep() throws {
    let document = try observed("sleep 0.6").document
    #expect(try budget(document, "sleep") > 0.6)
  }

  @Test("Processes that come and go by the thousand are no reason to stop")
  func forks() throws {
    let (document, expected) = try observed("for i in {1..1000}; do (:); done")
    let seen = try #require(document["cpuSeconds"] as? Double)
    #expect(abs(seen - expected) < 0.2 * expected + 0.1)
  }

  @Test("A process that is there is looked at for as long as it was asked")
  func process() throws {
    let outcome = try program.shell("sleep 30 & $ADVISOR why $! --seconds 0.4; status=$?; kill $!; exit $status")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.output.contains("sleeps"))
  }

  @Test("One that ends meanwhile is told of until then")
  func ends() throws {
    let outcome = try program.shell("sleep 0.3 & $ADVISOR why $! --seconds 30")
    #expect(outcome.status == 0, "\(outcome.complaint)")
  }

  @Test(
    "What cannot be observed is an error that names the process, and what to do",
    arguments: [
      ("2", 64, "kernel"), ("2147483647", 69, "no process"), ("0", 64, "number"), ("99999999999", 64, "number"),
      ("1x", 64, "number"), ("''", 64, "number"), ("1 -- true", 64, "not both"), ("--seconds 3 -- true", 64, "leave"),
      ("--against x 1", 64, "machines"), ("--ignore steal 1", 64, "machine"), ("--samples x", 64, "process"),
      ("-- /no/such/program", 127, "no command"), ("-- /etc/passwd", 126, "program"),
      ("make", 64, "--"),
    ])
  func errors(words: String, status: Int32, text: String) throws {
    let outcome = try program.shell("$ADVISOR why \(words)")
    #expect(outcome.status == status, "\(outcome.complaint)")
    #expect(outcome.complaint.contains(text), "\(outcome.complaint)")
  }

  @Test("A process that has ended and is not reaped is an error of its own")
  func zombie() throws {
    let outcome = try program.shell(
      """
      sh -c 'sleep 0.5 & echo $! > pid; exec sleep 30' &
      until grep -q '^State:.Z' /proc/$(cat pid)/status || ! kill -0 $!; do sleep 0.01; done 2>/dev/null
      $ADVISOR why $(cat pid); status=$?
      kill $!; exit $status
      """)
    #expect(outcome.status == 69, "\(outcome.complaint)")
    #expect(outcome.complaint.contains("has ended"), "\(outcome.complaint)")
  }

  @Test("A signal reaches the command, and what was seen until then is shown", arguments: [SIGINT, SIGTERM])
  func interrupt(signal: Int32) throws {
    let running = try program.start(["why", "--", "sh", "-c", "touch started; exec sleep 60"], wrapper: [])
    waitUntil { FileManager.default.fileExists(atPath: "\(program.folder)/started") }
    running.signal(signal)
    let outcome = try running.finish()
    #expect(outcome.status == 128 + signal, "\(outcome.complaint)")
    #expect(outcome.complaint.contains("Time ("))
  }

  @Test(
    "Never traps, whatever can be seen",
    arguments: [
      "setpriv --reuid 65534 --regid 65534 --clear-groups", "unshare --mount sh -c 'umount -l /sys; exec \"$@\"' _",
      "unshare --mount sh -c 'umount -l /proc; exec \"$@\"' _",
      "unshare --mount sh -c 'mount -t proc -o hidepid=2 proc /proc; exec \"$@\"' _",
      "sh -c 'ulimit -n 20; exec \"$@\"' _",
    ])
  func neverTraps(wrapper: String) throws {
    for words in ["-- true", "1 --seconds 0.1", "$$ --seconds 0.1"] {
      let outcome = try program.shell("\(wrapper) $ADVISOR why \(words)")
      #expect(outcome.status < 126, "\(words): \(outcome.complaint)")
    }
  }
}
