public import AdvisorCore
import System

/// Standard input, read as it comes and cut at record ends into blocks.
///
/// Bytes are copied once when they are read and once when a task is fed; a block stays in memory until its task has had its
/// last attempt, and memory that is free again is used for those to come.
public final class StreamBlocks: InputBlocks {
  public static let minBytes = 1 << 20
  /// Longer records are refused, unless blocks are.
  static let maxRecordBytes = 256 << 20
  /// Memory for a block has so much more, for what is read beyond its end.
  private static let margin = 1 << 16
  private static let maxSpare = 4

  private struct Block {
    var memory: BlockMemory
    var range: Range<Int>
    var row: [UInt8]
  }

  private let input: Int32
  private let rule: RecordRule
  private let blockBytes: Int
  private let hashesContents: Bool
  private var header: BlockMemory?
  private var memory: BlockMemory
  private var spare: [BlockMemory] = []
  /// Where the present block begins in the memory, and where the memory does in the data behind the header.
  private var start = 0
  private var offset = 0
  private var cutter: BlockCutter
  private var isAtEnd = false
  private var sequence = 0
  private var blocks: [Int: Block] = [:]
  private var hashes: [[UInt8]: UInt64] = [:]

  /// - Parameters:
  ///   - input: the descriptor that is read; it stays open.
  ///   - rule: where records end.
  ///   - blockBytes: a block ends with the record that reaches this size.
  ///   - hashesContents: whether a journal is to know a block by what is in it.
  /// - Throws: `AdvisorError` (usage) for a rule by which nothing ends.
  public init(
    input: Int32 = 0, _ rule: RecordRule = RecordRule(), blockBytes: Int = StreamBlocks.minBytes,
    hashesContents: Bool = false
  ) throws(AdvisorError) {
    try rule.validate()
    (self.input, self.rule, self.hashesContents) = (input, rule, hashesContents)
    self.blockBytes = max(1, blockBytes)
    let capacity = rule.records == nil ? min(self.blockBytes, Self.maxRecordBytes) : Self.minBytes
    memory = BlockMemory(capacity: capacity + Self.margin)
    cutter = rule.headerLines > 0 ? BlockCutter(headerOf: rule) : BlockCutter(rule, from: 0, minBytes: blockBytes)
    OpenFile.setPipeCapacity(input, InputFeed.maxPipeBytes)
  }

  public var count: Int? { nil }
  public var descriptor: Int32? { input }

  public func identity(of row: [[UInt8]]) -> [[UInt8]] {
    row.first.flatMap { hashes[$0] }.map { [Array(String($0, radix: 16).utf8)] } ?? []
  }

  public func nextRow() throws(AdvisorError) -> InputRow {
    while true {
      if let end = cutter.end(in: memory.filled, at: offset) {
        if header != nil || rule.headerLines == 0 { return row(upTo: end - offset) }
        takeHeader(upTo: end - offset)
      } else if isAtEnd {
        if header == nil, rule.headerLines > 0 { takeHeader(upTo: memory.count) }
        return start < memory.count ? row(upTo: memory.count) : .end
      } else {
        guard Poll.waitToRead(input, milliseconds: 0) != 0 else { return .waiting }
        try fill()
      }
    }
  }

  private func takeHeader(upTo end: Int) {
    header = BlockMemory(memory.filled[..<end])
    (start, offset) = (end, -end)
    cutter = BlockCutter(rule, from: 0, minBytes: blockBytes)
  }

  private func row(upTo end: Int) -> InputRow {
    let range = start..<end
    let row = Array("\(offset + start)+\(range.count)".utf8)
    sequence += 1
    blocks[sequence] = Block(memory: memory, range: range, row: row)
    if hashesContents { hashes[row] = ContentHash.hash(UnsafeRawBufferPointer(rebasing: memory.filled[range])) }
    memory.users += 1
    start = end
    cutter = BlockCutter(rule, from: offset + start, minBytes: blockBytes)
    return .inputs([row])
  }

  private func fill() throws(AdvisorError) {
    if memory.room.isEmpty { try makeRoom() }
    let count = OpenFile.read(input, into: memory.room)
    let code = Errno.last
    guard count >= 0 else {
      // Someone else has made the pipe non-blocking, and was faster.
      if code == .wouldBlock { return }
      throw AdvisorError(
        .badData, "cannot read standard input: \(code.text)", advice: "check what it is redirected from")
    }
    memory.count += count
    isAtEnd = count == 0
  }

  /// Goes on in other memory with the block that has begun; in larger one where it takes all.
  private func makeRoom() throws(AdvisorError) {
    let begun = UnsafeRawBufferPointer(rebasing: memory.filled[start...])
    var next = spare.popLast()
    if begun.count > memory.bytes.count / 2 || next?.bytes.count ?? 0 < memory.bytes.count {
      let isLong = begun.count > memory.bytes.count / 2
      guard !isLong || begun.count <= max(2 * blockBytes, Self.maxRecordBytes) else { throw tooLong(begun.count) }
      next = BlockMemory(capacity: memory.bytes.count * (isLong ? 2 : 1))
    }
    guard let next else { return }
    next.append(begun)
    let former = memory
    (memory, offset, start) = (next, offset + start, 0)
    recycle(former)
  }

  private func tooLong(_ count: Int) -> AdvisorError {
    AdvisorError(
      .badData, "a record of standard input is longer than \(Quantity.text(bytes: Double(count)))",
      advice: "say by --recend what records end with")
  }

  private func recycle(_ memory: BlockMemory) {
    guard memory.users == 0, memory !== self.memory, spare.count < Self.maxSpare else { return }
    memory.count = 0
    spare.append(memory)
  }

  public func feed(_ sequence: Int, withHeader: Bool) -> BlockFeed {
    let header = withHeader ? header.map { BlockPiece(source: .memory($0), left: 0..<$0.count) } : nil
    let block = blocks[sequence].map { BlockPiece(source: .memory($0.memory), left: $0.range) }
    return BlockFeed(pieces: [header, block].compactMap(\.self))
  }

  public func contents(of sequence: Int) -> [UInt8] {
    feed(sequence, withHeader: true).pieces.flatMap { piece -> [UInt8] in
      guard case .memory(let memory) = piece.source else { return [] }
      return Array(memory.filled[piece.left])
    }
  }

  public func release(_ sequence: Int) {
    guard let block = blocks.removeValue(forKey: sequence) else { return }
    hashes[block.row] = nil
    block.memory.users -= 1
    recycle(block.memory)
  }
}
