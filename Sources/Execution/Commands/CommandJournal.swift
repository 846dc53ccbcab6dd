internal import AdvisorCore

/// Which tasks have ended, in a file that survives the end of this process, so that another run leaves them out.
///
/// A line says `ok` or `failed` and the hash of a command with its inputs. It is written when the task has ended: what
/// the journal says is done, is done; tasks that were under way at a crash run again.
final class CommandJournal {
  private let file: RecordFile
  /// How often each task is still to be left out; inputs may be there twice.
  private var done: [UInt64: Int] = [:]

  /// - Parameter resume: which tasks of earlier runs are left out; nil starts the journal anew.
  init(path: String, resume: CommandOptions.Resume?) throws(AdvisorError) {
    file = try RecordFile(path: path, keepingContents: resume != nil)
    guard let resume else { return }
    try file.readLines { line in
      let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
      guard words.count == 2, let hash = UInt64(words[1], radix: 16) else { return }
      if words[0] == "ok" || (words[0] == "failed" && resume == .ended) { done[hash, default: 0] += 1 }
    }
  }

  /// Whether the task ended in an earlier run. Each record stands for one task.
  func takes(_ hash: UInt64) -> Bool {
    guard let count = done[hash] else { return false }
    done[hash] = count > 1 ? count - 1 : nil
    return true
  }

  /// A task that was stopped has not ended.
  func add(_ outcome: CommandOutcome, hash: UInt64) throws(AdvisorError) {
    guard outcome.ending != .stopped else { return }
    try file.add("\(outcome.succeeded ? "ok" : "failed") \(String(hash, radix: 16))".utf8)
  }

  var isDirty: Bool { file.isDirty }

  func sync() { file.sync() }
}

extension CommandTemplate {
  /// The same for the same command and inputs in every run: 64-bit FNV-1a over their bytes, each word ended by
  /// a null, which none can hold.
  func hash(of inputs: [[UInt8]]) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for word in words + [[]] + inputs {
      for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = hash &* 0x100_0000_01b3
    }
    return hash
  }
}
