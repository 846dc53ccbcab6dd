private import AdvisorCore
private import FoundationEssentials
import System

/// An array task of Slurm: some of our tasks, one after the other, with a file of their results.
final class SlurmChunk {
  /// As `squeue` names it.
  let name: String
  let job: String
  /// Tasks without a result so far, with their time limits.
  private(set) var left: [Int: Double?]
  private let results: String
  private let log: String
  private var offset = 0
  /// How often in a row it was neither in the queue nor complete.
  var absences = 0

  init(job: String, index: Int, folder: String, tasks: [EngineTask]) {
    self.job = job
    name = "\(job)_\(index)"
    left = Dictionary(uniqueKeysWithValues: tasks.map { ($0.id, $0.timeoutSeconds) })
    results = "\(folder)/\(index).results"
    log = "\(folder)/\(index).log"
  }

  /// The results that have come since it was last asked.
  func newResults() -> [EngineResult] {
    let bytes = newLines()
    let decoder = JSONDecoder()
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard let message = try? decoder.decode(ResultMessage.self, from: Data(line)),
        let timeout = left.removeValue(forKey: message.id)
      else { return nil }
      return message.result(timeout)
    }
  }

  private func newLines() -> ArraySlice<UInt8> {
    guard let file = Descriptor(opening: results), let status = file.status, status.bytes > offset
    else { return [] }
    var bytes = [UInt8](repeating: 0, count: status.bytes - offset)
    let count = bytes.withUnsafeMutableBytes { OpenFile.read(file.number, into: $0, at: offset) }
    // The last line may not be whole yet.
    guard let end = bytes.prefix(max(0, count)).lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    offset += end + 1
    return bytes[...end]
  }

  func giveUp() { left = [:] }

  /// The last line of what it wrote, for messages.
  var lastWords: String {
    guard let data = try? Data(contentsOf: URL(filePath: log)),
      let line = String(decoding: data, as: UTF8.self).split(separator: "\n").last
    else { return "" }
    return ": \(line)"
  }
}
