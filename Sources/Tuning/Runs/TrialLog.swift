internal import AdvisorCore
internal import System

/// Where a run's output goes: a file without a name, which is gone with this process however that ends. Where a run fails, the end
/// of it is kept in one with a name.
final class TrialLog {
  let file: Descriptor
  /// No more than this stays of a command that prints without end.
  private static let maxBytes = 64 << 20
  private static let keptBytes = 64 << 10

  /// - Throws: ``AdvisorError`` where the folder for temporary files cannot be written.
  init() throws(AdvisorError) {
    let folder = Environment.temporaryFolder
    guard let file = Descriptor(unnamedIn: folder) else { throw WriteFault(Errno.last.code).error(folder) }
    self.file = file
  }

  /// Empties it for the next run; the offset is one that children share.
  func begin() {
    OpenFile.truncate(file.number, to: 0)
    OpenFile.rewind(file.number)
  }

  /// Begins anew where it has become too long.
  func bound() { if (FileStatus(descriptor: file.number)?.bytes ?? 0) > Self.maxBytes { begin() } }

  /// The end of the output, kept in a file where there is room for one.
  var kept: TuningFault.Output { TuningFault.Output(lastLine: lastLine, path: try? keep()) }

  /// Writes the end of the output to a file and returns its path.
  private func keep() throws(AdvisorError) -> String {
    let parent = Environment.temporaryFolder
    let folder = try WriteFault.named(parent) { () throws(WriteFault) in
      try ScratchFolder.make(in: parent, prefix: "advisor-tune-")
    }
    let path = "\(folder)/output.log"
    try AtomicFile.write(tail, to: path)
    return path
  }

  /// The end of what the run has printed.
  var tail: [UInt8] {
    let size = FileStatus(descriptor: file.number)?.bytes ?? 0
    return withUnsafeTemporaryAllocation(byteCount: Self.keptBytes, alignment: 1) { buffer in
      let count = OpenFile.read(file.number, into: buffer, at: max(0, size - Self.keptBytes))
      return Array(buffer.prefix(max(0, count)))
    }
  }

  /// The last line that speaks of an error, else the last that is not blank.
  private var lastLine: String? { Self.tellingLine(of: String(decoding: tail, as: UTF8.self)) }

  static func tellingLine(of output: String) -> String? {
    let lines = output.split(whereSeparator: \.isNewline).filter { $0.contains { !$0.isWhitespace } }
    return (lines.last { $0.lowercased().contains("error") } ?? lines.last).map(String.init)
  }
}
