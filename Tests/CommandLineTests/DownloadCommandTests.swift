import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing

/// `advisor download`, as typed, against the built-in server.
@Suite("Downloads") struct DownloadCommandTests {
  private let program: Program
  private let server: TestServer

  init() throws {
    program = try Program()
    server = try TestServer()
  }

  private var into: String { "\(program.folder)/files" }

  private func files() -> [String: Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: into)) ?? []
    return Dictionary(
      uniqueKeysWithValues: names.filter { $0 != ".advisor-downloads" }.map {
        ($0, FileManager.default.contents(atPath: "\(into)/\($0)")?.count ?? -1)
      })
  }

  private func list(_ lines: [String]) throws -> String { try program.file("list", lines.joined(separator: "\n")) }

  @Test("A list is downloaded into a folder that is made for it, and a second run with --resume finds it there")
  func downloads() throws {
    let list = try list(["# two files", "\(server.url)/bytes/100", "\(server.url)/bytes/200000 out=big"])
    let outcome = try program.run("download", list, "--into", into)
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(files() == ["100": 100, "big": 200_000])
    #expect(outcome.output.contains("2 of 2 tasks done"))
    let again = try program.run("download", list, "--into", into, "--resume", "--json").json()
    let downloads = try #require(again["downloads"] as? [String: Any])
    #expect(downloads["skipped"] as? Int == 2 && downloads["bytes"] as? Int == 0)
    let idle = try program.run("download", list, "--into", into, "--resume")
    #expect(idle.status == 0 && idle.output == "" && idle.complaint == "nothing to do: 2 of 2 already done\n")
  }

  @Test("A list without URLs is nothing to do, and a line says so")
  func emptyList() throws {
    let outcome = try program.run("download", try list(["# none yet"]), "--into", into)
    #expect(outcome.status == 0 && outcome.output == "" && outcome.complaint.contains("no URLs in the list"))
  }

  @Test(
    "Files whose command has failed in an earlier run are named, and fail this one", arguments: ["journal", "joblog"])
  func earlierFailures(record: String) throws {
    let list = try list(["\(server.url)/bytes/3 out=a", "\(server.url)/bytes/4 out=b"])
    let line = "$ADVISOR download \(list) --into files --\(record) j --resume -- sh -c 'test {/} != b'"
    #expect(try program.shell(line).status == 1)
    let again = try program.shell(line)
    #expect(again.status == 1)
    #expect(again.complaint.contains("(sh -c 'test b != b') failed in an earlier run\n"), "\(again.complaint)")
    #expect(again.complaint.contains("\n  1 of 2 tasks done, 1 failed\n"), "\(again.complaint)")
  }

  @Test("A list that has grown at its front, with --resume, fetches what is new and nothing else")
  func grownList() throws {
    let urls = ["1ms", "2ms"].map { "\(server.url)/bytes/3?latency=\($0)" }
    #expect(try program.run("download", try list(urls), "--into", into).status == 0)
    let grown = ["\(server.url)/bytes/3?latency=0ms"] + urls
    let dry = try program.run("download", try list(grown), "--into", into, "--resume", "--dry-run")
    #expect(dry.output.hasSuffix("=0ms → \(into)/3-3\n\(urls[0]) → \(into)/3\n\(urls[1]) → \(into)/3-2\n"))
    let outcome = try program.run("download", try list(grown), "--into", into, "--resume", "--json").json()
    #expect((outcome["downloads"] as? [String: Any])?["skipped"] as? Int == 2)
    #expect(files() == ["3": 3, "3-2": 3, "3-3": 3])
  }

  @Test("The number in flight that is told is the one that was held")
  func inFlight() throws {
    let list = try list((1...40).map { "\(server.url)/bytes/\($0)?latency=20ms" })
    let outcome = try program.run("download", list, "--into", into, "--per-host", "4")
    #expect(outcome.output.contains("with 4 in flight"), "\(outcome.output)")
  }

  @Test(
    "No secret of a URL or a proxy is printed or kept",
    arguments: ["", "http_proxy=http://ann:s3cret@[", "http_proxy=x://ann:s3cret@h"])
  func secrets(_ proxy: String) throws {
    let url = "\(server.url.replacing("http://", with: "http://ann:s3cret@"))/nothing?token=s3cret"
    let list = try list([url, url.replacing("/nothing", with: "/bytes/5")])
    let line = "\"$ADVISOR\" download '\(list)' --into '\(into)' --retries 0"
    let outcomes = try ["", " --json", " --dry-run"].map { option in
      try program.shell("\(proxy.isEmpty ? "" : "export '\(proxy)'; ")exec \(line)\(option)")
    }
    #expect(outcomes.map(\.status) == [1, 1, 0])
    #expect(outcomes.allSatisfy { !($0.output + $0.complaint).contains("s3cret") })
    #expect(outcomes[0].complaint.contains("http://***@"), "\(outcomes[0].complaint)")
    let kept = try program.shell(
      "grep -rs --exclude=list s3cret '\(into)' \"$XDG_DATA_HOME\" \"$HOME/.local\" | head -c 300")
    #expect(kept.output == "")
  }

  @Test("A file that is larger than a file may be fails by name, and the others are done")
  func tooLarge() throws {
    let list = try list(["\(server.url)/bytes/5000000", "\(server.url)/bytes/7"])
    // Ignored, the limit's signal becomes an error of write.
    let line = "trap '' XFSZ; ulimit -f 1000; exec \"$ADVISOR\" download '\(list)' --into '\(into)'"
    let outcome = try program.shell(line)
    #expect(outcome.status == 1 && outcome.complaint.contains("/bytes/5000000: it cannot be written"))
    #expect(files() == ["7": 7])
  }

  @Test("The list comes from standard input too, and --dry-run shows what would become of it")
  func dryRun() throws {
    let outcome = try program.run("download", "-", "--into", into, "--dry-run", input: "http://h/a%20b\n")
    #expect(outcome.status == 0 && outcome.output == "http://h/a%20b → \(into)/a b\n")
    #expect(!FileManager.default.fileExists(atPath: into))
  }

  @Test("A command processes each file as it lands, and its output is the program's")
  func pipeline() throws {
    let list = try list((1...20).map { "\(server.url)/bytes/\($0)" })
    let outcome = try program.run("download", list, "--into", into, "--", "wc", "-c", "{}")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let counted = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(Set(counted.compactMap { $0.first }.compactMap { Int($0) }) == Set(1...20))
    #expect(counted.allSatisfy { $0.last?.hasPrefix(into) == true })
  }

  @Test("Each failure is named, the others are done, and the exit code says so")
  func failures() throws {
    let list = try list(["\(server.url)/nothing", "\(server.url)/bytes/5"])
    let outcome = try program.run("download", list, "--into", into)
    #expect(outcome.status == 1)
    #expect(outcome.complaint.contains("/nothing: the server answered with status 404"))
    #expect(outcome.complaint.contains("1 failed: run the same again with --resume to try it again"))
    #expect(files() == ["5": 5])
  }

  @Test(
    "A disk that takes no more ends the run with the reason, and leaves nothing that looks whole: exit 73",
    .enabled(if: TinyDisk.canBeMade))
  func fullDisk() throws {
    let list = try list(["\(server.url)/bytes/5000000"])
    let script = "\"$ADVISOR\" download '\(list)' --into disk; status=$?; ls disk; exit $status"
    let outcome = try program.shell(TinyDisk(in: program.folder).wrap(script, bytes: 300_000))
    #expect(outcome.status == 73, "\(outcome.complaint)")
    #expect(outcome.complaint.contains("cannot write"))
    #expect(!outcome.output.split(separator: "\n").contains("5000000"))
  }

  @Test(
    "What has arrived before the disk was full does not come again with --resume", .enabled(if: TinyDisk.canBeMade))
  func resumedAfterFullDisk() throws {
    let list = try list(["\(server.url)/bytes/100000", "\(server.url)/bytes/5000000"])
    let script = """
      "$ADVISOR" download '\(list)' --into disk -j 1; echo $?
      head -n 1 '\(list)' > first; "$ADVISOR" download first --into disk --resume
      """
    let outcome = try program.shell(TinyDisk(in: program.folder).wrap(script, bytes: 300_000))
    #expect(outcome.output.hasPrefix("73") && outcome.complaint.contains("then run the same again with --resume"))
    #expect(outcome.complaint.contains("nothing to do: 1 of 1 already done"), "\(outcome.complaint)")
  }

  @Test("The first Ctrl-C lets downloads under way end, the second one does not: exit 130", arguments: [1, 2])
  func interruption(signals: Int) throws {
    let slow = (0..<40).map { "\(server.url)/bytes/\(100 + $0)?latency=500ms" }
    let running = try program.start(
      ["download", try list(slow), "--into", into, "--workers", "2", "--stall-timeout", "60s"])
    waitUntil { !files().isEmpty }
    for _ in 0..<signals {
      running.signal(SIGINT)
      usleep(100_000)
    }
    let outcome = try running.finish()
    #expect(outcome.status == 130)
    #expect(outcome.complaint.contains("\(files().count) of 40 done; run the same again with --resume"))
    #expect(files().count < 40 && !files().keys.contains { $0.hasSuffix(".part") })
  }

  @Test("SIGTERM gives up what is under way: exit 143")
  func termination() throws {
    let running = try program.start(
      ["download", try list(["\(server.url)/bytes/1", "\(server.url)/bytes/2?latency=60s"]), "--into", into])
    waitUntil { !files().isEmpty }
    running.signal(SIGTERM)
    #expect(try running.finish().status == 143)
    #expect(files() == ["1": 1])
  }

  static let mistakes: [(arguments: [String], word: String)] = [
    (["LIST"], "--into <dir>"),
    (["--into", "x"], "<list>"),
    (["LIST", "--into", ""], "--into"),
    (["LIST", "--into", "x", "--strategy", "threads"], "--strategy"),
    (["LIST", "--into", "x", "--batch", "3"], "--batch"),
    (["LIST", "--into", "x", "--timeout", "300%"], "--timeout"),
    (["LIST", "--into", "x", "--rate-limit", "fast"], "rate-limit"),
    (["LIST", "--into", "x", "--per-host", "0"], "per-host"),
    (["LIST", "--into", "x", "--max-size", "huge"], "max-size"),
    (["LIST", "--into", "x", "--stall-timeout", "1"], "stall-timeout"),
    (["LIST", "--into", "x", "--", "cat", "{}", ":::", "y"], ":::"),
  ]

  @Test("Options that make no sense are named: exit 64", arguments: mistakes)
  func usage(_ mistake: (arguments: [String], word: String)) throws {
    let list = try list(["http://127.0.0.1:1/x"])
    let outcome = try program.start(["download"] + mistake.arguments.map { $0 == "LIST" ? list : $0 }).finish()
    #expect(outcome.status == 64)
    #expect(outcome.complaint.contains(mistake.word), "\(outcome.complaint)")
  }

  @Test("A list that cannot be read, or is none, is named: exit 65", arguments: ["/absent", "LIST"])
  func badList(_ name: String) throws {
    let list = try list(["http://a/x", "gopher://a/x"])
    let outcome = try program.run("download", name == "LIST" ? list : name, "--into", into)
    #expect(outcome.status == 65)
    #expect(outcome.complaint.contains(name == "LIST" ? "line 2" : "/absent"))
  }
}
