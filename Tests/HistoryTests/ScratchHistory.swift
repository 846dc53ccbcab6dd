import AdvisorCore
import FoundationEssentials
import Glibc
import Testing
@testable import System

/// Where a history may be made, in a folder that goes with this value, and another program that uses the same file:
/// Python with its own sqlite3.
final class ScratchHistory: Sendable {
  let folder: String
  var path: String { "\(folder)/advisor/history.sqlite" }

  init() throws { folder = try ScratchFolder.make(in: "/tmp", prefix: "advisor-history-") }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A run; its fingerprint is that of the place.
  static func entry(_ job: String, fingerprint: String = "a") -> HistoryEntry {
    HistoryEntry(
      at: "2026-01-01T00:00:00Z", fingerprint: fingerprint, job: job, jobClass: "cpu:word:1e6u",
      plan: Plan(strategy: .threads, workers: 2), predicted: .init(p5: 0.9, p50: 1, p95: 1.2), unlearntSeconds: 1,
      spread: 0.1, observed: .init(seconds: 1.1, cpuSeconds: 2, tasks: 8, failed: 0, maxRSSBytes: nil))
  }

  /// What a script prints that has the file open as `db`, in autocommit mode.
  @discardableResult func python(_ script: String) throws -> String {
    let program = try start(script)
    let output = Self.output(of: program)
    try #require(pclose(program) == 0, "\(output)")
    return output
  }

  /// The body's result, while another program holds the lock that a statement takes.
  ///
  /// - Parameter isBrief: whether that program ends by itself, in a moment.
  func locked<Value>(by statement: String, briefly isBrief: Bool = false, _ body: () throws -> Value) throws -> Value {
    let pipe = "\(folder)/pipe"
    try #require(mkfifo(pipe, 0o600) == 0)
    let end = open(pipe, O_RDWR | O_CLOEXEC)
    let wait = isBrief ? "time.sleep(0.1)" : "pipe.read()"
    let program = try start(
      "import time; db.execute('\(statement)'); pipe = open('\(pipe)'); print('locked', flush=True); \(wait)")
    defer {
      close(end)
      pclose(program)
    }
    var line = [CChar](repeating: 0, count: 80)
    try #require(fgets(&line, 80, program) != nil && strcmp(line, "locked\n") == 0)
    return try body()
  }

  private func start(_ script: String) throws -> UnsafeMutablePointer<FILE> {
    let opening = "import sqlite3\ndb = sqlite3.connect('\(path)', isolation_level=None)"
    return try #require(popen("exec python3 - 2>&1 <<'END'\n\(opening)\n\(script)\nEND", "re"))
  }

  /// What it prints, without the last line's end.
  private static func output(of program: UnsafeMutablePointer<FILE>) -> String {
    var output = ""
    var line = [CChar](repeating: 0, count: 4096)
    while fgets(&line, Int32(line.count), program) != nil {
      output += String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    return output.hasSuffix("\n") ? String(output.dropLast()) : output
  }
}
