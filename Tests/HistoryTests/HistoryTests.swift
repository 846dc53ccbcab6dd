import AdvisorCore
import AdvisorTestSupport
import Foundation
import GRDB
import History
import Testing

@Suite("Past runs") struct HistoryTests {
  private let folder: TemporaryFolder
  private var path: String { "\(folder.path)/advisor/history.sqlite" }

  init() throws { folder = try TemporaryFolder() }

  private func entry(_ job: String, fingerprint: String = "a") -> HistoryEntry {
    HistoryEntry(
      at: "2026-01-01T00:00:00Z", fingerprint: fingerprint, job: job, jobClass: "cpu:word:1e6u",
      plan: Plan(strategy: .threads, workers: 2), predicted: .init(p5: 0.9, p50: 1, p95: 1.2), unlearntSeconds: 1,
      spread: 0.1, observed: .init(seconds: 1.1, cpuSeconds: 2, tasks: 8, failed: 0, maxRSSBytes: nil))
  }

  @Test("The newest runs come first")
  func remembersTheNewestFirst() throws {
    let history = try History(path: path)
    for job in ["cpu:1x1", "cpu:2x1", "cpu:3x1"] { try history.add(entry(job)) }
    try history.add(entry("cpu:4x1", fingerprint: "b"))
    #expect(try History(path: path).newest(2, of: "a").map(\.job) == ["cpu:3x1", "cpu:2x1"])
    #expect(try history.count() == 4)
    #expect(try history.count(of: "b") == 1)
    #expect(try history.newest(1).first == entry("cpu:4x1", fingerprint: "b"))
    try history.clear()
    #expect(try history.count() == 0)
  }

  @Test("A run of which nothing was predicted is remembered without")
  func unpredicted() throws {
    var run = entry("gzip -k")
    (run.predicted, run.unlearntSeconds) = (nil, nil)
    try History(path: path).add(run)
    let read = try #require(try History(path: path).newest(1).first)
    #expect(read == run && read.error == nil && read.isCovered == nil)
  }

  @Test("Runs that end together are all remembered")
  func concurrency() async throws {
    _ = try History(path: path)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask { [path, entry = entry("cpu:\(number + 1)x1")] in try History(path: path).add(entry) }
      }
      try await group.waitForAll()
    }
    #expect(try History(path: path).count() == 8)
  }

  @Test("A file that is no database is named as damaged")
  func damage() throws {
    let path = try folder.write("history.sqlite", [UInt8](repeating: 7, count: 4096))
    #expect { try History(path: path) } throws: { error in
      (error as? AdvisorError)?.code == .badData && "\(error)".contains(path)
    }
  }

  @Test("A file of a newer version is left alone")
  func newerVersion() throws {
    try History(path: path).add(entry("cpu:1x1"))
    let database = try DatabaseQueue(path: path)
    try database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')") }
    #expect { try History(path: path) } throws: { error in
      (error as? AdvisorError)?.code == .badData && "\(error)".contains("newer")
    }
  }

  @Test(
    "A row that cannot be, or cannot be read, costs no other its place",
    arguments: [
      "not JSON", "{}", #"{"at": 1}"#, "p5 above p95", "seconds below zero", "memory below zero",
    ])
  func damagedRow(_ damage: String) throws {
    let history = try History(path: path)
    try history.add(entry("cpu:1x1"))
    var run = entry("cpu:2x1")
    switch damage {
    case "p5 above p95": run.predicted = .init(p5: 3, p50: 1, p95: 1.2)
    case "seconds below zero": run.observed.seconds = -1
    case "memory below zero": run.observed.maxRSSBytes = -1
    default: break
    }
    try history.add(run)
    if run == entry("cpu:2x1") {
      let database = try DatabaseQueue(path: path)
      try database.write { try $0.execute(sql: "UPDATE run SET document = ? WHERE id = 2", arguments: [damage]) }
    }
    #expect(try history.newest(10).map(\.job) == ["cpu:1x1"])
  }

  @Test("Nobody else may read it, whatever the umask; a pipe in its place is not waited for")
  func privacy() throws {
    try History(path: path).add(entry("cpu:1x1"))
    let mode = { (path: String) in
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    #expect(try mode(path) == 0o600 && mode("\(folder.path)/advisor") == 0o700)
    mkfifo("\(folder.path)/pipe", 0o600)
    #expect(throws: AdvisorError.self) { try History(path: "\(folder.path)/pipe") }
  }

  @Test("Where no file can be made, the error says so")
  func noPlace() {
    #expect { try History(path: "/proc/absent/history.sqlite") } throws: { error in
      (error as? AdvisorError)?.code == .cannotWrite
    }
  }
}
