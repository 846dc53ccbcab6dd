public import AdvisorCore

/// Blocks for a few processes, each of which gets one after the other: the next goes to whichever has room.
///
/// A process is started when a block has come for it. A block that was handed on is gone: none is tried again.
public final class RoundRobinBlocks: InputBlocks {
  private let blocks: any InputBlocks
  private let processes: Int
  /// The first block of each process.
  private var first: [Int] = []
  private var taken = 0
  private var isAtEnd = false
  public private(set) var fault: AdvisorError?

  /// - Parameters:
  ///   - blocks: where they come from.
  ///   - processes: how many share them, above 0.
  public init(_ blocks: any InputBlocks, processes: Int) { (self.blocks, self.processes) = (blocks, processes) }

  public var count: Int? { nil }
  public var descriptor: Int32? { blocks.descriptor }

  public func nextRow() throws(AdvisorError) -> InputRow {
    guard first.count < processes, !isAtEnd else { return .end }
    let row = try blocks.nextRow()
    if row == .end { isAtEnd = true }
    guard case .inputs = row else { return row }
    taken += 1
    first.append(taken)
    return .inputs([Array("\(first.count)".utf8)])
  }

  public func feed(_ sequence: Int, withHeader: Bool) -> BlockFeed {
    var present = first[sequence - 1]
    var feed = blocks.feed(present, withHeader: withHeader)
    feed.more = { [self] in
      blocks.release(present)
      guard !isAtEnd else { return .end }
      switch nextBlock() {
      case .waiting: return .waiting
      case .end:
        isAtEnd = true
        return .end
      case .inputs:
        taken += 1
        present = taken
        return .pieces(blocks.feed(present, withHeader: false).pieces)
      }
    }
    return feed
  }

  private func nextBlock() -> InputRow {
    do { return try blocks.nextRow() } catch {
      fault = error
      return .end
    }
  }

  public func contents(of sequence: Int) throws(AdvisorError) -> [UInt8] {
    throw AdvisorError(
      .usage, "processes that run elsewhere cannot share blocks", advice: "leave --round-robin or --engine out")
  }

  public func release(_ sequence: Int) {}
}
