internal import AdvisorCore
internal import System

/// Outputs of tasks that have ended and wait for an earlier one: in memory while they are little, else in a temporary file
/// without a name, whose room is given back as they are printed.
final class OutputSpool {
  /// Bytes that wait in memory, of all together.
  static let maxInMemory = 4 << 20
  /// Outputs that stay in files of their own, each of which takes a descriptor.
  static let maxOwnFiles = 32

  private let limit: Int?
  private var file: SpoolFile?
  /// Where the file ends, and how much of it is still needed.
  private var end = 0
  private var needed = 0
  private var inMemory = 0
  private var ownFiles = 0
  private var ownBytes = 0

  /// - Parameter limit: bytes in files; nil is half of what is free where temporary files lie.
  init(limit: Int?) { self.limit = limit }

  /// Whether no more should be kept.
  var isFull: Bool { needed + ownBytes > 0 && needed + ownBytes >= maxBytes }

  private lazy var maxBytes: Int =
    limit ?? FileSystemSpace(at: Environment.temporaryFolder).map { $0.freeBytes / 2 } ?? .max

  /// - Throws: `AdvisorError` (cannotWrite) where the disk is full.
  func keep(_ output: CapturedOutput) throws(AdvisorError) {
    let fits = output.isInFile ? ownFiles < Self.maxOwnFiles : inMemory + output.count <= Self.maxInMemory
    if !fits, file == nil { file = try SpoolFile.make() }
    if !fits, let file {
      file.isShared = true
      try output.move(to: file, at: end)
      end += output.count
      needed += output.count
    } else if output.isInFile {
      ownFiles += 1
      ownBytes += output.count
    } else {
      inMemory += output.count
    }
  }

  /// An output that was kept has been printed.
  func release(_ output: CapturedOutput) {
    guard let place = output.place else {
      inMemory -= output.count
      return
    }
    guard place.file === file else {
      ownFiles -= 1
      ownBytes -= output.count
      return
    }
    needed -= output.count
    OpenFile.giveBack(place.file.descriptor.number, from: place.offset, count: output.count)
    guard needed == 0 else { return }
    OpenFile.truncate(place.file.descriptor.number, to: 0)
    end = 0
  }
}

/// A file without a name for what tasks have written.
final class SpoolFile {
  let descriptor: Descriptor
  /// Whether several outputs lie in it.
  var isShared = false

  private init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

  /// Nil when there is no descriptor left: what was to go there stays in memory then.
  ///
  /// - Throws: `AdvisorError` (cannotWrite) when it cannot be made.
  static func make() throws(AdvisorError) -> SpoolFile? {
    if let file = Descriptor(unnamedIn: Environment.temporaryFolder) { return SpoolFile(file) }
    let code = Errno.last
    guard code == .tooManyOpenFiles || code == .tooManyOpenFilesInSystem else { throw failure(code) }
    return nil
  }

  static func failure(_ code: Errno) -> AdvisorError {
    AdvisorError(
      .cannotWrite, "cannot keep a task's output in \(Environment.temporaryFolder): \(code.text)",
      advice: "make room there, or set TMPDIR to a folder with more")
  }
}
