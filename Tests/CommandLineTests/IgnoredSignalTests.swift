import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing

/// Signals that were ignored at start, as by `nohup`, stay ignored (POSIX, nohup; Shell Command Language, 2.11).
@Suite struct IgnoredSignalTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test("They do not end a run of commands", arguments: ["HUP", "INT", "TERM"])
  func commands(signal: String) throws {
    let outcome = try program.shell(
      "trap '' \(signal); $ADVISOR run -j 1 -- sh -c 'kill -\(signal) $PPID; echo {}' ::: a b c")
    #expect(outcome.status == 0 && outcome.output == "a\nb\nc\n", "\(outcome.complaint)")
  }

  @Test("They do not end the tasks", arguments: ["HUP", "INT", "TERM"])
  func tasks(signal: String) throws {
    let task = "$ADVISOR run -- sh -c 'kill -\(signal) $$; echo alive' x ::: a"
    #expect(try program.shell("trap '' \(signal); \(task)").output == "alive\n")
    #expect(try program.shell(task).output.isEmpty)
  }

  @Test("Others do in the tasks what they do by default", arguments: ["USR1", "ALRM", "PIPE"])
  func defaults(signal: String) throws {
    let task = "$ADVISOR run -- sh -c 'kill -\(signal) $$; echo alive' x ::: a b"
    #expect(try program.shell("trap '' \(signal); \(task)").output.isEmpty)
  }

  @Test("They do not end a built-in job", arguments: ["INT", "TERM"])
  func builtIn(signal: String) throws {
    let profile = try program.file("profile.json", SampleProfile.json)
    let outcome = try program.shell(
      """
      trap '' \(signal)
      $ADVISOR run --no-history --profile \(profile) --job wait:20x20ms --strategy threads --workers 1 & id=$!
      for i in 1 2 3 4 5 6 7 8 9 10; do kill -\(signal) $id; sleep 0.02; done; wait $id
      """)
    #expect(outcome.status == 0 && outcome.output.contains("20 of 20 tasks done"), "\(outcome.complaint)")
  }

  @Test("They do not end downloads", arguments: ["HUP", "INT", "TERM"])
  func downloads(signal: String) throws {
    let server = try TestServer()
    let urls = [1, 2, 3].map { "\(server.url)/bytes/\($0)?latency=100ms out=\($0)" }
    let list = try program.file("list", urls.joined(separator: "\n"))
    let outcome = try program.shell(
      """
      trap '' \(signal)
      $ADVISOR download \(list) --into files -j 1 --no-history & id=$!
      while kill -0 $id && ! [ -e files/1 ]; do sleep 0.01; done
      kill -\(signal) $id; kill -\(signal) $id; wait $id
      """)
    #expect(outcome.status == 0 && outcome.output.contains("3 of 3 tasks done"), "\(outcome.complaint)")
  }

  @Test("They do not end downloads whose files a command processes", arguments: ["HUP", "INT", "TERM"])
  func pipeline(signal: String) throws {
    let server = try TestServer()
    let list = try program.file("list", [1, 2, 3].map { "\(server.url)/bytes/\($0)" }.joined(separator: "\n"))
    let outcome = try program.shell(
      "trap '' \(signal); $ADVISOR download \(list) --into files -k -- sh -c 'kill -\(signal) $PPID; wc -c < $0' {}")
    let sizes = Set(outcome.output.split(separator: "\n"))
    #expect(outcome.status == 0 && sizes == ["1", "2", "3"], "\(outcome.complaint)")
  }

  @Test("They do not end calls of a Python function", arguments: ["HUP", "INT", "TERM"])
  func python(signal: String) throws {
    _ = try program.file(
      "m.py", "import os, signal\ndef f(x):\n  os.kill(int(os.environ['RUN']), signal.SIG\(signal))\n  return x\n")
    let outcome = try program.shell(
      "trap '' \(signal); export PYTHONPATH=.; seq 3 | sh -c 'RUN=$$; export RUN; exec $ADVISOR map m:f -k'")
    #expect(outcome.status == 0 && outcome.output == "1\n2\n3\n", "\(outcome.complaint)")
  }
}
