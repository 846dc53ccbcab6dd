import AdvisorTestSupport
import AdvisorCore
import FoundationEssentials
import Glibc
import Testing
import Transfer
@testable import Downloads

/// What a run has told.
final class Told: DownloadObserver {
  var outcomes: [DownloadOutcome] = []
  var onProgress: ((DownloadProgress) -> Void)?

  func downloadEnded(_ outcome: DownloadOutcome) { outcomes.append(outcome) }
  func progressed(_ progress: DownloadProgress) { onProgress?(progress) }
}

/// Downloads a list on a thread of its own, with delays too short to wait for.
@discardableResult
func download(
  _ lines: [String], into folder: TemporaryFolder, control: DownloadControl = DownloadControl(),
  _ change: (inout DownloadOptions) -> Void = { _ in }
) async throws -> (summary: DownloadSummary, outcomes: [DownloadOutcome]) {
  var options = DownloadOptions()
  options.retryDelaySeconds = 0.001
  change(&options)
  let list = try DownloadList(text: lines.joined(separator: "\n"), from: "a list")
  let downloads = try options.resume ? list.downloads(resumedIn: folder.path) : list.downloads
  return try await onThread { [options] () throws(AdvisorError) in
    let told = Told()
    let runner = try DownloadRunner(downloads, into: folder.path, options, control: control, observer: told)
    let summary = try runner.run()
    return (summary, told.outcomes)
  }
}

extension TemporaryFolder {
  /// Says that a part is from that URL, in the version of that entity tag.
  func writeOrigin(of name: String, from url: String, etag: String = "\"1\"") throws {
    let origin = DownloadOrigin(Download.identity(of: url), ResponseHead(status: 200, etag: etag))
    try write("\(name).part.from", Array(origin.text.utf8))
  }
}

@Suite struct DownloadRunnerTests {
  /// Different at every place, so that a piece in the wrong one shows.
  ///
  /// Made in place: `map` over that many bytes takes seconds without optimisation and under a sanitizer.
  static func body(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
      var place = 0
      while place < count {
        bytes.initializeElement(at: place, to: UInt8(truncatingIfNeeded: place &* 31 &+ place >> 8))
        place += 1
      }
      written = count
    }
  }

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("Every file arrives once and whole", arguments: [nil, 1, 3, 64])
  func everyFile(workers: Int?) async throws {
    let server = try FaultServer { .init(200, Self.body(Int($0.path.dropFirst(3)) ?? 0)) }
    let sizes = [0, 1, 1000, 65_536, 65_537, 300_000]
    let (summary, _) = try await download(sizes.map { server.url("/f-\($0)") }, into: folder) { $0.workers = workers }
    #expect(summary.exitStatus == 0 && summary.progress.succeeded == sizes.count)
    #expect(summary.progress.bytes == sizes.reduce(0, +))
    #expect(folder.files == Dictionary(uniqueKeysWithValues: sizes.map { ("f-\($0)", Self.body($0)) }))
    #expect(server.requests.count == sizes.count)
    #expect(server.maxUnderWay <= workers ?? 6)
  }

  /// Small files get their names without having had another one, in the place of what had it.
  @Test(
    "A file takes the place of an older one, and nothing else is left", arguments: [10, 1_100_000, 1_048_575],
    [true, false])
  func replacement(size: Int, flushes: Bool) async throws {
    let server = try FaultServer { _ in .init(200, Self.body(size)) }
    try folder.write("f", [1])
    try folder.write("g.part", [1, 2])
    let (summary, _) = try await download([server.url("/f"), server.url("/g")], into: folder) { $0.flushes = flushes }
    #expect(summary.exitStatus == 0)
    #expect(folder.files == ["f": Self.body(size), "g": Self.body(size)])
  }

  @Test("What a killed run left of a file that it had named goes away")
  func killedRun() async throws {
    let server = try FaultServer { $0.earlier > 0 ? .init(404, []) : .init(200, Self.body(10)) }
    try await download([server.url("/a")], into: folder)
    try folder.writeOrigin(of: "a", from: server.url("/a"))
    let (summary, _) = try await download([server.url("/a")], into: folder) { $0.resume = true }
    #expect(summary.progress.skipped == 1)
    #expect(folder.files == ["a": Self.body(10)])
  }

  @Test("A host is asked for no more at once than the user allows")
  func hostLimit() async throws {
    let server = try FaultServer { _ in .init(200, [1], delaySeconds: 0.005) }
    let lines = (0..<40).map { server.url("/\($0)") }
    let (summary, _) = try await download(lines, into: folder) { $0.perHost = 3 }
    #expect(summary.progress.succeeded == 40)
    #expect(server.maxUnderWay <= 3 && summary.progress.maxInFlight == 3)
  }

  @Test("The number that is told is the number that was held", arguments: [nil, 2, 20])
  func toldNumber(workers: Int?) async throws {
    let server = try FaultServer { _ in .init(200, [1], delaySeconds: 0.005) }
    let (summary, _) = try await download((0..<200).map { server.url("/\($0)") }, into: folder) { $0.workers = workers }
    #expect(summary.progress.succeeded == 200)
    #expect(server.maxUnderWay <= summary.progress.maxInFlight)
    if let workers { #expect(summary.progress.maxInFlight == workers) }
  }

  @Test("What is kept of a part's origin is for its user, and holds no secret")
  func origin() async throws {
    let server = try FaultServer { _ in
      .init(200, Self.body(2 << 20), length: 3 << 20, fields: ["ETag: \"1\""], closes: true)
    }
    let url = server.url("/f?a=1&token=s3cret").replacing("http://", with: "http://ann:s3cret@")
    try folder.write("f.part.from", [])
    chmod("\(folder.path)/f.part.from", 0o644)
    let (summary, outcomes) = try await download([url], into: folder) { $0.retries = 0 }
    #expect(summary.progress.failed == 1)
    #expect(outcomes.first?.failure?.contains("http://***@127.0.0.1:\(server.port)/f?a=1&token=***: ") == true)
    #expect(folder.contents(of: "f.part").count == 2 << 20)
    let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/f.part.from")[.posixPermissions]
    #expect(mode as? Int == 0o600)
    #expect(!folder.texts["f.part.from", default: "s3cret"].contains("s3cret"))
  }

  @Test("A body that breaks off is gone on from where it broke")
  func brokenBody() async throws {
    let whole = Self.body(3 << 20)
    let server = try FaultServer { request in
      guard let start = request.start else {
        return .init(200, Array(whole[..<2_000_000]), length: whole.count, fields: ["ETag: \"a\""], closes: true)
      }
      return .init(
        206, Array(whole[start...]),
        fields: ["ETag: \"a\"", "Content-Range: bytes \(start)-\(whole.count - 1)/\(whole.count)"])
    }
    let (summary, _) = try await download([server.url("/f")], into: folder)
    #expect(summary.progress.succeeded == 1 && summary.progress.retries == 1)
    #expect(folder.files == ["f": whole])
    #expect(server.requests.map(\.start) == [nil, 2_000_000])
    #expect(server.requests.last?.fields["if-range"] == "\"a\"")
  }

  @Test(
    "A body that nothing tells from another starts anew", arguments: ["ETag: W/\"weak\"", "X-Nothing: to tell it by"])
  func unmarkedBody(field: String) async throws {
    let whole = Self.body(2 << 20)
    let server = try FaultServer { request in
      request.earlier == 0
        ? .init(200, Array(whole[..<1_500_000]), length: whole.count, fields: [field], closes: true)
        : .init(200, whole, fields: [field])
    }
    let (summary, _) = try await download([server.url("/f")], into: folder)
    #expect(summary.progress.succeeded == 1)
    #expect(folder.files == ["f": whole])
    #expect(server.requests.map(\.start) == [nil, nil])
  }

  @Test("Another run goes on from a part, unless the file has changed")
  func anotherRun() async throws {
    let (old, new) = (Self.body(2 << 20), Array(Self.body(2 << 20).reversed()))
    for (name, bytes) in [("same", old), ("changed", new)] {
      try folder.write("\(name).part", Array(old[..<1_200_000]))
      let server = try FaultServer { request in
        // RFC 9110, 13.1.5: the range only where the validator still holds.
        guard let start = request.start, request.fields["if-range"] == (bytes == old ? "\"1\"" : "\"2\"") else {
          return .init(200, bytes, fields: ["ETag: \"2\""])
        }
        return .init(
          206, Array(bytes[start...]), fields: ["Content-Range: bytes \(start)-\(bytes.count - 1)/\(bytes.count)"])
      }
      try folder.writeOrigin(of: name, from: server.url("/\(name)"))
      let (summary, _) = try await download([server.url("/\(name)")], into: folder)
      #expect(summary.progress.succeeded == 1)
      #expect(folder.contents(of: name) == bytes)
      #expect(server.requests.map(\.start) == [1_200_000])
      #expect(summary.progress.bytes == (bytes == old ? bytes.count - 1_200_000 : bytes.count))
    }
    #expect(Set(folder.files.keys) == ["same", "changed"])
  }

  @Test(
    "A server that sends another range than was asked for is asked for the whole",
    arguments: [(206, "Content-Range: bytes 5-9/10"), (416, "X: y"), (206, "X: y")])
  func otherRange(
    _ answer: (status: Int, field: String)
  ) async throws {
    let server = try FaultServer { request in
      request.start == nil ? .init(200, [1, 2, 3]) : .init(answer.status, [9, 9, 9], fields: [answer.field])
    }
    try folder.write("f.part", [1, 2])
    try folder.writeOrigin(of: "f", from: server.url("/f"))
    let (summary, _) = try await download([server.url("/f")], into: folder) { $0.retries = 0 }
    #expect(summary.progress.succeeded == 1)
    #expect(folder.files == ["f": [1, 2, 3]])
  }

  @Test("A first interruption lets what is under way end, and a second one gives it up")
  func interruptions() async throws {
    let control = DownloadControl()
    let server = try FaultServer { request in
      if request.path == "/0" { control.advance(to: .draining) }
      return .init(200, [1], delaySeconds: 0.05)
    }
    let lines = (0..<50).map { server.url("/\($0)") }
    let (drained, _) = try await download(lines, into: folder, control: control) { $0.workers = 2 }
    #expect(drained.isInterrupted && drained.exitStatus == 130)
    #expect((1...4).contains(drained.progress.succeeded) && drained.progress.failed == 0)
    let stop = DownloadControl()
    let stalling = try FaultServer { _ in
      stop.advance(to: .stopping)
      return .init(200, [1], length: 10, stallSeconds: 2)
    }
    let (stopped, _) = try await download([stalling.url("/x")], into: folder, control: stop)
    #expect(stopped.isInterrupted && stopped.progress.succeeded == 0)
    #expect(!folder.files.keys.contains { $0.hasPrefix("x") })
  }

  @Test("All downloads together keep to the rate limit")
  func rateLimit() async throws {
    let server = try FaultServer { _ in .init(200, Self.body(100_000)) }
    let (summary, _) = try await download((0..<6).map { server.url("/\($0)") }, into: folder) {
      $0.bytesPerSecond = 2e6
    }
    #expect(summary.progress.succeeded == 6)
    // 600 kB less what may come at once: a twentieth of a second, and a piece that each connection may go into debt by.
    #expect(summary.progress.seconds > (600e3 - 100e3 - 65_536) / 2e6)
  }

  @Test("Two runs never write into one folder at once")
  func twoRuns() async throws {
    let folder = folder
    let held = try DownloadFolder.open(folder.path)
    await #expect(throws: AdvisorError.self) { try await download(["http://127.0.0.1:1/x"], into: folder) }
    _ = consume held
  }
}
