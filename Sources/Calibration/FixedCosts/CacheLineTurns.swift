import AdvisorCore
import Probe
import Synchronization
import System

/// Two threads that take turns at a word in memory without sleeping: what its cache line takes to the other CPU and back.
///
/// On a machine that is not virtual this is a matter of topology. A host that moves virtual CPUs changes it, and with it all that
/// two CPUs do together: on a guest of 2 CPUs it was 65 ns, where two threads read 47 GB/s and a request took 47 µs, and for some
/// seconds in a minute or two 380 ns, with 88 GB/s and 60 µs.
final class CacheLineTurns {
  /// The first wait for the other thread to wake.
  private static let untimed: UInt32 = 16

  private let gate = FutexWord()
  private let line = CacheLine()
  private var thread: WorkerThread?

  init(on cpu: Int) throws(AdvisorError) {
    thread = try WorkerThread { [gate, line] in
      Affinity.pinCurrentThread(to: [cpu])
      while gate.await(.asked) {
        line.answer()
        gate.set(.answered)
      }
    }
  }

  deinit {
    gate.set(.ended)
    thread?.join()
  }

  /// The seconds that a number of round trips took.
  func roundTrips(_ count: Int) -> Double {
    gate.set(.asked)
    line.ask(0..<Self.untimed)
    let start = MonotonicClock.seconds
    line.ask(Self.untimed..<Self.untimed + UInt32(count))
    let seconds = MonotonicClock.seconds - start
    line.end()
    _ = gate.await(.answered)
    return seconds
  }
}

/// A word with a cache line, and the one that is fetched with it, of its own.
///
/// `@unchecked Sendable`: the word is only touched by atomic operations, at an address that does not move and lives as long as
/// the object.
private final class CacheLine: @unchecked Sendable {
  private static let (idle, end) = (UInt32.max, UInt32.max - 1)

  private let memory: UnsafeMutableRawPointer
  private let word: UnsafeMutablePointer<Atomic<UInt32>>

  init() {
    memory = .allocate(byteCount: 256, alignment: 128)
    word = memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    word.initialize(to: Atomic(Self.idle))
  }

  deinit {
    word.deinitialize(count: 1)
    memory.deallocate()
  }

  /// Writes 2n and waits for 2n + 1, for each n.
  func ask(_ rounds: Range<UInt32>) {
    for round in rounds {
      word.pointee.store(2 * round, ordering: .releasing)
      while word.pointee.load(ordering: .acquiring) != 2 * round + 1 {}
    }
  }

  /// Answers each even number with the next, until the end.
  func answer() {
    while true {
      let value = word.pointee.load(ordering: .acquiring)
      if value == Self.end { break }
      if value.isMultiple(of: 2) { word.pointee.store(value + 1, ordering: .releasing) }
    }
    word.pointee.store(Self.idle, ordering: .releasing)
  }

  func end() { word.pointee.store(Self.end, ordering: .releasing) }
}
