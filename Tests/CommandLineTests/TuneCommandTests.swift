import AdvisorTestSupport
import Foundation
import Testing

/// `advisor tune` as a user types it; what it picks is tried in TuningTests.
@Suite("Tuning a command") struct TuneCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test(
    "Words that cannot be tuned are refused with what to type instead",
    arguments: [
      ("-- make -j4", "{n}"), ("--knob level=1,2 -- xz {n}", "{level}"), ("--knob n -- make {n}", "n=1..16"),
      ("--knob n=4..1 -- make {n}", "n=1..16"), ("--knob n=1,2 -- sh -c 'true {n} {threads}'", "--knob threads"),
      ("--measure '([' --lower-is-better -- true {n}", "regular expression"),
      ("--measure x -- true {n}", "--higher-is-better"),
      ("--knob a=1,2,3,4 --knob b=1,2,3,4 -- true {a} {b}", "--max-runs"), ("", "-- make -j{n}"),
    ])
  func refused(words: String, hint: String) throws {
    let outcome = try program.shell("$ADVISOR tune \(words)")
    #expect(outcome.status == 64)
    #expect(outcome.complaint.contains(hint), "\(outcome.complaint)")
    #expect(outcome.output.isEmpty)
  }

  @Test("A program that is not there is named")
  func missing() throws {
    let outcome = try program.shell("$ADVISOR tune -- no-such-program-here {n}")
    #expect(outcome.status == 127)
    #expect(outcome.complaint.contains("no-such-program-here"))
  }

  @Test("A command that fails at every value says so, and where its output is")
  func fails() throws {
    let outcome = try program.shell("TMPDIR=. $ADVISOR tune -- sh -c 'echo no luck with {n}; exit 3'")
    #expect(outcome.status == 1)
    #expect(outcome.complaint.contains("exit status 3") && outcome.complaint.contains("no luck with 1"))
    let line = try #require(outcome.complaint.firstMatch(of: /in (\S+output\.log)/))
    #expect(try String(contentsOfFile: String(line.1), encoding: .utf8).contains("no luck"))
    try? FileManager.default.removeItem(atPath: (String(line.1) as NSString).deletingLastPathComponent)
  }

  @Test("A command that wants a terminal fails instead of waiting")
  func terminal() throws {
    let outcome = try program.shell("TMPDIR=. $ADVISOR tune -- sh -c 'read x < /dev/tty && true {n}'")
    #expect(outcome.status == 1)
    #expect(outcome.complaint.contains("/dev/tty") && outcome.complaint.contains("no terminal"), "\(outcome.complaint)")
  }

  @Test("A command that uses up its input does not repeat, and --prepare is the way out")
  func changesInput() throws {
    _ = try program.file("stock", "x")
    let failing = try program.shell("cp stock here; TMPDIR=. $ADVISOR tune -- sh -c 'rm here && true {n}'")
    #expect(failing.status == 65)
    #expect(
      failing.complaint.contains("does not repeat") && failing.complaint.contains("--prepare"), "\(failing.complaint)")
    let prepared = try program.shell(
      "$ADVISOR tune --max-runs 2 --prepare 'cp stock here' -- sh -c 'rm here && true {n}'")
    #expect(prepared.status == 0, "\(prepared.complaint)")
  }

  @Test("What a run leaves behind is killed and said, whether it left its group or not")
  func leavesChildren() throws {
    let outcome = try program.shell(
      "$ADVISOR tune --max-runs 2 -- sh -c 'sleep 4711{n} & setsid sleep 4711{n} & true' && ! pgrep -f '^sleep 4711'")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.output.contains("behind"))
  }

  @Test("One document has the runs, the pick and the line to paste")
  func document() throws {
    let outcome = try program.shell("$ADVISOR tune --json --max-runs 3 --knob n=1,2 -- sh -c 'exit 0; echo {n}'")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let document = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(document["schema"] as? String == "advisor.tune/1")
    let recommended = try #require((document["recommended"] as? [String: String])?["n"])
    #expect(document["line"] as? String == "sh -c 'exit 0; echo \(recommended)'")
    let runs = try #require(document["runs"] as? [[String: Any]])
    #expect(runs.map { $0["order"] as? Int } == (1...runs.count).map { $0 })
    #expect(runs.allSatisfy { $0["exit"] as? Int == 0 && $0["seconds"] is Double })
  }

  @Test(
    "A kept value is what exec and run put in; on another machine it is the number of CPUs", arguments: ["exec", "run"])
  func kept(verb: String) throws {
    let tune = try program.shell(
      "$ADVISOR tune --save --max-runs 2 --knob n=7 -- sh -c 'exit 0; echo {n}' && cat .advisor.json")
    #expect(tune.status == 0 && tune.output.contains("advisor.tuned/1"), "\(tune.complaint)")
    _ = try program.shell("$ADVISOR tune --save --max-runs 2 --knob n=7 -- printf '<%s>' {n}")
    let same = try program.shell("mkdir -p below && cd below && $ADVISOR \(verb) -- printf '<%s>' {n}")
    #expect(same.output == "<7>" && same.complaint.contains("n = 7"), "\(same.complaint)")
    let other = try program.shell(
      "sed -i 's/\"cpus\" : [0-9]*/\"cpus\" : 999/' .advisor.json && $ADVISOR \(verb) -- printf '<%s>' {n}")
    #expect(other.output != "<7>" && other.complaint.contains("CPU count"), "\(other.complaint)")
    let unknown = try program.shell("$ADVISOR \(verb) -- printf '(%s)' {n}")
    #expect(unknown.output == "({n})")
  }

  @Test("A kept file that cannot be read ends only a command that may use it, and is named")
  func malformed() throws {
    _ = try program.file(".advisor.json", "{")
    for line in ["run -- echo {} ::: a", "exec -- echo a", "run -- echo {.} ::: a.txt"] {
      let outcome = try program.shell("$ADVISOR \(line)")
      #expect(outcome.status == 0 && outcome.output == "a\n", "\(line): \(outcome.complaint)")
    }
    for line in ["exec -- echo {n}", "run -- echo {n}", "tune --check -- true {n}"] {
      let outcome = try program.shell("$ADVISOR \(line)")
      #expect(outcome.status == 65 && outcome.complaint.contains(".advisor.json"), "\(line): \(outcome.complaint)")
    }
  }

  @Test("A tuning is remembered, and the next of the same command in the same folder starts from it")
  func remembered() throws {
    let tune = "$ADVISOR tune --max-runs 2 --knob n=1,2 -- sh -c 'exit 0; echo {n}'"
    let again = try program.shell("\(tune) > first && \(tune)")
    #expect(again.status == 0 && again.output.contains("Started from the 2 runs"), "\(again.complaint)")
    let elsewhere = try program.shell("mkdir -p d && cd d && \(tune)")
    #expect(elsewhere.status == 0 && !elsewhere.output.contains("Started from"))
    let list = try program.shell("$ADVISOR history && $ADVISOR history --json")
    #expect(list.output.contains("Tuned with `advisor tune`") && list.output.contains("\"recommended\""))
    #expect(try program.shell("$ADVISOR history --clear").output.contains("No past runs"))
    let forgotten = try program.shell(tune.replacing("tune", with: "tune --no-history"))
    #expect(!forgotten.output.contains("Started from"))
    #expect(try program.shell("$ADVISOR history").output.contains("No past runs"))
  }

  @Test(
    "A check ends with 1 where another value is much better than the kept one, else with 0", arguments: ["0.8", "0.05"])
  func check(kept: String) throws {
    let outcome = try program.shell(
      "$ADVISOR tune --save --max-runs 1 --knob s=\(kept) -- sleep {s} && $ADVISOR tune --check --knob s=0.8,0.05 -- sleep {s}"
    )
    #expect(outcome.status == (kept == "0.8" ? 1 : 0), "\(outcome.complaint)")
    #expect(outcome.complaint.contains("out of date") == (kept == "0.8"))
  }

  @Test("A value that takes longer than --timeout is out, and nothing of it is left")
  func timeout() throws {
    let outcome = try program.shell(
      "$ADVISOR tune --timeout 300ms --knob s=0.01,4712 -- sleep {s} && ! pgrep -f '^sleep 4712'")
    #expect(outcome.status == 0 && outcome.output.contains("took too long"), "\(outcome.complaint)")
  }

  @Test("A value that a shell would run is not put into a command")
  func planted() throws {
    _ = try program.shell("$ADVISOR tune --save --max-runs 2 --knob n=7 -- sh -c 'true {n}'")
    let outcome = try program.shell(
      "sed -i 's/\"7\"/\"7; touch planted\"/' .advisor.json && $ADVISOR exec -- sh -c 'true {n}'; test ! -e planted")
    #expect(outcome.status == 0 && outcome.complaint.contains("no plain word"), "\(outcome.complaint)")
  }

  @Test("An interruption prints the answer so far and ends with 130")
  func interrupted() throws {
    let outcome = try program.shell(
      "$ADVISOR tune -- sh -c 'test -e ran && { kill -INT $PPID; sleep 60; }; touch ran; true {n}'")
    #expect(outcome.status == 130, "\(outcome.complaint)")
    #expect(outcome.output.contains("interrupted"))
  }
}

/// `advisor recommend` for commands.
@Suite("Advice for a command") struct RecommendCommandTests {
  private let program: Program
  private let profile: String

  init() throws {
    program = try Program()
    profile = try program.file("profile.json", SampleProfile.json)
  }

  @Test("The command runs on a few inputs, and the ways to run it on the others are ranked")
  func ranks() throws {
    let outcome = try program.shell(
      "$ADVISOR recommend --profile \(profile) --json -- sh -c 'echo {} >> ran; sleep 0.05' ::: $(seq 40) && wc -l < ran"
    )
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.complaint.contains("running the command on up to 5 of 40 inputs"))
    #expect(outcome.output.contains("\"recommended\"") && outcome.output.hasSuffix("5\n"))
    let list = try program.shell("$ADVISOR history")
    #expect(list.output.contains("Tried with `advisor recommend`") && list.output.contains("40"), "\(list.output)")
  }

  @Test("Without inputs the lines to paste are those of tune and why")
  func withoutInputs() throws {
    let outcome = try program.shell("$ADVISOR recommend --profile \(profile) -- make < /dev/null")
    #expect(outcome.status == 64)
    #expect(
      outcome.complaint.contains("advisor tune -- make -j{n}") && outcome.complaint.contains("advisor why -- make"))
  }

  @Test("An input that fails, or that takes too long, is said")
  func failures() throws {
    let failing = try program.shell("$ADVISOR recommend --profile \(profile) -- false ::: 1 2 3")
    #expect(failing.status == 1 && failing.complaint.contains("exited with status 1"), "\(failing.complaint)")
    let slow = try program.shell("$ADVISOR recommend --profile \(profile) --pilot-time 200ms -- sleep ::: 60 60 60")
    #expect(slow.status == 75 && slow.complaint.contains("--pilot-time"), "\(slow.complaint)")
  }
}
