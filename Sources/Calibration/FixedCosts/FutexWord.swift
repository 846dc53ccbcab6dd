import Synchronization
private import System

/// A word in memory that threads sleep on.
///
/// `@unchecked Sendable`: the word is only touched by the atomic operations of the kernel and of this type, at an
/// address that does not move and lives as long as the object.
final class FutexWord: @unchecked Sendable {
  enum Turn: UInt32 { case answered, asked, ended }

  private let word: UnsafeMutablePointer<Atomic<UInt32>>

  init() {
    word = .allocate(capacity: 1)
    word.initialize(to: Atomic(Turn.answered.rawValue))
  }

  deinit {
    word.deinitialize(count: 1)
    word.deallocate()
  }

  func set(_ turn: Turn) {
    word.pointee.store(turn.rawValue, ordering: .releasing)
    address { OwnThread.wakeOne(on: $0) }
  }

  /// Sleeps until it is that turn; false when the end came instead.
  func await(_ turn: Turn) -> Bool {
    while true {
      let value = word.pointee.load(ordering: .acquiring)
      if value == turn.rawValue { return true }
      if value == Turn.ended.rawValue { return false }
      address { OwnThread.sleep(on: $0, while: value) }
    }
  }

  /// An `Atomic<UInt32>` is laid out as the integer that it holds.
  private func address(_ body: (UnsafeMutablePointer<UInt32>) -> Void) {
    body(UnsafeMutableRawPointer(word).assumingMemoryBound(to: UInt32.self))
  }
}
