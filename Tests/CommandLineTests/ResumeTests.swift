import FoundationEssentials
import Glibc
import Testing

/// What a run makes of an earlier one, and what it says of it.
@Suite struct ResumeTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test("What was done before is said, not 0 of 0")
  func nothingToDo() throws {
    let line = "seq 200 | $ADVISOR run --journal j --resume -- true"
    _ = try program.shell(line)
    let again = try program.shell(line)
    #expect(again.status == 0 && again.complaint == "nothing to do: 200 of 200 already done\n")
    let more = try program.shell("seq 203 | $ADVISOR run --journal j --resume -- true")
    #expect(more.status == 0 && more.complaint.hasSuffix("3 of 3 tasks done\n200 of 203 already done\n"))
  }

  @Test(
    "Earlier failures fail the run, and are named", arguments: ["--journal j", "--joblog j", "--journal j --joblog l"])
  func earlierFailures(records: String) throws {
    let line = "$ADVISOR run \(records) --resume -- sh -c 'test {} != b' ::: a b c"
    #expect(try program.shell(line).status == 1)
    let again = try program.shell(line)
    #expect(again.status == 1)
    #expect(
      again.complaint == """
        task 2 (sh -c 'test b != b') failed in an earlier run
        nothing to do: 2 of 3 already done
        1 task failed in an earlier run: --resume-failed tries them again

        """)
    let retried = try program.shell("$ADVISOR run \(records) --resume-failed -- sh -c 'test {} != b' ::: a b c")
    #expect(retried.status == 1 && retried.complaint.contains("0 of 1 task done, 1 failed\n2 of 3 already done"))
  }

  @Test("Where all has failed before, that is why there is nothing to do", arguments: ["--journal j", "--joblog j"])
  func onlyEarlierFailures(records: String) throws {
    let line = "$ADVISOR run \(records) --resume -- false :::"
    _ = try program.shell("\(line) a b")
    let again = try program.shell("\(line) a b")
    #expect(again.status == 1)
    #expect(
      again.complaint == """
        task 1 (false a) failed in an earlier run
        task 2 (false b) failed in an earlier run
        nothing to do, 2 tasks failed in an earlier run: --resume-failed tries them again

        """)
    let more = try program.shell("\(line) a b c").complaint
    #expect(more.hasSuffix("1 failed\n2 tasks failed in an earlier run: --resume-failed tries them again\n"), "\(more)")
  }

  @Test(
    "An interrupted run says how far it came, and how to go on", arguments: [("INT", 130), ("TERM", 143), ("HUP", 129)])
  func interrupted(signal: String, status: Int32) throws {
    let outcome = try program.shell(
      "$ADVISOR run -j 1 --journal j -- sh -c 'test {} != 2 || kill -\(signal) $PPID; sleep 0.1' ::: 1 2 3 4 5")
    #expect(outcome.status == status, "\(outcome.complaint)")
    let share = signal == "INT" ? "2 of 5 tasks done" : "1 of 5 tasks done, 1 under way stopped"
    #expect(outcome.complaint.contains(": \(share); run the same again with --resume to go on\n"))
  }

  @Test("An interrupted run of which nothing is left names no way to go on")
  func interruptedAtTheEnd() throws {
    let outcome = try program.shell("$ADVISOR run -j 1 --journal j -- sh -c 'kill -INT $PPID; sleep 0.1' ::: 1")
    #expect(outcome.status == 130)
    #expect(outcome.complaint.hasSuffix("\ninterrupted: 1 of 1 task done\n"), "\(outcome.complaint)")
  }

  @Test("A halted run says what has failed beside what is done, in tasks and not in calls")
  func halted() throws {
    let halt = "$ADVISOR run -j 1 --batch 10 --halt soon,fail=1 -- sh -c 'test $1 = 1' x"
    let outcome = try program.shell("\(halt) ::: $(seq 40)")
    #expect(outcome.status == 1)
    #expect(
      outcome.complaint.hasSuffix("\nhalted, as --halt says: 10 of 40 tasks done, 10 failed\n"), "\(outcome.complaint)")
  }

  @Test("Tasks are known whatever slot and threads they had")
  func slots() throws {
    let line =
      "$ADVISOR run --threads 1 --joblog j --resume -- sh -c 'echo {} >> ran' {%} {threads} ::: 1 2 3 4 5 6 7 8"
    _ = try program.shell(line.replacing("--threads 1", with: "--threads 1 --workers 4"))
    let again = try program.shell(line.replacing("--threads 1", with: "--threads 2 --workers 2"))
    #expect(again.complaint == "nothing to do: 8 of 8 already done\n")
    #expect(try String(contentsOfFile: "\(program.folder)/ran", encoding: .utf8).count == 16)
  }

  @Test("A part is done only of the file whose part it was")
  func parts() throws {
    func line(_ file: String) -> String {
      "$ADVISOR run --pipe-part \(file) --block 50KB --journal j --resume -k -- md5sum"
    }
    let first = try program.shell("seq 20000 > p1; tr 1 7 < p1 > p2; \(line("p1"))")
    let second = try program.shell(line("p2"))
    #expect(first.output.split(separator: "\n").count == second.output.split(separator: "\n").count)
    #expect(first.output != second.output && !second.output.isEmpty)
    #expect(try program.shell("mv p1 p3; \(line("p3"))").complaint == "nothing to do: 3 of 3 already done\n")
    // In place, with the same size and the old time of access.
    let changed = try program.shell("printf 7 | dd of=p3 conv=notrunc 2>/dev/null; \(line("p3"))")
    #expect(changed.output.split(separator: "\n").count == 3)
  }

  @Test("A good result of an input that comes twice is not written over", arguments: [0, 1, 2])
  func results(good: Int) throws {
    // The task of this number succeeds in the first run, all others in the second.
    let line = """
      $ADVISOR run -j 1 --results r --journal j --resume-failed -- \
        sh -c 'echo {} $RUN {#}; test $RUN = 2 -o {#} = \(good + 1)' x ::: a a a
      """
    _ = try program.shell("RUN=1 \(line)")
    let second = try program.shell("export RUN=2; \(line)")
    #expect(second.status == 0, "\(second.complaint)")
    let results = try program.shell("cat r/1/a*/stdout | cut -d ' ' -f 2 | sort; cat r/1/a*/exit")
    #expect(results.output == "1\n2\n2\n0\n0\n0\n")
  }

  @Test(
    "A bad record costs nothing that came before it",
    arguments: [
      ("{ echo a,b; seq -f %g,x 20; echo ragged; }", "--csv", "{a}"),
      ("{ echo a; seq 20; printf '\"open'; }", "--csv", "{a}"),
      ("{ seq 20; head -c 1100000 /dev/zero | tr '\\0' x; }", "", "{}"),
      ("{ seq 20; printf 'a\\0b'; echo; seq 5; }", "", "{}"),
      ("{ seq 20; printf 'a\\0b'; echo; }", "--batch 3", "{}"),
    ])
  func badRecord(inputs: String, options: String, input: String) throws {
    let outcome = try program.shell(
      """
      \(inputs) | $ADVISOR run -k -j 4 \(options) --journal j -- sh -c '[ $1 != 1 ] || sleep 0.3; printf "%s\\n" "$@"' x \(input)
      """)
    #expect(outcome.status == 65, "\(outcome.complaint)")
    #expect(outcome.output == (1...20).map { "\($0)\n" }.joined())
    #expect(outcome.complaint.contains("20 of 20 tasks done"))
    let records = try String(contentsOfFile: "\(program.folder)/j", encoding: .utf8)
    #expect(records.split(separator: "\n").count { $0.hasPrefix("ok ") } == 20)
  }
}
