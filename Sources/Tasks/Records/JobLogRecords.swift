package import AdvisorCore
import System

/// What a log in GNU parallel's columns, ours or GNU parallel's own, tells of the tasks of an earlier run.
///
/// Tasks are known by their command, read as a shell would read it: programs quote it in different ways. What a run alone
/// decides, its slots and threads, is no part of it.
package struct JobLogRecords {
  fileprivate struct Entry {
    /// Kept only where commands have gaps.
    var words: [[UInt8]] = []
    var succeeded: UInt32 = 0
    var failed: UInt32 = 0
    var seconds = 0.0
  }

  private var buckets: [UInt64: Bucket] = [:]
  private let resume: TaskOptions.Resume
  private let hasGaps: Bool

  var isEmpty: Bool { buckets.isEmpty }

  /// What is not there, or no regular file, has no records: reading a pipe would wait for a writer.
  ///
  /// - Parameters:
  ///   - resume: which records stand for a task that is left out.
  ///   - hasGaps: whether the commands that are looked for hold ``CommandTemplate/gap``.
  /// - Throws: `AdvisorError` (badData) for a file that is no such log.
  init(path: String, resume: TaskOptions.Resume = .ended, hasGaps: Bool = false) throws(AdvisorError) {
    (self.resume, self.hasGaps) = (resume, hasGaps)
    guard FileStatus(path: path)?.isFile == true else { return }
    let reader = try InputReader(path: path)
    var isHeader = true
    while case .inputs(let row) = try reader.nextRow() {
      guard let line = row.first else { continue }
      if isHeader, !JobLog.isHeader(line[...], isWhole: false) { throw JobLog.foreign(path) }
      if !isHeader { add(line) }
      isHeader = false
    }
  }

  /// The commands whose last record in the log says that they have failed, in the order of the log.
  ///
  /// - Throws: `AdvisorError` (badData) for a file that is no such log.
  package static func failedCommands(path: String) throws(AdvisorError) -> [[UInt8]] {
    let reader = try InputReader(path: path)
    var (commands, failed): ([[UInt8]], [[UInt8]: Bool]) = ([], [:])
    while case .inputs(let row) = try reader.nextRow() {
      guard let line = row.first, !JobLog.isHeader(line[...], isWhole: true) else { continue }
      let columns = line.split(separator: UInt8(ascii: "\t"), maxSplits: 8, omittingEmptySubsequences: false)
      guard columns.count == 9, let status = number(columns[6]), let signal = number(columns[7]) else {
        throw JobLog.foreign(path)
      }
      let command = Array(columns[8])
      if failed.updateValue(status != 0 || signal != 0, forKey: command) == nil { commands.append(command) }
    }
    return commands.filter { failed[$0] == true }
  }

  init(lines: [[UInt8]], hasGaps: Bool = false) {
    (resume, self.hasGaps) = (.ended, hasGaps)
    for line in lines { add(line) }
  }

  /// A line that is cut off, as the last one may be, is none.
  private mutating func add(_ line: [UInt8]) {
    let columns = line.split(separator: UInt8(ascii: "\t"), maxSplits: 8, omittingEmptySubsequences: false)
    guard columns.count == 9, let seconds = Self.number(columns[3]), let status = Self.number(columns[6]),
      let signal = Self.number(columns[7])
    else { return }
    // GNU parallel's status of a task that took too long is -1: it has failed.
    guard seconds >= 0, seconds.isFinite else { return }
    let words = ShellWords.split(columns[8])
    let hasSucceeded = status == 0 && signal == 0
    buckets[key(of: words), default: Bucket()].add(
      Entry(
        words: hasGaps ? words : [], succeeded: hasSucceeded ? 1 : 0,
        failed: !hasSucceeded && resume == .ended ? 1 : 0, seconds: seconds))
  }

  private static func number(_ column: ArraySlice<UInt8>) -> Double? {
    Double(String(decoding: column.drop { $0 == UInt8(ascii: " ") }, as: UTF8.self))
  }

  /// How long the command took when it ran last; nil where it never has.
  func seconds(of words: [[UInt8]]) -> Double? {
    Self.forms(of: words).lazy.compactMap { buckets[key(of: $0)]?.seconds(of: $0) }.first
  }

  /// How the command has ended in the earlier run. Each record stands for one task.
  mutating func take(_ words: [[UInt8]]) -> DoneTasks.Ending? {
    for form in Self.forms(of: words) {
      if let ending = buckets[key(of: form)]?.take(form) { return ending }
    }
    return nil
  }

  /// The command as we log it, and a shell's line also as GNU parallel does.
  private static func forms(of words: [[UInt8]]) -> [[[UInt8]]] {
    guard words.count == 3, words[0].suffix(2).elementsEqual("sh".utf8), words[1] == Array("-c".utf8) else {
      return [words]
    }
    return [words, ShellWords.split(words[2][...])]
  }

  /// The same for commands that differ only in numbers, where some of them may be gaps.
  private func key(of words: [[UInt8]]) -> UInt64 {
    hasGaps ? FNV1a.hash(words.map { $0.filter { !$0.isDigit && $0 != CommandTemplate.gap } }) : FNV1a.hash(words)
  }

  /// Records under one key, in the order of the log.
  private struct Bucket {
    private var entries: [Entry] = []
    /// Those before it are used up: tasks are looked for in about the order in which they have ended.
    private var start = 0

    mutating func add(_ entry: Entry) {
      guard entry.words.isEmpty, let last = entries.last else { return entries.append(entry) }
      entries = [
        Entry(
          succeeded: last.succeeded &+ entry.succeeded, failed: last.failed &+ entry.failed, seconds: entry.seconds)
      ]
    }

    func seconds(of words: [[UInt8]]) -> Double? { entries.last(where: { $0.isOf(words) })?.seconds }

    mutating func take(_ words: [[UInt8]]) -> DoneTasks.Ending? {
      while start < entries.count, entries[start].isUsedUp { start += 1 }
      guard let index = entries[start...].firstIndex(where: { !$0.isUsedUp && $0.isOf(words) }) else { return nil }
      let ending: DoneTasks.Ending = entries[index].succeeded > 0 ? .succeeded : .failed
      entries[index][keyPath: ending == .succeeded ? \Entry.succeeded : \Entry.failed] -= 1
      return ending
    }
  }
}

extension JobLogRecords.Entry {
  fileprivate var isUsedUp: Bool { succeeded == 0 && failed == 0 }

  /// Whether it is a record of this command, whose gaps stand for any number.
  fileprivate func isOf(_ command: [[UInt8]]) -> Bool {
    words.isEmpty || (words.count == command.count && zip(words, command).allSatisfy { $0[...].fills($1[...]) })
  }
}

extension ArraySlice<UInt8> {
  /// Whether it is the text with a number in place of each gap.
  fileprivate func fills(_ text: ArraySlice<UInt8>) -> Bool {
    guard let gap = text.firstIndex(of: CommandTemplate.gap) else { return self == text }
    guard starts(with: text[..<gap]) else { return false }
    var rest = dropFirst(gap - text.startIndex)
    while let byte = rest.popFirst(), byte.isDigit { if rest.fills(text[(gap + 1)...]) { return true } }
    return false
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
