import AdvisorTestSupport
import Foundation
import Testing

/// Under bad conditions a calibration gives what could be measured and names what could not.
@Suite struct CalibrationConditionsTests {
  struct Condition: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// A line of shell with `$CALIBRATE` in it.
    var line: String
    /// What a doubt of the profile holds.
    var doubt: String
  }

  let program: Program

  init() throws { program = try Program() }

  static let anywhere = [
    Condition(
      testDescription: "one CPU", line: "taskset -c $(taskset -cp $$ | sed 's/.*[^0-9]//') $CALIBRATE",
      doubt: "Only one CPU"),
    Condition(
      testDescription: "a temporary folder that cannot be written", line: "TMPDIR=/proc $CALIBRATE",
      doubt: "Not measured (disk)"),
    Condition(
      testDescription: "32 open files", line: "ulimit -n 32; $CALIBRATE", doubt: "Not measured (HTTP with 64 in flight)"
    ),
  ]

  static let inNamespaces = [
    Condition(
      testDescription: "no loopback network", line: "unshare --map-root-user --net $CALIBRATE",
      doubt: "Not measured (HTTP"),
    Condition(
      testDescription: "a full disk",
      line:
        "mkdir full; TMPDIR=$PWD/full unshare --map-root-user --mount sh -c 'mount -t tmpfs -o size=1m x full && $CALIBRATE'",
      doubt: "Not measured (disk)"),
  ]

  static let asRoot = [
    processes(20, doubt: ""), processes(12, doubt: "Not measured (disk)"), processes(11, doubt: "Not measured"),
    processes(4, doubt: "Not measured (taskHop"),
    Condition(
      testDescription: "half a CPU in periods of 100 ms",
      line: """
        base=/sys/fs/cgroup; [ -d $base/cpu ] && base=$base/cpu; group=$base/advisor-test-$$; mkdir $group || exit 77
        trap 'rmdir $group' EXIT
        { echo 50000 >$group/cpu.cfs_quota_us || echo "50000 100000" >$group/cpu.max; } 2>/dev/null || exit 77
        (echo 0 >$group/cgroup.procs && $CALIBRATE)
        """, doubt: "The CPU quota kept threads from running"),
  ]

  /// The limit does not hold for root, and counts all of a user's threads: the user must be nobody else's.
  static func processes(_ count: Int, doubt: String) -> Condition {
    Condition(
      testDescription: "\(count) processes",
      line: """
        chmod 777 . && cp $ADVISOR advisor && setpriv --reuid \(54_000 + count) --clear-groups \
          prlimit --nproc=\(count) $CALIBRATE
        """, doubt: doubt)
  }

  @Test("What can be measured is, and what cannot is named", arguments: anywhere)
  func measuresTheRest(under condition: Condition) throws { try check(condition) }

  @Test("The same holds within namespaces", .enabled(if: canUnshare, "needs user namespaces"), arguments: inNamespaces)
  func measuresTheRestWithout(_ condition: Condition) throws { try check(condition) }

  @Test("The same holds within limits that root sets", .enabled(if: getuid() == 0, "needs root"), arguments: asRoot)
  func measuresTheRestWithin(_ condition: Condition) throws { try check(condition) }

  /// Nothing that a group with a quota keeps busy is done sooner than its CPU time over the quota (sched-bwc in the kernel's
  /// documentation), but for what the first and the last period leave.
  @Test(
    "In a container all commands work the first time", .enabled(if: getuid() == 0, "needs root"), arguments: [0.5, 1.5])
  func worksInAContainer(cpus: Double) throws {
    let outcome = try program.shell(
      """
      base=/sys/fs/cgroup; [ -d $base/cpu ] && base=$base/cpu; group=$base/advisor-test-$$; mkdir $group || exit 77
      trap 'rmdir $group' EXIT
      { echo \(Int(cpus * 100_000)) >$group/cpu.cfs_quota_us || echo "\(Int(cpus * 100_000)) 100000" >$group/cpu.max; } \
        2>/dev/null || exit 77
      (echo 0 >$group/cgroup.procs && $ADVISOR recommend --json --job cpu:20x50ms >advice && $ADVISOR run --json --job \
        cpu:20x50ms --workers 2 >job && $ADVISOR run --json --no-history -- sh -c 'i=0; while [ $i -lt 30000 ]; do i=$((i+1)); \
        done' {} ::: $(seq 12) >command && $ADVISOR report --job cpu:20x50ms --output page.html)
      """)
    guard outcome.status != 77 else { return }
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let advice = try document("advice")["recommended"] as? [String: Any]
    #expect(try seconds(advice, "predicted", "seconds", "p50") >= 0.9 * 1 / cpus)
    for record in [try document("job"), try document("command")] {
      let observed = try seconds(record, "observed", "seconds")
      #expect(observed >= (try seconds(record, "observed", "cpuSeconds") - 2 * 0.1 * cpus) / cpus)
      #expect(try seconds(record, "predicted", "seconds", "p5") > 0)
    }
  }

  private func document(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: "\(program.folder)/\(name)"))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func seconds(_ document: [String: Any]?, _ keys: String...) throws -> Double {
    let value = keys.reduce(document as Any?) { ($0 as? [String: Any])?[$1] }
    return try #require(value as? Double, "\(keys)")
  }

  private func check(_ condition: Condition) throws {
    let outcome = try program.shell(
      "export ADVISOR; CALIBRATE=\"$ADVISOR calibrate --level quick --output $PWD/profile.json --json\"; export CALIBRATE\n"
        + condition.line)
    // A group that may not be made or not be limited leaves nothing to test.
    guard outcome.status != 77 else { return }
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let profile = try outcome.json()
    let doubts = try #require(profile["quality"] as? [[String: Any]]).compactMap { $0["text"] as? String }
    // No doubt means that all could be measured.
    let isNamed = condition.doubt.isEmpty || doubts.contains { $0.contains(condition.doubt) }
    #expect(isNamed, "\(doubts)")
    #expect((profile["fixedCosts"] as? [Any])?.isEmpty == false)
  }

  @Test("How long to wait may be joined by “=”", arguments: [["--wait=soon"], ["--wait", "soon"]])
  func waits(words: [String]) throws {
    let outcome = try program.start(["calibrate", "--level", "quick"] + words).finish()
    #expect(outcome.status == 64 && outcome.complaint.contains("soon"))
  }

  @Test("Interrupted, it saves what it has; killed, it leaves no process and no file", arguments: [SIGINT, SIGKILL])
  func stopped(by signal: Int32) throws {
    let temporary = "\(program.folder)/temporary"
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    let path = "\(program.folder)/profile.json"
    let running = try program.start(
      ["calibrate", "--level", "quick", "--output", path], wrapper: ["TMPDIR=\(temporary)", "setsid", "--wait"])
    usleep(2_500_000)
    let child = try #require(Self.processes { $0.parent == running.id }.first)
    kill(child, signal)
    let outcome = try running.finish()
    // Of a killed child `setsid` returns the number of the signal.
    #expect(outcome.status == (signal == SIGINT ? 130 : SIGKILL))
    #expect(FileManager.default.fileExists(atPath: path) == (signal == SIGINT))
    // The kernel needs a moment to tell the children that their parent is gone.
    #expect(waitUntil { Self.processes { $0.session == child }.isEmpty })
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
  }

  /// The ids of the live processes of which `/proc/ID/stat` says so.
  private static func processes(_ isMeant: ((parent: Int32, session: Int32)) -> Bool) -> [Int32] {
    AdvisorTestSupport.processes(with: "").filter { id in
      let words = processState(id)
      guard words.count > 3, words[0] != "Z", let parent = Int32(words[1]), let session = Int32(words[3])
      else { return false }
      return isMeant((parent, session))
    }
  }

  private static let canUnshare: Bool = {
    (try? Program().shell("unshare --map-root-user --net --mount true").status) == 0
  }()
}
