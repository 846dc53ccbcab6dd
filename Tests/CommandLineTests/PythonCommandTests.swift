import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing

private let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

/// Functions and advice for Python from the command line.
@Suite("Python from the command line", .enabled(if: isThere, "there is no python3 in /usr/bin"))
struct PythonCommandTests {
  private let program: Program

  init() throws {
    program = try Program()
    _ = try program.file(
      "things.py",
      "import time\ndef double(x): return 2 * x\ndef hang(x): time.sleep(x)\ndef name(row): return row['name']\n")
    _ = try program.file("slow.py", "import time\ntime.sleep(2.5)\ndef double(x): return 2 * x\n")
    _ = try program.file("broken.py", "import nosuchmodule\n")
  }

  private func run(_ words: String) throws -> Program.Outcome {
    try program.shell("$ADVISOR map --interpreter /usr/bin/python3 \(words)")
  }

  @Test(
    "Inputs come from a file, a pipe, the command line or CSV",
    arguments: [
      "things:double -k --inputs in.jsonl", "things:double -k < in.jsonl", "things:double -k -- ::: 1 '\"a\"'",
    ])
  func inputs(words: String) throws {
    _ = try program.file("in.jsonl", "1\n\"a\"\n")
    let outcome = try run(words)
    #expect(outcome.status == 0 && outcome.output == "2\n\"aa\"\n", "\(outcome.complaint)")
    #expect(outcome.complaint.contains("2 of 2 tasks done"))
  }

  @Test("Rows of CSV are objects")
  func rowsOfCSVAreObjects() throws {
    _ = try program.file("in.csv", "name,size\nann,1\n\"b,b\",2\n")
    #expect(try run("things:name -k --csv --inputs in.csv").output == "\"ann\"\n\"b,b\"\n")
  }

  @Test(
    "What is no JSON is named by its line", arguments: [("1\n2\noops\n4\n", "line 3 of “in.jsonl” is not JSON: oops")])
  func noJSON(text: String, words: String) throws {
    _ = try program.file("in.jsonl", text)
    let outcome = try run("things:double --inputs in.jsonl")
    #expect(outcome.status == 65 && outcome.complaint.contains(words), "\(outcome.complaint)")
  }

  @Test(
    "What cannot run says what to do, with its exit status",
    arguments: [
      ("things:triple -- ::: 1", Int32(64), "it has: double, hang"),
      ("nothings:x -- ::: 1", 64, "no module “nothings”"),
      ("broken:x -- ::: 1", 65, "No module named 'nosuchmodule'"), ("things -- ::: 1", 64, "module:function"),
      ("things:double -- ::: a", 64, "is not JSON"), ("things:double --batch 3 -- ::: 1", 64, "--batch"),
      ("things:double --strategy pipeline -- ::: 1", 64, "'processes', 'threads' or 'async'"),
    ])
  func refusals(words: String, status: Int32, text: String) throws {
    let outcome = try run(words)
    #expect(outcome.status == status && outcome.complaint.contains(text), "\(outcome.status) \(outcome.complaint)")
  }

  @Test(
    "How the interpreters start is said and stands in the JSON, with the reason",
    arguments: [("", "fork"), ("--start-method forkserver", "forkserver"), ("--start-method spawn", "spawn")])
  func startMethods(option: String, method: String) throws {
    let outcome = try run("things:double \(option) --json -- ::: 1 2")
    #expect(outcome.status == 0 && outcome.complaint.contains("start method \(method): "), "\(outcome.complaint)")
    #expect(outcome.output.contains("\"startMethod\" : \"\(method)\"") && outcome.output.contains("startMethodReason"))
  }

  @Test("A start method that is none, or for what is no function of Python's here, is refused")
  func noStartMethod() throws {
    #expect(try run("things:double --start-method thread -- ::: 1").status == 64)
    #expect(try program.run("run", "--start-method", "fork", "--", "true").status == 64)
    #expect(try run("things:double --engine dask --start-method fork -- ::: 1").status == 64)
  }

  @Test("Measuring an interpreter executes nothing of the folder that advisor runs in")
  func hostileFolder() throws {
    for name in ["asyncio", "json", "random", "multiprocessing"] {
      _ = try program.file("\(name).py", "open('ran', 'a').close()\n")
    }
    // Answers the question who it is; then it imports what the measuring imports, and measures nothing.
    let script = """
      #!/bin/sh
      if [ "$1" = -c ]; then echo 3.11.2; readlink -f "$0"; else exec /usr/bin/python3 -c 'import asyncio, json, random'; fi

      """
    chmod(try program.file("asked", script), 0o755)
    let profile = try program.file("profile.json", SampleProfile.json)
    let outcome = try program.run("recommend", "--job", "cpu:8x1e6", "--profile", profile, "--runtime", "./asked")
    #expect(outcome.complaint.contains("costs of ./asked were measured"), "\(outcome.complaint)")
    #expect(try program.shell("test -e ran").status != 0)
  }

  @Test("An interpreter that is none or too old is named with the version that is needed")
  func interpreters() throws {
    let none = try program.shell("$ADVISOR map --interpreter nosuchpython things:double -- ::: 1")
    #expect(none.status == 69 && none.complaint.contains("Python 3.9 or later"))
    let cat = try program.shell("$ADVISOR map --interpreter /bin/cat things:double -- ::: 1")
    #expect(cat.status == 69 && cat.complaint.contains("“/bin/cat” ended before it answered as Python does"))
    let old = try program.file("old", "#!/bin/sh\necho '{\"refused\": \"version\", \"why\": \"2.7.18\"}'\n")
    chmod(old, 0o755)
    let outcome = try program.shell("$ADVISOR map --interpreter ./old things:double -- ::: 1")
    #expect(outcome.status == 69 && outcome.complaint.contains("is Python 2.7.18, and Python 3.9 or later is needed"))
  }

  @Test(
    "A run is remembered with its prediction, unless that is not wanted",
    arguments: [("", true), ("--no-history", false)])
  func history(option: String, isKept: Bool) throws {
    _ = try program.file("nap.py", "import time\ndef nap(x): time.sleep(0.1)\n")
    let inputs = (1...40).map(String.init).joined(separator: " ")
    // What is over within a second is not kept.
    let outcome = try run("nap:nap --workers 2 --json \(option) -- ::: \(inputs)")
    #expect(outcome.status == 0 && (outcome.output + outcome.complaint).contains("\"p50\""))
    #expect(try program.run("history").output.contains("nap:nap") == isKept)
  }

  /// An interpreter that tells of each call what it took, beside others in its process and alone.
  private static let measured = """
    #!/usr/bin/python3
    import json, os, sys
    os.read(0, 1 << 20)
    lost, threads, names = float(os.environ["LOST"]), 1, 0
    def tell(payload=b"", **header): os.write(1, json.dumps(header).encode() + b"\\n" + payload)
    tell(ready=True, isAsync=False, holdsGIL=True, version="3.11.2")
    data = sys.stdin.buffer
    while line := data.readline():
        header = json.loads(line)
        threads = header.get("shape", (0, threads))[1]
        if "task" in header:
            data.read(header["bytes"])
            wall, off = (0.2, 0.2 * lost) if threads > 1 else (0.1, 0)
            used = dict(wall=wall, cpu=0.1, queued=wall - 0.1 - off, threads=threads)
            tell(b"1\\n", ended=header["task"], how=None, bytes=2, output=2, **used)

    """

  @Test(
    "Whether calls release the GIL is found by what they lose to it beside one another, and said",
    arguments: [(0.02, "threads", "lost 2 % of their time to the GIL: threads"), (0.5, "processes", "lost 50 %")])
  func lock(lost: Double, strategy: String, words: String) throws {
    chmod(try program.file("measured", Self.measured), 0o755)
    // One interpreter needs none of this. Four calls of each are alone, and three that begin later find it out; on a busy
    // machine many are under way before they are told.
    let interpreters = try usableCPUs()
    guard interpreters > 1 else { return }
    let inputs = (1...32 * interpreters).map(String.init).joined(separator: " ")
    let line = "LOST=\(lost) $ADVISOR map --interpreter ./measured any:thing --json -- ::: \(inputs)"
    let outcome = try program.shell(line)
    #expect(outcome.status == 0 && outcome.output.contains("\"strategy\" : \"\(strategy)\""), "\(outcome.output)")
    #expect(outcome.output.contains(words), "\(outcome.output)")
  }

  private func usableCPUs() throws -> Int {
    struct Probed: Decodable {
      struct Usable: Decodable { var effectiveCPUs: Double }
      var usable: Usable
    }
    let output = try program.run("probe", "--json").output
    return Int(try JSONDecoder().decode(Probed.self, from: Data(output.utf8)).usable.effectiveCPUs.rounded(.up))
  }

  @Test("A slow import is said to be one")
  func aSlowImportIsSaidToBeOne() throws {
    let outcome = try run("slow:double -- ::: 1")
    #expect(outcome.output == "2\n" && outcome.complaint.contains("slow is still being imported after 2 s"))
  }

  @Test("A run that is killed leaves no interpreter behind")
  func killed() throws {
    let running = try program.start(
      [
        "map", "--interpreter", "/usr/bin/python3", "things:hang", "--workers", "2", "--", ":::", "600",
        "600",
      ])
    let interpreters = { Self.interpreters(calling: "things:hang") }
    waitUntil { interpreters().count >= 3 }
    // The one that imports, and two workers.
    #expect(interpreters().count == 3)
    running.signal(SIGKILL)
    _ = try running.finish()
    #expect(waitUntil { interpreters().isEmpty })
  }

  @Test("Advice for a runtime that is not in the profile needs its measurement; one that is there is used")
  func advice() throws {
    let profile = try program.file("profile.json", SampleProfile.json)
    let missing = try program.run("recommend", "--job", "cpu:8x1e6", "--profile", profile, "--runtime", "nosuchpython")
    #expect(missing.status == 69 && missing.complaint.contains("there is no Python interpreter"))
    #expect(try program.run("calibrate", "--import", "json").complaint.contains("--runtime python3"))
    #expect(try program.run("calibrate", "--runtime", "python3", "--import", "a;b").status == 64)
  }

  /// Processes that are no `advisor` and whose command line ends with a function and a number.
  private static func interpreters(calling function: String) -> [Int32] {
    processes(with: function).filter { process in
      let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
      let words = String(decoding: line, as: UTF8.self).split(separator: "\0")
      return words.contains("-c") && words.contains { $0 == function }
    }
  }
}
