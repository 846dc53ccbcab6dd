import Testing

@testable import AdvisorCore

/// The same steps on a sorted array, the least first.
@Suite struct HeapTests {
  @Test(arguments: [0, 1, 2, 3, 10, 1000])
  func `elements leave in their order`(count: Int) {
    var heap = Heap<Int>()
    // A permutation: 7919 is prime to all of the counts.
    let elements = (0..<count).map { $0 * 7919 % count }
    for element in elements { heap.insert(element) }
    #expect(heap.sorted() == elements.sorted())
    var left: [Int] = []
    while let least = heap.removeLeast() { left.append(least) }
    #expect(left == elements.sorted())
    #expect(heap.isEmpty)
  }

  @Test(arguments: [1, 2, 7, 64])
  func `workers that each take the next task become free in order`(workers: Int) {
    var heap = Heap(repeating: 0, count: workers)
    var free = Array(repeating: 0, count: workers)
    for task in 0..<500 {
      let end = free[0] + task * 7919 % 101
      free[0] = end
      free.sort()
      heap.replaceLeast(with: end)
      #expect(heap.least == free[0])
    }
    #expect(heap.count == workers)
    #expect(heap.sorted() == free)
    heap.fill(with: 3)
    #expect(heap.sorted() == Array(repeating: 3, count: workers))
  }
}
