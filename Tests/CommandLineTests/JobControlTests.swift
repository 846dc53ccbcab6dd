import AdvisorTestSupport
import Foundation
import Testing

/// What tasks find of the shell's descriptors, job control and terminal, and of make's job server.
@Suite struct JobControlTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test("Descriptors that the caller has left open reach the tasks, and none of ours does")
  func descriptors() throws {
    let outcome = try program.shell(
      """
      $ADVISOR run -- sh -c 'echo there >&5' x 5> there; cat there
      bash -c '$ADVISOR run -- cat ::: <(echo substituted)'
      $ADVISOR run --journal j -k -- sh -c 'ls /proc/self/fd | tr "\\n" " "' x 5> there
      """)
    // ls itself has the folder open.
    #expect(outcome.output == "there\nsubstituted\n0 1 2 3 5 ", "\(outcome.complaint)")
  }

  /// Runs a command, stops it as Ctrl-Z does once the files named hold the IDs of its tasks, and continues it once these have
  /// been stopped for 5.5 s; what they wait for comes a moment before. A shell under job control may end its script where a job
  /// stops.
  ///
  /// A task that is starting a program as vfork(2) does sleeps deeply (D) until that goes on, which is stopped.
  private static let stopping = """
    import os, signal, subprocess, sys, time
    names, command = sys.argv[1].split(","), sys.argv[2:]
    limit = time.monotonic() + 120
    def text(path):
        try: return open(path).read()
        except OSError: return ""
    def state(name): return text(f"/proc/{text(name).strip()}/status").partition("State:\\t")[2][:1]
    def until(condition):
        while not condition():
            if time.monotonic() > limit:
                os.killpg(run.pid, signal.SIGKILL)
                sys.exit(f"never stopped: {[(name, state(name)) for name in names]}")
            time.sleep(0.01)
    run = subprocess.Popen(command, preexec_fn=os.setpgrp)
    until(lambda: all(map(text, names)))
    os.killpg(run.pid, signal.SIGTSTP)
    until(lambda: all(state(name) in ("T", "D") for name in names))
    time.sleep(5.5)
    open("go", "w").close()
    print("".join(map(state, names)).replace("D", "T"), flush=True)
    os.killpg(run.pid, signal.SIGCONT)
    print(run.wait())
    """

  @Test("Ctrl-Z stops the tasks too, and the time in which they are stopped is not theirs")
  func stops() throws {
    _ = try program.file("stopping.py", Self.stopping)
    let outcome = try program.shell(
      """
      python3 stopping.py a,b $ADVISOR run -j 2 --timeout 5s -- \
        sh -c 'echo $$ > {}; until [ -e go ]; do sleep 0.1; done; echo done {}' ::: a b
      """)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.sorted() == ["0", "TT", "done a", "done b"], "\(outcome.output) \(outcome.complaint)")
  }

  @Test("Ctrl-Z stops the calls of map too, and the time in which they are stopped is not theirs")
  func stopsCalls() throws {
    _ = try program.file("stopping.py", Self.stopping)
    _ = try program.file(
      "calls.py",
      """
      import os, time
      def wait(name):
          open(name, "w").write(str(os.getpid()))
          while not os.path.exists("go"): time.sleep(0.01)
          return name
      """)
    let outcome = try program.shell(
      """
      python3 stopping.py a $ADVISOR map calls:wait --strategy processes --timeout 5s --joblog log -- ::: '"a"'
      awk -F '\\t' 'NR == 2 { print ($4 < 5.5 ? "without" : "with its " $4 " s and") " the stop" }' log
      """)
    #expect(outcome.output == "T\n\"a\"\n0\nwithout the stop\n", "\(outcome.output) \(outcome.complaint)")
  }

  @Test("A task that reads the terminal ends with an error instead of waiting")
  func terminal() throws {
    let script = "$ADVISOR run -- sh -c 'read x < /dev/tty; echo got $x' x ::: 1 2>&1; echo status $?"
    let outcome = try program.shell("script -qec \"\(script.replacing("$", with: "\\$"))\" /dev/null < /dev/null")
    #expect(outcome.output.contains("wanted to use the terminal"), "\(outcome.output)")
    #expect(outcome.output.contains("status 1"), "\(outcome.output)")
  }

  @Test("A program that asks for input on standard input finds none")
  func standardInput() throws {
    #expect(try program.shell("$ADVISOR run -- sh -c 'read x || echo end' x ::: 1").output == "end\n")
  }

  @Test("A file with the number of workers is read again when a task has ended")
  func workersOfFile() throws {
    let meet = ": > {}; while [ ! -e b ] || [ ! -e c ] || [ ! -e d ]; do sleep 0.01; done"
    let outcome = try program.shell(
      """
      echo 1 > n; $ADVISOR run -j n --timeout 60s -- sh -c '[ {} != a ] || { ls; echo 3 > n; exit; }; \(meet)' ::: a b c d
      """)
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(!outcome.output.contains("b\n"))
  }

  /// How many tasks of a run under a job server ran at once, by what each saw of the others.
  private static let atOnce = "mkdir -p now; : > now/$$; ls now | wc -l; sleep 0.2; rm now/$$"

  @Test("Under make's job server the tasks take its tokens, and give them back", arguments: [2, 3])
  func client(jobs: Int) throws {
    _ = try program.file(
      "Makefile",
      """
      all: a b
      a b:
      \t+@$(ADVISOR) run -- sh -c '\(Self.atOnce.replacing("$", with: "$$"))' x ::: 1 2 3 4 5 2>/dev/null
      """)
    let outcome = try program.shell("make -j\(jobs) ADVISOR=$ADVISOR 2>&1")
    let counts = outcome.output.split(separator: "\n").compactMap { Int($0.filter { $0 != " " }) }
    // make itself complains where tokens are missing at its end.
    #expect(counts.count == 10 && counts.allSatisfy { $0 <= jobs }, "\(outcome.output)")
    #expect(!outcome.output.contains("tokens"), "\(outcome.output)")
  }

  @Test("A run that is killed gives its tokens back")
  func killedClient() throws {
    _ = try program.file(
      "Makefile",
      """
      all:
      \t+@$(ADVISOR) run -- sh -c ': > {}; sleep 100' ::: a b c 2>/dev/null & id=$$!; \\
      \twhile [ ! -e c ]; do sleep 0.01; done; kill -9 $$id; wait $$id; sleep 0.2; \\
      \t$(ADVISOR) run -k -- sh -c ': > {}; while [ ! -e e ] || [ ! -e f ] || [ ! -e g ]; do sleep 0.01; done' ::: e f g \\
      \t&& echo all at once
      """)
    let outcome = try program.shell("make -j3 ADVISOR=$ADVISOR 2>&1")
    #expect(outcome.output.contains("all at once") && !outcome.output.contains("tokens"), "\(outcome.output)")
  }

  @Test(
    "The same under the job servers of make 4.4",
    .enabled(if: newMake != nil, "set ADVISOR_NEW_MAKE to a make of 4.4 or later"),
    arguments: ["fifo", "pipe"])
  func newClient(style: String) throws {
    _ = try program.file(
      "Makefile",
      """
      RUN = +-@$(ADVISOR) run --progress none
      all: a b
      a b:
      \t$(RUN) -- sh -c '\(Self.atOnce.replacing("$", with: "$$"))' x ::: 1 2 3 4 2>/dev/null
      \t$(RUN) -- sh -c 'kill -9 $$$$' x ::: 1 2 3 4 2>/dev/null
      \t+-@$(ADVISOR) run -- sh -c ': > $@{}; sleep 100' ::: 1 2 & id=$$!; \\
      \twhile [ ! -e $@1 ]; do sleep 0.01; done; kill -9 $$id; wait $$id; sleep 0.2
      """)
    let make = try #require(Self.newMake)
    let outcome = try program.shell("\(make) -j3 --jobserver-style=\(style) ADVISOR=$ADVISOR 2>&1")
    let counts = outcome.output.split(separator: "\n").compactMap { Int($0.filter { $0 != " " }) }
    #expect(counts.count == 8 && counts.allSatisfy { $0 <= 3 }, "\(outcome.output)")
    #expect(!outcome.output.contains("tokens"), "\(outcome.output)")
  }

  @Test(
    "The same under ours, by a path", .enabled(if: newMake != nil, "set ADVISOR_NEW_MAKE to a make of 4.4 or later"))
  func newServer() throws {
    _ = try program.file("Makefile", "all: a b c\na b c:\n\t@\(Self.atOnce.replacing("$", with: "$$"))\n")
    let make = try #require(Self.newMake)
    let outcome = try program.shell("$ADVISOR run -j 2 --jobserver fifo -- \(make) -s ::: all all all")
    let counts = outcome.output.split(separator: "\n").compactMap { Int($0.filter { $0 != " " }) }
    #expect(counts.count == 9 && counts.allSatisfy { $0 <= 2 } && outcome.status == 0, "\(outcome.output)")
    #expect(!outcome.complaint.contains("jobserver"), "\(outcome.complaint)")
  }

  private static let newMake = ProcessInfo.processInfo.environment["ADVISOR_NEW_MAKE"]

  @Test("With --jobserver the makes that it starts share the CPUs")
  func server() throws {
    _ = try program.file("Makefile", "all: a b c\na b c:\n\t@\(Self.atOnce.replacing("$", with: "$$"))\n")
    let outcome = try program.shell("$ADVISOR run -j 2 --jobserver pipe -- make -s ::: all all all")
    let counts = outcome.output.split(separator: "\n").compactMap { Int($0.filter { $0 != " " }) }
    #expect(counts.count == 9 && counts.allSatisfy { $0 <= 2 } && outcome.status == 0, "\(outcome.output)")
    #expect(!outcome.complaint.contains("jobserver"), "\(outcome.complaint)")
  }

  @Test("Programs that take no descriptors find it by a path")
  func fifo() throws {
    let script = "p=${MAKEFLAGS##*--jobserver-auth=fifo:}; [ -p ${p%% *} ] && echo there"
    let outcome = try program.shell("$ADVISOR run -j 2 --jobserver fifo -- sh -c '\(script)' x ::: 1")
    #expect(outcome.output == "there\n", "\(outcome.complaint)")
  }
}
