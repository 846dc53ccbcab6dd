import AdvisorTestSupport
import AdvisorCore
import FoundationEssentials
import Glibc
import Testing
@testable import Downloads

/// What servers and networks do wrong, and what becomes of it.
@Suite struct DownloadFaultTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The reason of the only download's failure.
  private func failure(
    of server: FaultServer, _ path: String = "/f", line: String = "",
    _ change: (inout DownloadOptions) -> Void = { _ in }
  ) async throws -> String {
    let (summary, outcomes) = try await download(["\(server.url(path)) \(line)"], into: folder, change)
    #expect(summary.exitStatus == 1 && summary.progress.failed == 1)
    #expect(folder.files.isEmpty, "nothing half is left")
    return try #require(outcomes.first?.failure)
  }

  @Test("A connection that drops in the middle of the body is tried again, so often and no more")
  func droppedConnection() async throws {
    let server = try FaultServer { _ in .init(200, [1, 2, 3], length: 10, closes: true) }
    let reason = try await failure(of: server) { $0.retries = 2 }
    #expect(reason.contains("after 3 attempts"))
    #expect(server.requests.count == 3)
  }

  @Test("A server that stalls is given up after the time without progress")
  func stall() async throws {
    // Before it closes the connection itself.
    let server = try FaultServer { _ in .init(200, [1], length: 10, stallSeconds: 4, closes: true) }
    let reason = try await failure(of: server) { ($0.retries, $0.stallSeconds) = (0, 1) }
    #expect(reason.contains("too slow: nothing came for 1 s"))
  }

  @Test("A download that takes too long is given up")
  func timeout() async throws {
    let server = try FaultServer { _ in .init(200, [1], length: 10, stallSeconds: 2) }
    let reason = try await failure(of: server) { ($0.retries, $0.timeoutSeconds) = (0, 0.1) }
    #expect(reason.contains("timed out"))
  }

  @Test("Bytes beyond the promised length are not taken")
  func tooManyBytes() async throws {
    let server = try FaultServer { _ in .init(200, Array("0123456789".utf8), length: 4, closes: true) }
    let (summary, _) = try await download([server.url("/f")], into: folder)
    #expect(summary.exitStatus == 0)
    #expect(folder.files == ["f": Array("0123".utf8)])
  }

  @Test("A status that may pass is waited out as long as the server asks", arguments: [429, 503, 500, 502, 504, 408])
  func passingStatus(status: Int) async throws {
    let server = try FaultServer { request in
      request.earlier == 0 ? .init(status, [], fields: ["Retry-After: 1"]) : .init(200, [7])
    }
    let (summary, outcomes) = try await download([server.url("/f")], into: folder)
    #expect(summary.progress.succeeded == 1 && outcomes.first?.attempts == 2)
    #expect(summary.progress.seconds >= 1)
  }

  @Test("A server that asks for too much patience is given up")
  func impatience() async throws {
    let server = try FaultServer { _ in .init(503, [], fields: ["Retry-After: 86400"]) }
    #expect(try await failure(of: server).contains("asks to wait for 24 h"))
    #expect(server.requests.count == 1)
  }

  @Test("A status that will not pass is not tried again", arguments: [404, 403, 410, 401])
  func lastingStatus(status: Int) async throws {
    let server = try FaultServer { _ in .init(status, Array("a page that says so".utf8)) }
    #expect(try await failure(of: server).contains("status \(status)"))
    #expect(server.requests.count == 1)
  }

  @Test("A server that bears eight at once gets eight, and loses none")
  func overload() async throws {
    let server = try FaultServer { request in
      request.underWay > 8 ? .init(429) : .init(200, [1], delaySeconds: 0.01)
    }
    let (summary, _) = try await download((0..<200).map { server.url("/\($0)") }, into: folder) {
      ($0.workers, $0.retries) = (40, 1)
    }
    #expect(summary.exitStatus == 0 && summary.progress.succeeded == 200)
  }

  @Test(
    "A redirect leads to http and https only",
    arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x"])
  func redirectElsewhere(target: String) async throws {
    let server = try FaultServer { _ in .init(302, [], fields: ["Location: \(target)"]) }
    #expect(try await failure(of: server).lowercased().contains("protocol"))
    #expect(server.requests.count == 1)
  }

  @Test("A redirect is followed, and the file keeps the name of its own URL")
  func redirect() async throws {
    let server = try FaultServer { request in
      request.path == "/a" ? .init(302, [], fields: ["Location: /../../etc/evil"]) : .init(200, [5])
    }
    let (summary, _) = try await download([server.url("/a")], into: folder)
    #expect(summary.exitStatus == 0)
    #expect(folder.files == ["a": [5]])
  }

  @Test("Redirects that go round end")
  func redirectLoop() async throws {
    let server = try FaultServer { _ in .init(302, [], fields: ["Location: /f"]) }
    #expect(try await failure(of: server).contains("redirects"))
    #expect(server.requests.count == 11)
  }

  @Test("A wrong checksum keeps the file from its name")
  func wrongChecksum() async throws {
    let server = try FaultServer { _ in .init(200, Array("abc".utf8)) }
    // Of the empty message (FIPS 180-4 examples), then of “abc”.
    let wrong = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    #expect(try await failure(of: server, line: "sha256=\(wrong)").contains("SHA-256"))
    let right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let (summary, _) = try await download(["\(server.url("/g")) sha256=\(right)"], into: folder)
    #expect(summary.exitStatus == 0)
  }

  @Test("A file above the size limit is refused, whether its length is told or not", arguments: [true, false])
  func sizeLimit(isTold: Bool) async throws {
    let server = try FaultServer { _ in
      var answer = FaultServer.Answer(200, Array(repeating: 1, count: 5000), closes: true)
      if !isTold { answer.bytes = Array("HTTP/1.1 200 x\r\n\r\n".utf8) + Array(repeating: 1, count: 5000) }
      return answer
    }
    #expect(try await failure(of: server) { $0.maxBytes = 4096 }.contains("4 KiB"))
    let (summary, _) = try await download([server.url("/g")], into: folder) { $0.maxBytes = 5000 }
    #expect(summary.exitStatus == 0)
  }

  @Test("A server that is not there is a failure with its reason")
  func absentServer() async throws {
    let (summary, outcomes) = try await download(["http://127.0.0.1:1/x"], into: folder) { $0.retries = 1 }
    #expect(summary.exitStatus == 1)
    #expect(outcomes.first?.failure?.contains("after 2 attempts") == true)
  }

  @Test(
    "A file whose place a folder has fails by name, and the others go on", arguments: ["f", "f.part", "f.part.from"],
    [10, 2 << 20])
  func occupiedPlace(occupied: String, size: Int) async throws {
    let server = try FaultServer { _ in .init(200, DownloadRunnerTests.body(size), fields: ["ETag: \"1\""]) }
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/\(occupied)/full", withIntermediateDirectories: true)
    let (summary, outcomes) = try await download(["/a", "/f", "/z"].map { server.url($0) }, into: folder)
    let failures = outcomes.compactMap(\.failure)
    #expect(failures.count == summary.progress.failed && failures.allSatisfy { $0.contains("/f: ") })
    // Where a small file is from need not be kept.
    #expect(summary.progress.failed == (occupied != "f.part.from" || size > 10 ? 1 : 0))
    #expect(folder.contents(of: "a").count == size && folder.contents(of: "z").count == size)
    #expect(Set(folder.files.keys).subtracting(["a", "z", "f"]) == Set([occupied]).subtracting(["f"]))
  }

  @Test("A link in place of a part is not followed")
  func link() async throws {
    let victim = try TemporaryFile("mine")
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/f.part", withDestinationPath: victim.path)
    let server = try FaultServer { _ in .init(200, DownloadRunnerTests.body(2 << 20)) }
    let (summary, _) = try await download([server.url("/f"), server.url("/g")], into: folder)
    #expect(summary.progress.succeeded >= 1)
    #expect(victim.text == "mine")
  }
}
