import AdvisorTestSupport
import Foundation
import Testing

/// Running commands on a system that is short of something, and over inputs that are out of the ordinary.
@Suite struct CommandFaultTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test("Inputs with newlines, quotes, invalid UTF-8 and almost 128 KiB arrive as they are")
  func strangeInputs() throws {
    let outcome = try program.shell(
      """
      { printf 'a\\nb\\0'; printf '"%s\\0' "'"; printf '\\377\\376\\0'; head -c 131000 /dev/zero | tr '\\0' x; printf '\\0'; } > in
      $ADVISOR run -k -0 --inputs in -- printf '%s\\0' > out 2>/dev/null; cmp in out
      $ADVISOR run -k -0 --inputs in --batch auto -- printf '%s\\0' > out 2>/dev/null; cmp in out
      $ADVISOR run -k -0 --inputs in --shell -- "printf '%s\\0' {} | cat" > out 2>/dev/null; cmp in out
      """)
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.output) \(outcome.complaint)")
  }

  @Test("An input that Linux refuses fails its own task only")
  func tooLongInput() throws {
    let outcome = try program.shell(
      "{ echo a; head -c 140000 /dev/zero | tr '\\0' x; echo; echo b; } | $ADVISOR run -k --json -- echo | tail -c 400")
    #expect(outcome.output.contains("\"failed\" : 1") || outcome.output.contains("\"failed\": 1"), "\(outcome.output)")
    #expect(outcome.complaint.hasPrefix("a\n") || outcome.complaint.contains("\na\n"))
  }

  @Test("No file takes the place of a standard stream that is closed", arguments: [">&-", "2>&-", "<&- >&- 2>&-"])
  func closedStreams(closed: String) throws {
    let outcome = try program.shell(
      """
      { $ADVISOR run --no-history --journal journal -- sh -c 'echo output; echo error >&2' ::: a b \(closed); } >out 2>&1
      test -e journal && grep -v '^ok ' journal
      """)
    // grep finds no other line.
    #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome.output) \(outcome.complaint)")
  }

  @Test("A limit on processes lowers the number of workers, and loses nothing")
  func processLimit() throws {
    // Root is not bound by RLIMIT_NPROC; another user is.
    guard getuid() == 0, access("/usr/bin/setpriv", X_OK) == 0 else { return }
    chmod(program.folder, 0o777)
    let outcome = try program.shell(
      """
      setpriv --reuid 61234 --regid 61234 --clear-groups sh -c '
        ulimit -u 12; seq 60 | '"$ADVISOR"' run --workers 40 -- true'
      """)
    #expect(outcome.complaint.contains("60 of 60 tasks done"), "\(outcome.complaint)")
  }

  @Test("A full disk ends the run with what could not be written", arguments: ["--joblog", "--journal"])
  func fullDisk(option: String) throws {
    let outcome = try program.run("run", option, "/dev/full", "--", "true", ":::", "a")
    #expect(outcome.status == 73 && outcome.complaint.contains("/dev/full"), "\(outcome.complaint)")
  }

  @Test(
    "A disk that fills ends the run, and tells which file",
    .enabled(if: TinyDisk.canBeMade), arguments: ["--results", "--joblog", "--journal"])
  func filledDisk(option: String) throws {
    let disk = TinyDisk(in: program.folder)
    let outcome = try program.shell(
      disk.wrap(
        "seq 4000 | \"$ADVISOR\" run --workers 2 \(option) disk/x -- echo; echo status $?", bytes: 1 << 15))
    #expect(outcome.output.hasSuffix("status 73\n"), "\(outcome.complaint)")
    #expect(outcome.complaint.contains("disk/x") && outcome.complaint.contains("No space left"))
  }

  @Test("Nothing outlives a run that is killed, nor what its tasks have started")
  func killedRun() throws {
    let marker = "8\(Int.random(in: 100_000...999_999))"
    let running = try program.start(
      ["run", "--workers", "3", "--", "sh", "-c", "sleep \(marker) & sleep \(marker); wait", ":::", "1", "2", "3", "4"])
    let sleeping = { processes(with: "sleep\0\(marker)") }
    waitUntil { sleeping().count >= 6 }
    #expect(sleeping().count == 6)
    running.signal(SIGKILL)
    _ = try running.finish()
    #expect(waitUntil { sleeping().isEmpty })
  }

  private static let hasNamespaces =
    getuid() == 0 && system("unshare --pid --fork --mount-proc true >/dev/null 2>&1") == 0

  /// What an init process owes its children: pid_namespaces(7).
  @Test("The first process of a container reaps what it inherits, and hands on signals", .enabled(if: hasNamespaces))
  func firstProcess() throws {
    let run = "unshare --pid --fork --mount-proc $ADVISOR run -j 1"
    let task = "(sleep 0 & sleep 0 &); sleep 0.3; grep -l 'State:.Z' /proc/[0-9]*/status | wc -l"
    let reaped = try program.shell("\(run) -- sh -c \"\(task)\" ::: a b")
    #expect(reaped.status == 0 && reaped.output == "0\n0\n", "\(reaped.complaint)")
    #expect(try program.shell("\(run) -- sh -c 'exit 3'").status == 3)
    #expect(try program.shell("\(run) -- sh -c 'kill -TERM 1; sleep 1000' ::: a").status == 143)
  }

  @Test(
    "Without /proc, from which Swift reads a call's words, none is taken for one without", .enabled(if: hasNamespaces))
  func withoutProc() throws {
    let outcome = try program.shell(
      "unshare --mount sh -c 'umount -l /proc; exec \"$@\"' _ $ADVISOR run -- touch ran ::: a")
    #expect(outcome.status == 69 && outcome.complaint.contains("mount -t proc"), "\(outcome.complaint)")
  }

  @Test("An option that is no UTF-8 is refused, not repaired", arguments: ["--inputs", "--cwd", "--results", "--env"])
  func strangeOptions(option: String) throws {
    let outcome = try program.shell("$ADVISOR run \(option) \"$(printf 'A=\\377')\" -- touch ran ::: a")
    #expect(outcome.status == 64 && outcome.complaint.contains("$'A=\\377'"), "\(outcome.complaint)")
    #expect(!FileManager.default.fileExists(atPath: "\(program.folder)/ran"))
  }

  private static let memoryGroups = "/sys/fs/cgroup/memory"

  @Test(
    "Tasks that do not fit in memory side by side are all done, one after the other",
    .enabled(if: getuid() == 0 && access("\(memoryGroups)/memory.limit_in_bytes", W_OK) == 0))
  func memoryLimit() throws {
    let group = "\(Self.memoryGroups)/advisor-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: group, withIntermediateDirectories: false)
    defer { rmdir(group) }
    // sort holds a whole line in memory: 150 MB each, under a limit of 420 MiB.
    let outcome = try program.shell(
      """
      echo 440401920 > \(group)/memory.limit_in_bytes && echo $$ > \(group)/cgroup.procs
      truncate -s 150000000 line
      seq 6 | $ADVISOR run --workers 6 -- sh -c 'exec sort -o /dev/null line'
      echo 0 > \(Self.memoryGroups)/cgroup.procs
      """)
    #expect(outcome.complaint.contains("6 of 6 tasks done"), "\(outcome.complaint)")
  }
}
