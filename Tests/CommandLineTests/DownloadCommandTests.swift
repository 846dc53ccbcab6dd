import Foundation
import Testing

/// `advisor run --urls`, as typed, against the built-in server.
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
    let outcome = try program.run("run", "--urls", list, "--into", into)
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(files() == ["100": 100, "big": 200_000])
    #expect(outcome.output.contains("2 of 2 tasks done"))
    let again = try program.run("run", "--urls", list, "--into", into, "--resume", "--json").json()
    let downloads = try #require(again["downloads"] as? [String: Any])
    #expect(downloads["skipped"] as? Int == 2 && downloads["bytes"] as? Int == 0)
  }

  @Test("The list comes from standard input too, and --dry-run shows what would become of it")
  func dryRun() throws {
    let outcome = try program.run("run", "--urls", "-", "--into", into, "--dry-run", input: "http://h/a%20b\n")
    #expect(outcome.status == 0 && outcome.output == "http://h/a%20b → \(into)/a b\n")
    #expect(!FileManager.default.fileExists(atPath: into))
  }

  @Test("A command processes each file as it lands, and its output is the program's")
  func pipeline() throws {
    let list = try list((1...20).map { "\(server.url)/bytes/\($0)" })
    let outcome = try program.run("run", "--urls", list, "--into", into, "--", "wc", "-c", "{}")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let counted = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(Set(counted.compactMap { $0.first }.compactMap { Int($0) }) == Set(1...20))
    #expect(counted.allSatisfy { $0.last?.hasPrefix(into) == true })
  }

  @Test("Each failure is named, the others are done, and the exit code says so")
  func failures() throws {
    let list = try list(["\(server.url)/nothing", "\(server.url)/bytes/5"])
    let outcome = try program.run("run", "--urls", list, "--into", into)
    #expect(outcome.status == 1)
    #expect(outcome.complaint.contains("/nothing: the server answered with status 404"))
    #expect(files() == ["5": 5])
  }

  @Test("A disk that takes no more ends the run with the reason, and leaves nothing that looks whole: exit 73")
  func fullDisk() throws {
    let list = try list(["\(server.url)/bytes/5000000"])
    // A limit on the size of files stands in for the disk; ignored, its signal becomes an error of write.
    let line = "trap '' XFSZ; ulimit -f 1000; exec \"$ADVISOR\" run --urls '\(list)' --into '\(into)'"
    let outcome = try program.shell(line)
    #expect(outcome.status == 73, "\(outcome.complaint)")
    #expect(outcome.complaint.contains("cannot write"))
    #expect(files()["5000000"] == nil)
  }

  @Test("The first Ctrl-C lets downloads under way end, the second one does not: exit 130", arguments: [1, 2])
  func interruption(signals: Int) throws {
    let slow = (0..<40).map { "\(server.url)/bytes/\(100 + $0)?latency=500ms" }
    let running = try program.start(
      ["run", "--urls", try list(slow), "--into", into, "--workers", "2", "--stall-timeout", "60s"])
    for _ in 0..<1000 where files().isEmpty { usleep(10_000) }
    for _ in 0..<signals {
      running.signal(SIGINT)
      usleep(100_000)
    }
    let outcome = try running.finish()
    #expect(outcome.status == 130)
    #expect(outcome.complaint.contains("--resume"))
    #expect(files().count < 40 && !files().keys.contains { $0.hasSuffix(".part") })
  }

  static let mistakes: [(arguments: [String], word: String)] = [
    (["--urls", "LIST"], "--into DIR"),
    (["--into", "x", "--job", "wait:1x1ms"], "need --urls"),
    (["--urls", "LIST", "--into", "x", "--strategy", "threads"], "--strategy"),
    (["--urls", "LIST", "--into", "x", "--rate-limit", "fast"], "rate-limit"),
    (["--urls", "LIST", "--into", "x", "--per-host", "0"], "per-host"),
    (["--urls", "LIST", "--into", "x", "--max-size", "huge"], "max-size"),
    (["--urls", "LIST", "--into", "x", "--stall-timeout", "1"], "stall-timeout"),
    (["--urls", "LIST", "--into", "x", "--", "cat", "{}", ":::", "y"], ":::"),
  ]

  @Test("Options that make no sense are named: exit 64", arguments: mistakes)
  func usage(_ mistake: (arguments: [String], word: String)) throws {
    let list = try list(["http://127.0.0.1:1/x"])
    let outcome = try program.start(["run"] + mistake.arguments.map { $0 == "LIST" ? list : $0 }).finish()
    #expect(outcome.status == 64)
    #expect(outcome.complaint.contains(mistake.word), "\(outcome.complaint)")
  }

  @Test("A list that cannot be read, or is none, is named: exit 65", arguments: ["/absent", "LIST"])
  func badList(_ name: String) throws {
    let list = try list(["http://a/x", "gopher://a/x"])
    let outcome = try program.run("run", "--urls", name == "LIST" ? list : name, "--into", into)
    #expect(outcome.status == 65)
    #expect(outcome.complaint.contains(name == "LIST" ? "line 2" : "/absent"))
  }
}
