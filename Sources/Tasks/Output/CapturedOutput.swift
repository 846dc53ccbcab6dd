package import AdvisorCore
internal import System

/// What a task has written: in memory while it is little, else in a temporary file that has no name.
package final class CapturedOutput {
  /// Beyond this it goes to the file. Some thousand tasks' output may wait for its turn.
  static let maxInMemory = 16 * 1024

  private(set) var count = 0
  private var memory: [UInt8] = []
  private var file: Descriptor?

  var isInFile: Bool { file != nil }

  /// - Throws: `AdvisorError` (cannotWrite) when the temporary file cannot be made or written.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(AdvisorError) {
    count += bytes.count
    if file == nil, memory.count + bytes.count > Self.maxInMemory {
      file = try Self.temporaryFile()
      if let code = file?.write(memory) {
        try check(code)
        memory = []
      }
    }
    if let code = file?.write(bytes) { try check(code) } else { memory.append(contentsOf: bytes) }
  }

  /// Hands on all of it in pieces; stops when told so.
  func forEachPiece(_ body: (UnsafeRawBufferPointer) -> Bool) {
    guard let file = file?.number else {
      _ = memory.withUnsafeBytes { $0.isEmpty || body($0) }
      return
    }
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    var offset = 0
    while offset < count {
      let taken = buffer.withUnsafeMutableBytes { OpenFile.read(file, into: $0, at: offset) }
      guard taken > 0 else { return }
      offset += taken
      guard buffer.withUnsafeBytes({ body(UnsafeRawBufferPointer(rebasing: $0[..<taken])) }) else { return }
    }
  }

  private func check(_ code: Int32) throws(AdvisorError) {
    guard code == 0 else { throw Self.failure(Errno(code)) }
  }

  private static var folder: String { Environment.temporaryFolder }

  /// Nil when there is no descriptor left: the output stays in memory then.
  private static func temporaryFile() throws(AdvisorError) -> Descriptor? {
    if let file = Descriptor(unnamedIn: folder) { return file }
    let code = Errno.last
    guard code == .tooManyOpenFiles || code == .tooManyOpenFilesInSystem else { throw failure(code) }
    return nil
  }

  private static func failure(_ code: Errno) -> AdvisorError {
    AdvisorError(
      .cannotWrite, "cannot keep a task's output in \(folder): \(code.text)",
      advice: "make room there, or set TMPDIR to a folder with more")
  }
}

/// Takes what a task writes, as it comes.
protocol OutputSink: AnyObject {
  var count: Int { get }

  /// - Throws: `AdvisorError` (cannotWrite) where it cannot be kept.
  func append(_ bytes: UnsafeRawBufferPointer) throws(AdvisorError)
}

extension CapturedOutput: OutputSink {}
