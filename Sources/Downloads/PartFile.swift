private import AdvisorCore
private import Workloads
import System

/// The file that a download arrives in until it gets its name: written in large pieces, into room set aside for it.
///
/// libcurl hands over 16 KiB at a time. Gathered into larger pieces, and with room set aside, a file takes the file system
/// a third of the time.
final class PartFile {
  private static let pieceBytes = 128 << 10
  /// Not all at once: a server may be wrong about the length.
  private static let aheadBytes = 32 << 20
  private static let flushBytes = 8 << 20

  /// Whether it has no name in its folder yet, so that nothing stays of it when this process ends.
  let isUnnamed: Bool
  private(set) var descriptor: Int32
  private var piece: UnsafeMutableRawBufferPointer?
  private var gathered = 0
  /// Offsets in the file.
  private var written: Int
  private var reserved: Int
  private var flushed: Int
  /// Bytes of the whole; nil where the server does not say.
  var total: Int?
  /// Whether the disk is to begin to take large bodies while they arrive, since it will be waited for.
  private let flushes: Bool

  /// - Parameters:
  ///   - descriptor: is closed by this.
  ///   - size: what the file holds, and is gone on from.
  init(_ descriptor: Int32, size: Int = 0, isUnnamed: Bool = false, total: Int? = nil, flushes: Bool) {
    self.descriptor = descriptor
    self.isUnnamed = isUnnamed
    self.total = total
    self.flushes = flushes
    (written, reserved, flushed) = (size, size, size)
  }

  deinit {
    // What has come of a broken attempt is gone on from.
    _ = settle()
    piece?.deallocate()
    if descriptor >= 0 { OpenFile.close(descriptor) }
  }

  /// Adds bytes. Returns 0 or the errno.
  func add(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    if gathered == 0, bytes.count >= Self.pieceBytes || written + bytes.count == total { return write(bytes) }
    let piece = piece ?? .allocate(byteCount: Self.pieceBytes, alignment: 64)
    self.piece = piece
    var rest = bytes
    while !rest.isEmpty {
      let count = min(rest.count, piece.count - gathered)
      UnsafeMutableRawBufferPointer(rebasing: piece[gathered...]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
      gathered += count
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      guard gathered == piece.count || written + gathered == total else { continue }
      let code = writeGathered()
      guard code == 0 else { return code }
    }
    return 0
  }

  /// Writes what is still gathered, and gives back room that was set aside in vain. Returns 0 or the errno.
  func settle() -> Int32 {
    guard descriptor >= 0 else { return 0 }
    let code = writeGathered()
    if reserved > written { OpenFile.truncate(descriptor, to: written) }
    reserved = min(reserved, written)
    return code
  }

  /// Hands over the descriptor, which the caller closes.
  func take() -> Int32 {
    defer { descriptor = -1 }
    return descriptor
  }

  private func writeGathered() -> Int32 {
    guard let piece, gathered > 0 else { return 0 }
    defer { gathered = 0 }
    return write(UnsafeRawBufferPointer(rebasing: piece[..<gathered]))
  }

  private func write(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    if let total, written + bytes.count > reserved, total - written > Self.pieceBytes {
      let count = min(Self.aheadBytes, total - written)
      OpenFile.reserve(descriptor, from: written, count: count)
      reserved = written + count
    }
    let code = FileWriting.writeAll(bytes, to: descriptor)
    guard code == 0 else { return code }
    written += bytes.count
    if flushes, written - flushed >= Self.flushBytes {
      OpenFile.startFlush(descriptor, from: flushed, count: written - flushed)
      flushed = written
    }
    return 0
  }
}
