internal import AdvisorCore
internal import System

/// A table of ended tasks in GNU parallel's columns, with their inputs and what they have written: CSV (RFC 4180), or with tabs.
final class ResultsTable {
  private let path: String
  private let file: Descriptor
  private let separator: String

  /// - Parameters:
  ///   - path: its end tells what separates the columns: `.tsv`, or else `.csv`.
  ///   - names: of the inputs; nil for `V1`, `V2` and so on.
  ///   - columns: inputs of a task.
  ///   - keepsContents: whether rows of an earlier run stay.
  /// - Throws: `AdvisorError` (cannotWrite) when it cannot be made.
  init(path: String, names: [String], columns: Int, keepsContents: Bool) throws(AdvisorError) {
    self.path = path
    separator = path.hasSuffix(".tsv") ? "\t" : ","
    let start: OpenOptions = keepsContents ? .appending : .truncating
    guard let file = Descriptor(opening: path, [.writing, .creating, start]) else {
      throw WriteFault(Errno.last.code).error(path, advice: "name a file in a folder that you may write")
    }
    self.file = file
    guard self.file.status?.bytes == 0 else { return }
    let inputs = names.isEmpty ? (0..<columns).map { "V\($0 + 1)" } : names
    try write(JobLog.header.split(separator: "\t").map(String.init) + inputs + ["Stdout", "Stderr"])
  }

  /// Whether that is the name of a table rather than that of a folder.
  static func isTable(_ path: String) -> Bool { path.hasSuffix(".csv") || path.hasSuffix(".tsv") }

  func add(
    _ outcome: TaskOutcome, as command: String, _ output: CapturedOutput, _ error: CapturedOutput
  ) throws(AdvisorError) {
    let texts = (outcome.inputs + [output.bytes, error.bytes]).map { String(decoding: $0, as: UTF8.self) }
    let figures = JobLog.columns(of: outcome).map { String($0.drop { $0 == " " }) }
    try write(figures + [command] + texts)
  }

  private func write(_ fields: [String]) throws(AdvisorError) {
    let line = fields.map(quoted).joined(separator: separator) + "\n"
    let code = file.write(Array(line.utf8))
    guard code == 0 else {
      throw WriteFault(code).error(path, advice: "make room there, or name a file that you may write")
    }
  }

  private func quoted(_ field: String) -> String {
    guard field.contains(separator) || field.contains(where: { $0 == "\"" || $0.isNewline }) else { return field }
    return "\"\(field.replacing("\"", with: "\"\""))\""
  }
}

extension CapturedOutput {
  /// All of it.
  fileprivate var bytes: [UInt8] {
    var bytes: [UInt8] = []
    forEachPiece {
      bytes += $0
      return true
    }
    return bytes
  }
}
