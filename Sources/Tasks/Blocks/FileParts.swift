public import AdvisorCore
import System

/// A file cut at record ends into parts of about equal size, each of which a task reads as its standard input.
///
/// The journal also takes the file into account, by its inode, size and time of modification, or what is in the part.
public final class FileParts: InputBlocks {
  public static let minBytes = 1 << 20
  public static let maxBytes = 256 << 20

  private let file: Descriptor
  private let path: String
  /// The places of the file where its data begin and end.
  private let range: Range<Int>
  private let identity: [[UInt8]]?
  private let partBytes: Int
  private let rule: RecordRule
  /// What each part begins with, and what is cut, both in places of the data.
  private var header = 0..<0
  /// Where each part that was handed out ends; the first is where the data behind the header begin.
  private var ends: [Int] = []

  /// - Parameters:
  ///   - path: of the file that is cut.
  ///   - rule: where records end.
  ///   - partBytes: the size from which on a part ends with its record; nil chooses eight parts for each CPU, none of
  ///     which is too much for the memory.
  ///   - limits: the CPUs and the memory that parts are made for.
  /// - Throws: `AdvisorError` (badData) when it cannot be read, or is no file whose parts can be read apart.
  public init(
    path: String, _ rule: RecordRule = RecordRule(), partBytes: Int? = nil, limits: TaskLimits
  ) throws(AdvisorError) {
    try rule.validate()
    // Without `nonBlocking`, opening a pipe waits for a writer.
    guard let file = Descriptor(opening: path, .nonBlocking), let status = file.status else {
      throw AdvisorError(
        .badData, "cannot read “\(path)”: \(Errno.last.text)", advice: "name a file that you may read")
    }
    guard status.isFile else {
      throw AdvisorError(
        .badData, "“\(path)” is not a file that can be cut into parts",
        advice: "name a regular file; what comes from a pipe is cut by --pipe")
    }
    self.file = file
    (self.path, self.rule, range) = (path, rule, 0..<status.bytes)
    // Not by its device, whose number may be another after a restart, nor by its path, which another file may have now.
    identity = [
      Array("\(status.inode) \(status.bytes) \(status.modified.seconds).\(status.modified.nanoseconds)".utf8)
    ]
    self.partBytes = max(1, partBytes ?? Self.suitableBytes(of: status.bytes, limits))
  }

  /// What is left of an open file; nil where it is none, as a pipe. Parts are known by what is in them.
  ///
  /// - Throws: `AdvisorError` (usage) for a rule by which nothing ends.
  public init?(
    input: Int32, _ rule: RecordRule = RecordRule(), partBytes: Int
  ) throws(AdvisorError) {
    try rule.validate()
    guard let status = FileStatus(descriptor: input), status.isFile, let file = Descriptor(duplicating: input) else {
      return nil
    }
    self.file = file
    (path, self.rule, identity) = ("standard input", rule, nil)
    let start = min(status.bytes, max(0, OpenFile.place(input)))
    (range, self.partBytes) = (start..<status.bytes, max(1, partBytes))
  }

  private static func suitableBytes(of size: Int, _ limits: TaskLimits) -> Int {
    let cpus = max(1, min(limits.cpus, 4096))
    let share = limits.memoryBytes.map { max(0, min($0, 1e15)) / (16 * cpus) } ?? Double(maxBytes)
    return max(minBytes, min(maxBytes, Int(share), Int(Double(size) / (8 * cpus))))
  }

  public var count: Int? { range.isEmpty ? 0 : nil }
  public var descriptor: Int32? { nil }

  public func identity(of row: [[UInt8]]) -> [[UInt8]] {
    if let identity { return identity }
    let place = row.first.map { String(decoding: $0, as: UTF8.self).split(separator: "+").compactMap { Int($0) } } ?? []
    guard place.count == 2,
      let bytes = try? bytes(of: header.upperBound + place[0]..<header.upperBound + place[0] + place[1])
    else { return [] }
    return [Array(String(bytes.withUnsafeBytes { ContentHash.hash($0) }, radix: 16).utf8)]
  }

  public func nextRow() throws(AdvisorError) -> InputRow {
    if ends.isEmpty {
      if rule.headerLines > 0 { header = 0..<(try end(BlockCutter(headerOf: rule))) }
      ends = [header.upperBound]
    }
    let start = ends[ends.count - 1]
    guard start < range.count else { return .end }
    let end = try end(BlockCutter(rule, from: start, minBytes: partBytes))
    ends.append(end)
    return .inputs([Array("\(start - header.upperBound)+\(end - start)".utf8)])
  }

  /// Bytes of the data of the part that was handed out as the task of this number, from 1.
  func part(_ sequence: Int) -> Range<Int> {
    ends.indices.contains(sequence) && sequence > 0 ? ends[sequence - 1]..<ends[sequence] : 0..<0
  }

  public func feed(_ sequence: Int, withHeader: Bool) -> BlockFeed {
    let pieces = [withHeader ? header : 0..<0, part(sequence)].filter { !$0.isEmpty }.map { part in
      BlockPiece(
        source: .file(file.number), left: range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
    }
    return BlockFeed(pieces: pieces)
  }

  public func contents(of sequence: Int) throws(AdvisorError) -> [UInt8] {
    try bytes(of: header) + bytes(of: part(sequence))
  }

  public func release(_ sequence: Int) {}

  private func bytes(of part: Range<Int>) throws(AdvisorError) -> [UInt8] {
    var filled = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: part.count) { buffer, count in
      while filled < part.count {
        let space = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<part.count])
        let read = read(into: space, at: part.lowerBound + filled)
        guard read > 0 else { break }
        filled += read
      }
      count = filled
    }
    guard filled == part.count else { throw cut(at: part.lowerBound + filled) }
    return bytes
  }

  private func read(into space: UnsafeMutableRawBufferPointer, at place: Int) -> Int {
    OpenFile.read(file.number, into: space, at: range.lowerBound + place)
  }

  private func cut(at place: Int) -> AdvisorError {
    AdvisorError(
      .badData, "“\(path)” could be read to byte \(range.lowerBound + place) only, of \(range.upperBound)",
      advice: "check that nothing cuts the file while it is read")
  }

  /// Where a block ends: with the data at the latest.
  private func end(_ cutter: BlockCutter) throws(AdvisorError) -> Int {
    var cutter = cutter
    while cutter.firstNeeded < range.count {
      let place = cutter.firstNeeded
      let (count, found) = withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 1) { buffer in
        let count = read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(range.count - place)), at: place)
        return (count, cutter.end(in: UnsafeRawBufferPointer(rebasing: buffer[..<max(0, count)]), at: place))
      }
      if let found { return found }
      guard count > 0 else { throw cut(at: place) }
      if place + count >= range.count { break }
    }
    return range.count
  }
}
