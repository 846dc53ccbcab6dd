import AdvisorCore
import Glibc
import Testing

@testable import History

@Suite("Histories that cannot be used") struct HistoryFaultTests {
  private let scratch: ScratchHistory
  private var path: String { scratch.path }

  init() throws { scratch = try ScratchHistory() }

  private func expect(
    _ code: AdvisorError.Code, _ words: String..., advice: String, location: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
  ) {
    let error = #expect(throws: AdvisorError.self, sourceLocation: location) { try body() }
    #expect(error?.code == code, sourceLocation: location)
    for word in words + [path] { #expect(error?.problem.contains(word) == true, sourceLocation: location) }
    #expect(error?.advice.contains(advice) == true, sourceLocation: location)
  }

  @Test(
    "A file that is damaged is named",
    arguments: [
      "file.write(bytes([7]) * 4096)", "file.seek(4096); file.write(bytes([7]) * 4096)", "file.truncate(4096)",
      "file.seek(3 * 4096); file.write(bytes([7]) * 4096)",
    ])
  func damage(_ change: String) throws {
    try History(path: path).add(ScratchHistory.entry("cpu:1x1"))
    try scratch.python("file = open('\(path)', 'r+b'); \(change)")
    expect(.badData, "damaged", advice: "move the file away") { _ = try History(path: path).newest(1) }
  }

  @Test("A database of something else is named too")
  func foreign() throws {
    _ = try History(path: path)
    try scratch.python("open('\(path)', 'w').close(); db.execute('CREATE TABLE run (x)')")
    expect(.badData, "table \"run\" already exists", advice: "move the file away") { _ = try History(path: path) }
    #expect(try scratch.python("print(*db.execute('SELECT name FROM sqlite_master'))") == "('run',)")
  }

  @Test(
    "A row that cannot be, or cannot be read, costs no other its place",
    arguments: [
      "'not JSON'", "'{}'", #"'{"at": 1}'"#, "7", "x'00'", "CAST(x'7b00' AS TEXT)", "substr(document, 1, 40)",
      "replace(document, '2x1', CAST(x'ff' AS TEXT))", "replace(document, '0.9', '3')",
      "replace(document, '1.1', '-1')", "replace(document, '\"tasks\":8', '\"tasks\":-8')",
    ])
  func damagedRow(_ document: String) throws {
    let history = try History(path: path)
    try history.add(ScratchHistory.entry("cpu:1x1"))
    try history.add(ScratchHistory.entry("cpu:2x1"))
    try scratch.python("db.execute('''UPDATE run SET document = \(document) WHERE id = 2''')")
    #expect(try history.newest(10).map(\.job) == ["cpu:1x1"])
    #expect(try history.count() == 2)
  }

  @Test("A run with a figure below zero is not read again", arguments: ["order", "seconds", "memory"])
  func implausible(_ figure: String) throws {
    let history = try History(path: path)
    try history.add(ScratchHistory.entry("cpu:1x1"))
    var run = ScratchHistory.entry("cpu:2x1")
    switch figure {
    case "order": run.predicted = .init(p5: 3, p50: 1, p95: 1.2)
    case "seconds": run.observed.seconds = -1
    default: run.observed.maxRSSBytes = -1
    }
    try history.add(run)
    #expect(try history.newest(10).map(\.job) == ["cpu:1x1"])
  }

  @Test("A figure that JSON cannot hold is an error, and the history goes on")
  func infinite() throws {
    let history = try History(path: path)
    var run = ScratchHistory.entry("cpu:1x1")
    run.spread = .infinity
    #expect(throws: AdvisorError.self) { try history.add(run) }
    #expect(try history.count() == 0)
  }

  @Test("While another program keeps it locked, the error says to try again")
  func locked() throws {
    let history = try History(path: path)
    try scratch.locked(by: "BEGIN IMMEDIATE") { () throws in
      expect(.temporary, "another program", advice: "try again") { try history.add(ScratchHistory.entry("cpu:1x1")) }
      #expect(try history.count() == 0)
    }
    try history.add(ScratchHistory.entry("cpu:1x1"))
    #expect(try history.count() == 1)
  }

  @Test("Whoever writes waits for another program that does")
  func waiting() throws {
    let history = try History(path: path)
    try history.add(ScratchHistory.entry("cpu:1x1"))
    try scratch.locked(by: "BEGIN IMMEDIATE", briefly: true) { () throws in
      try Connection.open(path, patience: 60_000).execute("DELETE FROM run")
    }
    #expect(try history.count() == 0)
  }

  @Test("Nor can it be opened while another program has it for itself")
  func lockedForReaders() throws {
    _ = try History(path: path)
    try scratch.locked(by: "BEGIN EXCLUSIVE") { () throws in
      expect(.temporary, "another program", advice: "try again") { _ = try History(path: path) }
    }
  }

  /// PRAGMA max_page_count: no more pages than there are; PRAGMA query_only: as if the file were on a read-only disk.
  @Test(
    "A full disk and one that is read-only are told apart",
    arguments: [
      ("PRAGMA max_page_count = 1", "full", "make room"), ("PRAGMA query_only = 1", "readonly", "permissions"),
    ])
  func refusal(limit: String, word: String, advice: String) throws {
    let history = try History(path: path)
    let large = String(repeating: "x", count: 1 << 16)
    expect(.cannotWrite, word, advice: advice) {
      do throws(SQLiteFault) {
        let connection = try Connection.open(path, patience: 0)
        try connection.execute(limit)
        try connection.execute("INSERT INTO run VALUES (1, ?, '', '', '')", [.text(large)])
      } catch {
        throw error.error(path)
      }
    }
    #expect(try history.count() == 0)
  }

  @Test("Where no file can be made, the error says so")
  func noPlace() {
    let error = #expect(throws: AdvisorError.self) { try History(path: "/proc/absent/history.sqlite") }
    #expect(error?.code == .cannotWrite)
  }
}
