private import System

/// Bytes that were read and not been handed on yet; several blocks may lie in them.
final class BlockMemory {
  private(set) var bytes: UnsafeMutableRawBufferPointer
  /// How many of them are filled.
  var count = 0
  /// Blocks in it that are still needed.
  var users = 0

  init(capacity: Int) { bytes = .allocate(byteCount: capacity, alignment: 4096) }

  convenience init(_ contents: some Collection<UInt8>) {
    self.init(capacity: max(1, contents.count))
    bytes.copyBytes(from: contents)
    count = contents.count
  }

  deinit { bytes.deallocate() }

  var filled: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[..<count]) }

  var room: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: bytes[count...]) }

  func append(_ more: UnsafeRawBufferPointer) {
    room.copyMemory(from: more)
    count += more.count
  }
}

/// A piece of what a task reads on its standard input.
public struct BlockPiece {
  enum Source {
    case file(Int32)
    case memory(BlockMemory)
  }

  let source: Source
  var left: Range<Int>

  /// Writes as much as a pipe takes at once. Returns the bytes written, or -1 where that fails, and `errno` says why.
  mutating func write(to pipe: Int32) -> Int {
    let count =
      switch source {
      case .file(let number): OpenFile.copy(number, from: left.lowerBound, count: left.count, to: pipe)
      case .memory(let memory): OpenFile.writeSome(pipe, UnsafeRawBufferPointer(rebasing: memory.filled[left]))
      }
    if count > 0 { left = left.lowerBound + count..<left.upperBound }
    return count
  }
}
