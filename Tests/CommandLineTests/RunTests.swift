import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing

@Suite("Running jobs and commands") struct RunTests {
  private let program: Program
  private let profile: String

  init() throws {
    program = try Program()
    profile = try program.file("profile.json", SampleProfile.json)
  }

  @Test(
    "Every strategy that fits the kind runs every task",
    arguments: [
      ("cpu:8x1e4", "sequential", 1), ("cpu:8x1e4", "threads", 2), ("cpu:8x1e4", "tasks", 2),
      ("cpu:8x1e4", "processes", 2), ("wait:20x2ms", "async", 20), ("wait:20x2ms", "threads", 4),
      ("wait:20x2ms", "processes", 2), ("io:20x1KiB,latency=1ms", "async", 8),
      ("io:20x1KiB,latency=1ms", "processes", 2), ("io:4x1KiB+cpu:4x1e4", "pipeline", 2),
    ])
  func strategies(job: String, strategy: String, workers: Int) throws {
    var words = ["run", "--profile", profile, "--job", job, "--strategy", strategy, "--json"]
    if strategy != "sequential" { words += ["--workers", "\(workers)"] }
    let outcome = try program.start(words).finish()
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let document = try outcome.json()
    #expect(document["schema"] as? String == "advisor.run/1")
    let plan = try #require(document["plan"] as? [String: Any])
    #expect(plan["strategy"] as? String == strategy)
    #expect(plan["workers"] as? Int == workers)
    let observed = try #require(document["observed"] as? [String: Any])
    #expect(observed["tasks"] as? Int == Int(job.split(separator: ":")[1].prefix { $0 != "x" }))
    #expect(observed["failed"] as? Int == 0)
    #expect(document["error"] is Double && document["predicted"] is [String: Any])
  }

  @Test("On a single CPU the job still runs, and the machine is said to have one")
  func oneCPU() throws {
    let wrapper = ["taskset", "-c", "0"]
    let machine = try program.start(["probe", "--json"], wrapper: wrapper).finish().json()
    #expect((machine["usable"] as? [String: Any])?["logicalCPUs"] as? Int == 1)
    let outcome = try program.start(["run", "--profile", profile, "--job", "cpu:8x1e4"], wrapper: wrapper).finish()
    #expect(outcome.status == 0, "\(outcome.complaint)")
  }

  @Test("Advice has the documented names and never more workers than tasks")
  func recommendation() throws {
    let document = try program.run("recommend", "--profile", profile, "--job", "cpu:3x1e6", "--json").json()
    #expect(document["schema"] as? String == "advisor.recommendation/1")
    let best = try #require(document["recommended"] as? [String: Any])
    let alternatives = try #require(document["alternatives"] as? [[String: Any]])
    for candidate in [best] + alternatives {
      #expect(try #require(candidate["workers"] as? Int) <= 3)
      let predicted = try #require(candidate["predicted"] as? [String: Any])
      let seconds = try #require(predicted["seconds"] as? [String: Double])
      let (low, middle, high) = (
        try #require(seconds["p5"]), try #require(seconds["p50"]), try #require(seconds["p95"])
      )
      #expect(low <= middle && middle <= high)
      let parts = try #require(predicted["breakdown"] as? [[String: Any]]).compactMap { $0["seconds"] as? Double }
      #expect(abs(parts.reduce(0, +) / middle - 1) < 0.01)
    }
    for list in ["reasons", "caveats"] {
      let found = try #require(document[list] as? [[String: Any]])
      #expect(!found.isEmpty && found.allSatisfy { $0["code"] is String && $0["text"] is String }, "\(found)")
    }
  }

  @Test("A command runs once for each input, and its outputs come whole")
  func command() throws {
    let outcome = try program.run("run", "--keep-order", "--", "echo", "{}", ":::", "a b", "$c", "*")
    #expect(outcome.status == 0)
    #expect(outcome.output == "a b\n$c\n*\n")
  }

  @Test("Files are compressed in place of a loop: each once, none lost")
  func gzip() throws {
    let files = try (0..<200).map { try program.file("\($0).txt", String(repeating: "line \($0)\n", count: 200)) }
    let outcome = try program.start(["run", "--", "gzip", "{}", ":::"] + files).finish()
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(files.allSatisfy { FileManager.default.fileExists(atPath: "\($0).gz") })
    #expect(files.allSatisfy { !FileManager.default.fileExists(atPath: $0) })
  }

  @Test("Each failure is named, the others are done, and the exit code says so")
  func failures() throws {
    let outcome = try program.run("run", "--", "cat", "{}", ":::", "/etc/hostname", "/absent/1", "/absent/2")
    #expect(outcome.status == 1)
    #expect(outcome.complaint.contains("/absent/1") && outcome.complaint.contains("/absent/2"))
    #expect(outcome.complaint.contains("exited with status 1"))
  }

  @Test("A command line in quotes is no program: a shell reads it")
  func quotedLine() throws {
    #expect(try program.run("run", "--", "echo {} | cat", ":::", "a").output == "a\n")
    #expect(try program.run("run", "--shell", "--", "echo {} | cat", ":::", "a").output == "a\n")
  }

  @Test("Inputs come from a file, from standard input, and end with a null byte if asked")
  func inputs() throws {
    let list = try program.file("list", "one\ntwo\n")
    #expect(try program.run("run", "-k", "--inputs", list, "--", "echo", "{}").output == "one\ntwo\n")
    #expect(try program.run("run", "-k", "--", "echo", "{}", input: "three\nfour\n").output == "three\nfour\n")
    #expect(try program.run("run", "-k", "-0", "--", "echo", "{}", input: "a\nb\0c\0").output == "a\nb\nc\n")
    let missing = try program.run("run", "--inputs", "/absent", "--", "echo", "{}")
    #expect(missing.status == 65 && missing.complaint.contains("/absent"))
  }

  /// Of very many words the parser is told the first: the others are lost to it, and to nobody else.
  @Test("Each of many words counts, whatever stands before them", arguments: [62, 63, 64, 65, 66, 3000])
  func manyWords(count: Int) throws {
    for line in ["run -k -- echo {} ::: $(seq \(count))", "run -k --shell -j2 'echo {}' ::: $(seq \(count))"] {
      let outcome = try program.shell("$ADVISOR \(line)")
      #expect(outcome.output == (1...count).map { "\($0)\n" }.joined(), "\(outcome.complaint)")
    }
    for line in ["exec --", "exec --cpus 1", "exec --cpus=1 --"] {
      let outcome = try program.shell("$ADVISOR \(line) sh -c 'echo $# $1' x $(seq \(count))")
      #expect(outcome.output == "\(count) 1\n", "\(outcome.complaint)")
    }
  }

  @Test("A program that was started as a worker starts no workers, and says what it forgot")
  func workerOfAWorker() throws {
    let profile = try program.file("profile-\(UUID().uuidString).json", SampleProfile.json)
    let refused = try program.shell(
      "ADVISOR_WORKER=1 $ADVISOR run --profile \(profile) --job cpu:4x1000 --strategy processes --workers 2")
    #expect(refused.status == 64 && refused.complaint.contains("WorkerProcess.main()"))
  }
}

@Suite("Interruption") struct InterruptionTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test("Ctrl-C in a job of worker processes ends them all: exit 130")
  func job() throws {
    let profile = try program.file("profile-\(UUID().uuidString).json", SampleProfile.json)
    let running = try program.start(
      ["run", "--profile", profile, "--job", "cpu:1000x1e9", "--strategy", "processes", "--workers", "2"])
    let workers = { processes(with: "__worker").filter { parent(of: $0) == running.id } }
    waitUntil { workers().count == 2 }
    let started = workers()
    #expect(started.count == 2)
    running.signal(SIGINT)
    #expect(try running.finish().status == 130)
    waitUntil { started.allSatisfy { !FileManager.default.fileExists(atPath: "/proc/\($0)") } }
    #expect(started.allSatisfy { !FileManager.default.fileExists(atPath: "/proc/\($0)") })
  }

  @Test("A second Ctrl-C stops the commands under way, and nothing is left running")
  func command() throws {
    let marker = "9\(Int.random(in: 100_000...999_999))"
    let running = try program.start(["run", "--", "sleep", "{}", ":::"] + Array(repeating: marker, count: 20))
    waitUntil { !processes(with: "sleep\0\(marker)").isEmpty }
    running.signal(SIGINT)
    usleep(200_000)
    running.signal(SIGINT)
    #expect(try running.finish().status == 130)
    waitUntil { processes(with: "sleep\0\(marker)").isEmpty }
    #expect(processes(with: "sleep\0\(marker)").isEmpty)
  }

  @Test("A killed run leaves no worker behind")
  func kill() throws {
    let profile = try program.file("profile-\(UUID().uuidString).json", SampleProfile.json)
    let running = try program.start(
      ["run", "--profile", profile, "--job", "cpu:1000x1e9", "--strategy", "processes", "--workers", "2"])
    waitUntil { processes(with: "__worker").contains { parent(of: $0) == running.id } }
    let started = processes(with: "__worker").filter { parent(of: $0) == running.id }
    running.signal(SIGKILL)
    _ = try running.finish()
    waitUntil { started.allSatisfy { !FileManager.default.fileExists(atPath: "/proc/\($0)") } }
    #expect(!started.isEmpty && started.allSatisfy { !FileManager.default.fileExists(atPath: "/proc/\($0)") })
  }

  @Test("An interrupted calibration saves a usable profile, or says that nothing was measured; never half a file")
  func calibration() throws {
    let path = "\(program.folder)/profile.json"
    let running = try program.start(["calibrate", "--level", "thorough", "--output", path])
    usleep(3_000_000)
    running.signal(SIGINT)
    let outcome = try running.finish()
    #expect(outcome.status == 130)
    let left = try FileManager.default.contentsOfDirectory(atPath: program.folder).filter {
      $0.hasPrefix("profile.json")
    }
    if left.isEmpty {
      #expect(outcome.complaint.contains("before anything was measured"))
    } else {
      #expect(left == ["profile.json"])
      #expect(try program.run("profiles", "validate", path).status == 0)
    }
  }

  @Test("An interrupted calibration does not take the place of a whole one")
  func calibrationOverAnother() throws {
    let path = try program.file("profile.json", SampleProfile.json)
    let running = try program.start(["calibrate", "--level", "thorough", "--output", path])
    usleep(3_000_000)
    running.signal(SIGINT)
    #expect(try running.finish().status == 130)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == SampleProfile.json)
  }

  private func parent(of process: Int32) -> Int32? { processState(process).dropFirst().first.flatMap { Int32($0) } }

  @Test("A dry run shows the calls that a run makes", arguments: ["--xargs", "--xargs -s 10", "-m -j 2", "--batch 3"])
  func dryRunOfCalls(options: String) throws {
    let run = try program.shell("$ADVISOR run --no-history -k \(options) -- echo ::: a b c d e")
    let dry = try program.shell("$ADVISOR run --dry-run -k \(options) -- echo ::: a b c d e")
    #expect(dry.output == run.output.split(separator: "\n").map { "echo \($0)\n" }.joined(), "\(dry.output)")
  }
}
