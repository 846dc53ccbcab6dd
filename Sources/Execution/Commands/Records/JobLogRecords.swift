internal import AdvisorCore
private import Glibc

/// What a log in GNU parallel's columns, ours or GNU parallel's own, tells of the tasks of an earlier run.
///
/// Tasks are known by their command, read as a shell would read it: programs quote it in different ways.
struct JobLogRecords {
  private struct Entry {
    var ended: UInt32 = 0
    var succeeded: UInt32 = 0
    var seconds = 0.0
  }

  private var entries: [UInt64: Entry] = [:]

  var isEmpty: Bool { entries.isEmpty }

  /// A file that is not there has no records.
  ///
  /// - Throws: `AdvisorError` (badData) for a file that is no such log.
  init(path: String) throws(AdvisorError) {
    guard access(path, F_OK) == 0 else { return }
    let reader = try InputReader(path: path)
    var isHeader = true
    while case .inputs(let row) = try reader.nextRow() {
      guard let line = row.first else { continue }
      if isHeader, !JobLog.isHeader(line[...], isWhole: false) { throw JobLog.foreign(path) }
      if !isHeader { add(line) }
      isHeader = false
    }
  }

  init(lines: [[UInt8]]) { for line in lines { add(line) } }

  /// A line that is cut off, as the last one may be, is none.
  private mutating func add(_ line: [UInt8]) {
    let columns = line.split(separator: UInt8(ascii: "\t"), maxSplits: 8, omittingEmptySubsequences: false)
    guard columns.count == 9, let seconds = Self.number(columns[3]), let status = Self.number(columns[6]),
      let signal = Self.number(columns[7])
    else { return }
    // A task that was stopped has not ended.
    guard status >= 0, seconds >= 0, seconds.isFinite else { return }
    let key = FNV1a.hash(ShellWords.split(columns[8]))
    entries[key, default: Entry()].ended &+= 1
    if status == 0, signal == 0 { entries[key, default: Entry()].succeeded &+= 1 }
    entries[key, default: Entry()].seconds = seconds
  }

  private static func number(_ column: ArraySlice<UInt8>) -> Double? {
    Double(String(decoding: column.drop { $0 == UInt8(ascii: " ") }, as: UTF8.self))
  }

  /// How long the command took when it ran last; nil where it never has.
  func seconds(of arguments: [[UInt8]]) -> Double? {
    Self.keys(of: arguments).lazy.compactMap { entries[$0]?.seconds }.first
  }

  /// Whether the command has ended, or succeeded, in the earlier run. Each record stands for one task.
  mutating func takes(_ arguments: [[UInt8]], _ resume: CommandOptions.Resume) -> Bool {
    for key in Self.keys(of: arguments) {
      let part = resume == .ended ? \Entry.ended : \Entry.succeeded
      guard let count = entries[key]?[keyPath: part], count > 0 else { continue }
      entries[key]?[keyPath: part] = count - 1
      return true
    }
    return false
  }

  /// Of the command as we log it, and for a shell's line also of that as GNU parallel does.
  private static func keys(of arguments: [[UInt8]]) -> [UInt64] {
    var keys = [FNV1a.hash(arguments)]
    if arguments.count == 3, arguments[0] == Array("/bin/sh".utf8), arguments[1] == Array("-c".utf8) {
      keys.append(FNV1a.hash(ShellWords.split(arguments[2][...])))
    }
    return keys
  }
}
