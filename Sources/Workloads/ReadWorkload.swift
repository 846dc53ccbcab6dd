public import AdvisorCore
import System

/// Reads a prepared file at random places; a unit is one byte, in whole blocks.
///
/// Past the page cache (`O_DIRECT`) where the file system allows it.
public final class ReadWorkload: Workload {
  public let sliceUnits: Int
  /// Whether the page cache is left out; where it is not, the figures are those of memory.
  public let isDirect: Bool

  private let path: String
  private let file: Descriptor
  private let blockBytes: Int
  private let blocks: Int
  private let memory: MappedMemory
  private let buffer: UnsafeMutableRawPointer
  private var random: Xorshift

  /// Opens a file for itself.
  ///
  /// - Parameters:
  ///   - path: a file of at least one block, such as ``ScratchFile/path``.
  ///   - blockBytes: of one read; a multiple of 4,096, as direct reads ask for.
  /// - Throws: `.unavailable` where the file cannot be opened or is shorter than a block.
  public init(path: String, blockBytes: Int = 1 << 20, seed: UInt64 = 1) throws(AdvisorError) {
    precondition(blockBytes > 0 && blockBytes % 4096 == 0, "direct reads go by whole blocks of 4,096 bytes")
    var direct = Descriptor(opening: path, .direct)
    isDirect = direct != nil
    guard let file = direct.take() ?? Descriptor(opening: path) else {
      throw Self.failure("cannot open", path, .last)
    }
    let size = OpenFile.seekToEnd(file.number)
    guard size >= blockBytes else {
      throw AdvisorError(
        .unavailable, "\(path) is shorter than one block of \(blockBytes) bytes", advice: "prepare a larger file")
    }
    self.path = path
    self.blockBytes = blockBytes
    self.file = file
    sliceUnits = blockBytes
    blocks = size / blockBytes
    // One huge page, where the kernel has some.
    let hugePage = DiskReads.hugePageBytes
    let held = (blockBytes + hugePage - 1) / hugePage * hugePage
    let isLarge = blockBytes >= DiskReads.largeBlockBytes
    guard let memory = MappedMemory(bytes: held + hugePage, hugePages: isLarge ? .wanted : .refused) else {
      throw AdvisorError(
        .temporary, "no memory for a buffer of \(blockBytes) bytes: \(Errno.last.text)", advice: "use fewer workers")
    }
    buffer = memory.start.alignedUp(toMultipleOf: hugePage)
    self.memory = memory
    buffer.initializeMemory(as: UInt8.self, repeating: 0, count: blockBytes)
    random = Xorshift(seed: seed)
  }

  public func run(units: Int) throws(AdvisorError) -> UInt64 {
    let space = UnsafeMutableRawBufferPointer(start: buffer, count: blockBytes)
    var checksum: UInt64 = 0
    for _ in 0..<(max(0, units) + blockBytes - 1) / blockBytes {
      let block = Int(random.next() % UInt64(blocks))
      let count = OpenFile.read(file.number, into: space, at: block * blockBytes)
      guard count == blockBytes else { throw Self.failure("cannot read", path, count < 0 ? .last : .ioError) }
      checksum &+= buffer.load(as: UInt64.self)
    }
    return checksum
  }

  private static func failure(_ what: String, _ path: String, _ code: Errno) -> AdvisorError {
    AdvisorError(
      .unavailable, "\(what) \(path): \(code.text)",
      advice: "set TMPDIR to a folder on a disk that can be read and written")
  }
}
