import Testing

@testable import System

@Suite struct TimerHeapTests {
  @Test("Timers come due in the order of their deadlines", arguments: [0, 1, 2, 3, 10, 1000])
  func order(count: Int) {
    var heap = TimerHeap<UInt64>()
    // A permutation: 7919 is prime to all of the counts.
    let deadlines = (0..<count).map { UInt64($0 * 7919 % count) }
    for deadline in deadlines { heap.insert(deadline, due: deadline) }
    var due: [UInt64] = []
    while let value = heap.popDue(by: .max) { due.append(value) }
    #expect(due == deadlines.sorted())
    #expect(heap.isEmpty)
  }

  @Test("What is not yet due stays")
  func notYetDue() {
    var heap = TimerHeap<String>()
    heap.insert("late", due: 20)
    heap.insert("early", due: 10)
    #expect(heap.popDue(by: 9) == nil)
    #expect(heap.popDue(by: 10) == "early")
    #expect(heap.popDue(by: 19) == nil)
    #expect(heap.earliest == 20)
  }
}
