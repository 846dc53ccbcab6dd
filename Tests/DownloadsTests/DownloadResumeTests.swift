import AdvisorTestSupport
import AdvisorCore
import FoundationEssentials
import Glibc
import Testing
@testable import Downloads

/// What an earlier run has left, and what a later one makes of it. The server answers each path with itself, so that a
/// file tells which URL it came from.
@Suite struct DownloadResumeTests {
  let folder: TemporaryFolder
  let server: FaultServer

  init() throws {
    folder = try TemporaryFolder()
    server = try FaultServer { .init(200, Array($0.path.utf8)) }
  }

  /// Downloads the paths, each with what may stand after it, and returns those that were asked for.
  @discardableResult
  private func resume(_ lines: String..., resuming: Bool = true) async throws -> [String] {
    let earlier = server.requests.count
    let (summary, outcomes) = try await download(lines.map { server.url($0) }, into: folder) {
      ($0.resume, $0.workers) = (resuming, 1)
    }
    #expect(summary.exitStatus == 0)
    for outcome in outcomes where !outcome.isChanged {
      // The file of a URL is the one that the run says it is.
      let path = String(outcome.download.url.dropFirst(server.url("").count))
      #expect(folder.texts[outcome.download.name] == path)
    }
    return server.requests.dropFirst(earlier).map(\.path)
  }

  @Test("A list that has grown at its front fetches what is new, and takes no file for another URL's")
  func grownList()
    async throws
  {
    try await resume("/one/data.csv", "/two/data.csv")
    #expect(try await resume("/zero/data.csv", "/one/data.csv", "/two/data.csv") == ["/zero/data.csv"])
    #expect(
      folder.texts == ["data.csv": "/one/data.csv", "data-2.csv": "/two/data.csv", "data-3.csv": "/zero/data.csv"])
  }

  @Test(
    "A list in another order, or shorter, finds all that is there",
    arguments: [
      ["/b/x", "/a/x"], ["/b/x"], ["/b/x", "/b/x", "/a/x"], ["/a/x", "/b/x"],
    ])
  func otherOrder(paths: [String]) async throws {
    try await resume("/a/x", "/b/x")
    let (summary, _) = try await download(paths.map { server.url($0) }, into: folder) { $0.resume = true }
    #expect(summary.progress.skipped == Set(paths).count && summary.progress.succeeded == 0)
    #expect(folder.texts == ["x": "/a/x", "x-2": "/b/x"])
  }

  @Test("Names that differ in their case, their query or their host are files of their own")
  func similarNames() async throws {
    try await resume("/Data", "/data", "/q?a=1", "/q?a=2")
    #expect(try await resume("/q?a=2", "/data", "/q?a=3", "/Data", "/q?a=1") == ["/q?a=3"])
  }

  @Test("A file that nobody knows of comes again, since its name does not say whose it is")
  func unknownFile() async throws {
    try folder.write("x", Array("from elsewhere".utf8))
    #expect(try await resume("/a/x") == ["/a/x"])
    #expect(folder.texts == ["x": "/a/x"])
  }

  @Test("A chosen name is fetched anew where another URL's file has it")
  func chosenName() async throws {
    try await resume("/a out=x", "/b out=y")
    #expect(try await resume("/b out=x", "/c out=y", "/a") == ["/b", "/c", "/a"])
    #expect(try await resume("/a", "/b out=x", "/c out=y") == [])
  }

  @Test("One URL may have two files")
  func twoFilesOfOneURL() async throws {
    try await resume("/a out=x", "/a out=y")
    #expect(try await resume("/a out=y", "/a out=x") == [])
    #expect(try await resume("/a") == [], "it is there, if under another name")
  }

  @Test("A run without resume takes names anew, and what it replaces is no longer taken for what it was")
  func withoutResume()
    async throws
  {
    try await resume("/one/x", "/two/x")
    try await resume("/two/x", resuming: false)
    #expect(folder.texts == ["x": "/two/x", "x-2": "/two/x"])
    #expect(try await resume("/one/x", "/two/x") == ["/one/x"])
  }

  @Test("A file that was removed comes again, under its name")
  func removedFile() async throws {
    try await resume("/a/x", "/b/x")
    try FileManager.default.removeItem(atPath: "\(folder.path)/x-2")
    #expect(try await resume("/c/x", "/b/x", "/a/x") == ["/c/x", "/b/x"])
    #expect(folder.texts == ["x": "/a/x", "x-2": "/b/x", "x-3": "/c/x"])
  }

  @Test("A file that was changed since it arrived is kept, and named")
  func changedFile() async throws {
    try await resume("/a")
    try folder.write("a", Array("edited by hand".utf8))
    let (summary, outcomes) = try await download([server.url("/a")], into: folder) { $0.resume = true }
    #expect(summary.progress.skipped == 1 && folder.texts == ["a": "edited by hand"])
    #expect(outcomes.first?.remark?.contains("\(folder.path)/a") == true)
  }

  @Test("The checksum decides where there is one")
  func checksum() async throws {
    // From sha256sum.
    let sum = "11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437"
    let server = try FaultServer { _ in .init(200, Array("new".utf8)) }
    for (name, text) in [("right", "new"), ("wrong", "old")] { try folder.write(name, Array(text.utf8)) }
    let lines = ["right", "wrong"].map { "\(server.url("/\($0)")) sha256=\(sum)" }
    let (summary, _) = try await download(lines, into: folder) { $0.resume = true }
    #expect(summary.progress.skipped == 1 && server.requests.map(\.path) == ["/wrong"])
    let again = try await download([server.url("/right")], into: folder) { $0.resume = true }
    #expect(again.summary.progress.skipped == 1, "it is known from then on")
  }

  @Test("A part is gone on from under its name, whatever comes before it in the list")
  func part() async throws {
    let body = DownloadRunnerTests.body(2 << 20)
    let server = try FaultServer { request in
      guard let start = request.start else { return .init(200, [1], fields: ["ETag: \"1\""]) }
      return .init(
        206, Array(body[start...]), fields: ["Content-Range: bytes \(start)-\(body.count - 1)/\(body.count)"])
    }
    try folder.write("x.part", Array(body[..<1_200_000]))
    try folder.writeOrigin(of: "x", from: server.url("/b/x"))
    try await download(["/a/x", "/b/x"].map { server.url($0) }, into: folder) { $0.resume = true }
    #expect(folder.files == ["x": body, "x-2": [1]])
    #expect(server.requests.contains { $0.path == "/b/x" && $0.start == 1_200_000 })
  }

  @Test("An address that was signed anew is the same")
  func signedAnew() async throws {
    try await resume("/a?X-Amz-Date=20260101T000000Z&X-Amz-Signature=0123")
    let (summary, _) = try await download(
      [server.url("/a?X-Amz-Date=20260102T000000Z&X-Amz-Signature=4567")], into: folder
    ) { $0.resume = true }
    #expect(summary.progress.skipped == 1)
  }

  @Test("The record does not grow with runs that bring nothing new")
  func lengthOfTheRecord() async throws {
    try await resume("/a", "/b")
    let record = folder.contents(of: DownloadRecord.fileName)
    try await resume("/b", "/a", resuming: false)
    #expect(folder.contents(of: DownloadRecord.fileName) == record)
  }

  @Test("A record that was cut off in a line is gone on from")
  func cutOffRecord() async throws {
    try await resume("/a", "/b")
    try folder.write(DownloadRecord.fileName, Array(folder.contents(of: DownloadRecord.fileName).dropLast(3)))
    #expect(try await resume("/a", "/b") == ["/b"])
    #expect(try await resume("/a", "/b") == [])
  }

  @Test("A file of the record's name that is none is left as it is")
  func placeOfTheRecord() async throws {
    try folder.write(DownloadRecord.fileName, Array("mine".utf8))
    await #expect(throws: AdvisorError.self) { try await resume("/a") }
    #expect(folder.contents(of: DownloadRecord.fileName) == Array("mine".utf8))
  }
}
