public import AdvisorCore
import System

/// A file cut at line ends into parts of about equal size, each of which a task reads as its standard input.
///
/// A part's input, for logs and the journal, is `OFFSET+LENGTH` in bytes; the journal also takes the file into account, by its
/// inode, size and time of modification.
public final class FileParts: InputStream {
  public static let minBytes = 1 << 20
  public static let maxBytes = 256 << 20

  let file: Descriptor
  private let path: String
  private let size: Int
  public let identity: [[UInt8]]
  private let partBytes: Int
  /// Where each part that was handed out ends, in bytes.
  private var ends: [Int] = []

  /// - Parameters:
  ///   - path: of the file that is cut.
  ///   - partBytes: the size from which on a part ends with its line; nil chooses eight parts for each CPU, none of
  ///     which is too much for the memory.
  ///   - limits: the CPUs and the memory that parts are made for.
  /// - Throws: `AdvisorError` (badData) when it cannot be read, or is no file whose parts can be read apart.
  public init(path: String, partBytes: Int? = nil, limits: TaskLimits) throws(AdvisorError) {
    // Without `nonBlocking`, opening a pipe waits for a writer.
    guard let file = Descriptor(opening: path, .nonBlocking), let status = file.status else {
      throw AdvisorError(
        .badData, "cannot read “\(path)”: \(Errno.last.text)", advice: "name a file that you may read")
    }
    self.file = file
    self.path = path
    size = status.bytes
    // Not by its device, whose number may be another after a restart, nor by its path, which another file may have now.
    identity = [
      Array("\(status.inode) \(status.bytes) \(status.modified.seconds).\(status.modified.nanoseconds)".utf8)
    ]
    self.partBytes = max(1, partBytes ?? Self.suitableBytes(of: size, limits))
    guard status.isFile else {
      throw AdvisorError(
        .badData, "“\(path)” is not a file that can be cut into parts", advice: "name a regular file, not a pipe")
    }
  }

  private static func suitableBytes(of size: Int, _ limits: TaskLimits) -> Int {
    let cpus = max(1, min(limits.cpus, 4096))
    let share = limits.memoryBytes.map { max(0, min($0, 1e15)) / (16 * cpus) } ?? Double(maxBytes)
    return max(minBytes, min(maxBytes, Int(share), Int(Double(size) / (8 * cpus))))
  }

  public var columns: Int { 1 }
  public var count: Int? { size == 0 ? 0 : nil }
  public var descriptor: Int32? { nil }

  public func nextRow() throws(AdvisorError) -> InputRow {
    let start = ends.last ?? 0
    guard start < size else { return .end }
    let end = try lineEnd(from: start + partBytes)
    ends.append(end)
    return .inputs([Array("\(start)+\(end - start)".utf8)])
  }

  /// Bytes of the part that was handed out as the task of this number, from 1.
  func part(_ sequence: Int) -> Range<Int> {
    guard ends.indices.contains(sequence - 1) else { return 0..<0 }
    return (sequence > 1 ? ends[sequence - 2] : 0)..<ends[sequence - 1]
  }

  /// The bytes of that part, for a task that runs elsewhere.
  package func contents(of sequence: Int) throws(AdvisorError) -> [UInt8] {
    let range = part(sequence)
    var filled = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      while filled < range.count {
        let space = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<range.count])
        let read = OpenFile.read(file.number, into: space, at: range.lowerBound + filled)
        guard read > 0 else { break }
        filled += read
      }
      count = filled
    }
    guard filled == range.count else { throw cut(at: range.lowerBound + filled) }
    return bytes
  }

  private func cut(at offset: Int) -> AdvisorError {
    AdvisorError(
      .badData, "“\(path)” could be read to byte \(offset) only, of \(size)",
      advice: "check that nothing cuts the file while it is read")
  }

  /// The offset behind the line that holds the byte before `offset`.
  private func lineEnd(from offset: Int) throws(AdvisorError) -> Int {
    var offset = offset - 1
    while offset < size {
      let (count, found) = withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 1) { buffer in
        let count = OpenFile.read(file.number, into: buffer, at: offset)
        return (count, buffer.prefix(max(0, count)).firstIndex(of: UInt8(ascii: "\n")))
      }
      if let found { return offset + found + 1 }
      guard count > 0 else { throw cut(at: offset) }
      offset += count
    }
    return size
  }
}
