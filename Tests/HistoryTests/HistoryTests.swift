import AdvisorCore
import AdvisorTestSupport
import Glibc
import History
import Testing

@Suite("Past runs") struct HistoryTests {
  private let scratch: ScratchHistory
  private var path: String { scratch.path }

  init() throws { scratch = try ScratchHistory() }

  @Test("The newest runs come first")
  func remembersTheNewestFirst() throws {
    let history = try History(path: path)
    for job in ["cpu:1x1", "cpu:2x1", "cpu:3x1"] { try history.add(ScratchHistory.entry(job)) }
    try history.add(ScratchHistory.entry("cpu:4x1", fingerprint: "b"))
    #expect(try History(path: path).newest(2, of: "a").map(\.job) == ["cpu:3x1", "cpu:2x1"])
    #expect(try history.count() == 4)
    #expect(try history.count(of: "b") == 1)
    #expect(try history.newest(1).first == ScratchHistory.entry("cpu:4x1", fingerprint: "b"))
    try history.clear()
    #expect(try history.count() == 0)
  }

  @Test("What was found of hosts last is known in its place, of those that are asked for")
  func hosts() throws {
    let history = try History(path: path)
    let odd = "b'); DROP TABLE host; --"
    try history.add(inFlight: ["a.example:80": 12, odd: 3, "c": 40], of: "here")
    try history.add(inFlight: ["c": 24], of: "here")
    try history.add(inFlight: ["c": 7], of: "there")
    #expect(try history.inFlight(to: ["c", "d", odd], of: "here") == ["c": 24, odd: 3])
    #expect(try History(path: path).inFlight(to: ["c"], of: "there") == ["c": 7])
    let plan = "EXPLAIN QUERY PLAN SELECT inFlight FROM host WHERE fingerprint = 'here' AND name IN ('c', 'd')"
    #expect(try scratch.python("print(db.execute(\"\(plan)\").fetchall()[0][3])").contains("PRIMARY KEY"))
    try history.clear()
    #expect(try history.inFlight(to: ["c"], of: "here") == [:])
  }

  @Test("A run of which nothing was predicted is remembered without")
  func unpredicted() throws {
    var run = ScratchHistory.entry("gzip -k")
    (run.predicted, run.unlearntSeconds) = (nil, nil)
    try History(path: path).add(run)
    let read = try #require(try History(path: path).newest(1).first)
    #expect(read == run && read.error == nil && read.isCovered == nil)
  }

  @Test("Text is kept whole, whatever is in it", arguments: ["", "a\0b", "a'; DROP TABLE run; --", "e\u{301} 🦆\n"])
  func text(_ text: String) throws {
    let history = try History(path: path)
    let run = ScratchHistory.entry(text, fingerprint: text)
    try history.add(run)
    #expect(try history.newest(2, of: text) == [run])
    #expect(try history.count(of: "a") == 0)
    #expect(try scratch.python("print(*db.execute('SELECT hex(fingerprint) FROM run').fetchone())") == hex(text))
  }

  private func hex(_ text: String) -> String {
    text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
  }

  @Test("Runs that end together are all remembered")
  func concurrency() async throws {
    _ = try History(path: path)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask { try History(path: path).add(ScratchHistory.entry("cpu:\(number + 1)x1")) }
      }
      try await group.waitForAll()
    }
    #expect(try History(path: path).count() == 8)
  }

  @Test("One history may be used by many threads")
  func sharing() async throws {
    let history = try History(path: path)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 { group.addTask { try history.add(ScratchHistory.entry("cpu:\(number + 1)x1")) } }
      try await group.waitForAll()
    }
    #expect(try Set(history.newest(9).map(\.job)).count == 8)
  }

  @Test("A history that is gone leaves no file open")
  func closing() throws {
    for _ in 0..<2 { try History(path: path).add(ScratchHistory.entry("cpu:1x1")) }
    try scratch.python("db.execute(\"INSERT INTO grdb_migrations VALUES ('99')\")")
    #expect(throws: AdvisorError.self) { try History(path: path) }
    let open = (0..<256).filter { descriptor in
      var target = [CChar](repeating: 0, count: Int(PATH_MAX))
      return readlink("/proc/self/fd/\(descriptor)", &target, target.count - 1) > 0 && strcmp(target, path) == 0
    }
    #expect(open.isEmpty)
  }

  @Test("Nobody else may read it, whatever the umask; a pipe in its place is not waited for")
  func privacy() throws {
    try History(path: path).add(ScratchHistory.entry("cpu:1x1"))
    let mode = { (path: String) in
      var status = stat()
      return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }
    #expect(mode(path) == 0o600 && mode("\(scratch.folder)/advisor") == 0o700)
    mkfifo("\(scratch.folder)/pipe", 0o600)
    #expect(throws: AdvisorError.self) { try History(path: "\(scratch.folder)/pipe") }
  }
}
