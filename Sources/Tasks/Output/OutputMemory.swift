/// Memory for what a few tasks write at once that is too much to be kept of many, and too little to be worth a file: pieces that
/// are used again and again.
final class OutputMemory {
  /// As much as a task writes that hands on a block of the usual size.
  static let pieceBytes = StreamBlocks.minBytes + 1 << 16
  static let maxPieces = 4

  private var spare: [BlockMemory] = []
  private var used = 0

  /// An empty piece of ``pieceBytes``; nil where all are in use.
  func take() -> BlockMemory? {
    guard used < Self.maxPieces else { return nil }
    used += 1
    return spare.popLast() ?? BlockMemory(capacity: Self.pieceBytes)
  }

  func giveBack(_ piece: BlockMemory) {
    used -= 1
    piece.count = 0
    spare.append(piece)
  }
}
