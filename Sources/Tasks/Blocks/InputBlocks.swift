public import AdvisorCore

/// Data that is cut at record ends into blocks, each of which a task reads as its standard input.
///
/// A row is the block's `OFFSET+LENGTH` in bytes; a block is kept until it is released.
public protocol InputBlocks: InputStream {
  /// What was wrong with data that were to be read after the last row.
  var fault: AdvisorError? { get }

  /// What the task of this number, from 1, reads.
  func feed(_ sequence: Int, withHeader: Bool) -> BlockFeed

  /// The same bytes, for a task that runs elsewhere.
  ///
  /// - Throws: `AdvisorError` (badData) where they can no longer be read.
  func contents(of sequence: Int) throws(AdvisorError) -> [UInt8]

  /// The task of this number has had its last attempt.
  func release(_ sequence: Int)
}

/// What a task reads on its standard input: some pieces, and perhaps more when those are written.
public struct BlockFeed {
  enum More {
    case pieces([BlockPiece])
    /// Some will come: ask again when the data's descriptor is readable.
    case waiting
    case end
  }

  var pieces: [BlockPiece]
  /// Called when the pieces are written; nil where they are all.
  var more: (() -> More)?
}

extension InputBlocks {
  public var columns: Int { 1 }
  public var fault: AdvisorError? { nil }
}
