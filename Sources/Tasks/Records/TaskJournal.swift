internal import AdvisorCore
internal import System

/// Which tasks have ended, in a file that survives the end of this process, so that another run leaves them out.
///
/// A line says `ok` or `failed` and the hash of a command with its inputs. It is written when the task has ended and its
/// output is written: what the journal says is done, is done; tasks that were under way at a crash run again, and so do
/// those whose output waited for its turn.
package final class TaskJournal {
  private let file: RecordFile
  /// How often each task is still to be left out; inputs may be there twice.
  private var done: [UInt64: (succeeded: UInt32, failed: UInt32)] = [:]

  convenience init(path: String, resume: TaskOptions.Resume?) throws(AdvisorError) {
    try self.init(Self.open(path), resume: resume)
  }

  /// - Parameter resume: which tasks of earlier runs are left out; nil starts a new journal.
  init(_ file: RecordFile, resume: TaskOptions.Resume?) throws(AdvisorError) {
    self.file = file
    if resume == nil || file.isCutShort { try file.empty() }
    guard let resume else { return }
    try file.readLines { line in
      let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
      guard words.count == 2, words[1].utf8.count == 16, let hash = UInt64(words[1], radix: 16) else { return }
      if words[0] == "ok" { done[hash, default: (0, 0)].succeeded &+= 1 }
      if words[0] == "failed", resume == .ended { done[hash, default: (0, 0)].failed &+= 1 }
    }
  }

  /// Opens the file, and leaves what it holds as it is.
  ///
  /// - Throws: `AdvisorError`: badData where that is no journal.
  static func open(_ path: String) throws(AdvisorError) -> RecordFile {
    try RecordFile(path: path, isRecord: isRecord) { path in
      AdvisorError(
        .badData, "“\(path.printable)” is no journal of `advisor run`, and is left as it is",
        advice: "name a new file with --journal, or remove that one first")
    }
  }

  /// Whether a journal can begin so; a record that was cut off is a part of one.
  private static func isRecord(_ line: ArraySlice<UInt8>, isWhole: Bool) -> Bool {
    let words = [Array("ok ".utf8), Array("failed ".utf8)]
    guard let word = words.first(where: line.starts(with:)) else {
      return !isWhole && words.contains { $0.starts(with: line) }
    }
    let hash = line.dropFirst(word.count).prefix { $0 != UInt8(ascii: " ") }
    let digits = hash.prefix { Character(UnicodeScalar($0)).isHexDigit }
    return digits.count == hash.count && hash.count <= 16 && !(isWhole && hash.isEmpty)
  }

  /// How the task has ended in an earlier run. Each record stands for one task.
  func take(_ hash: UInt64) -> DoneTasks.Ending? {
    guard let left = done[hash] else { return nil }
    let ending = left.succeeded > 0 ? DoneTasks.Ending.succeeded : .failed
    done[hash] = ending == .succeeded ? (left.succeeded - 1, left.failed) : (0, left.failed - 1)
    if left.succeeded + left.failed == 1 { done[hash] = nil }
    return ending
  }

  /// Whether the task ended in an earlier run; its record is not used up.
  func has(_ hash: UInt64) -> Bool { done[hash] != nil }

  /// A task that was stopped has not ended.
  ///
  /// - Parameter hashes: one for each of its inputs where it is a batch.
  func add(_ outcome: TaskOutcome, hashes: [UInt64]) throws(AdvisorError) {
    guard outcome.ending != .stopped else { return }
    let word = outcome.succeeded ? "ok" : "failed"
    try file.add(hashes.map { "\(word) \(FNV1a.digits($0))" }.joined(separator: "\n").utf8)
  }

  var isDirty: Bool { file.isDirty }

  func sync() { file.sync() }
}

extension CommandTemplate {
  /// The same for the same command and inputs in every run; columns that the command does not name are no part of it.
  ///
  /// - Parameter identity: what tells inputs apart beside what they are.
  func hash(of inputs: [[UInt8]], _ identity: [[UInt8]] = []) -> UInt64 {
    FNV1a.hash(words + [form == .shell ? Array("sh".utf8) : []] + used(inputs) + identity)
  }

  private func used(_ inputs: [[UInt8]]) -> [[UInt8]] {
    let pieces = arguments.joined()
    let columns = pieces.compactMap { piece -> Int? in
      if case .input(_, let column?) = piece { column } else { nil }
    }
    guard namesColumns, !pieces.contains(where: { $0.isWhole || $0 == .code }) else { return inputs }
    let places = columns.map { $0 < 0 ? inputs.count + $0 : $0 - 1 }
    return Set(places).sorted().filter(inputs.indices.contains).map { inputs[$0] }
  }
}
