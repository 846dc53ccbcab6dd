/// A binary heap in one array, the least of its elements on top.
package struct Heap<Element: Comparable> {
  @usableFromInline var elements: [Element]

  @inlinable package init() { elements = [] }

  /// The same element over and over, as the times at which workers that are all idle become free.
  @inlinable package init(repeating element: Element, count: Int) {
    elements = Array(repeating: element, count: count)
  }

  @inlinable package var isEmpty: Bool { elements.isEmpty }
  @inlinable package var count: Int { elements.count }
  @inlinable package var least: Element? { elements.first }

  @inlinable package func sorted() -> [Element] { elements.sorted() }

  @inlinable package mutating func insert(_ element: Element) {
    var hole = elements.count
    elements.append(element)
    while hole > 0, element < elements[(hole - 1) / 2] {
      elements[hole] = elements[(hole - 1) / 2]
      hole = (hole - 1) / 2
    }
    elements[hole] = element
  }

  @inlinable @discardableResult package mutating func removeLeast() -> Element? {
    guard let last = elements.popLast() else { return nil }
    guard let least = elements.first else { return last }
    replaceLeast(with: last)
    return least
  }

  /// The heap must not be empty.
  @inlinable package mutating func replaceLeast(with element: Element) {
    var hole = 0
    var child = 1
    while child < elements.count {
      if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
      guard elements[child] < element else { break }
      elements[hole] = elements[child]
      hole = child
      child = 2 * hole + 1
    }
    elements[hole] = element
  }

  /// Makes all elements the same.
  @inlinable package mutating func fill(with element: Element) {
    for index in elements.indices { elements[index] = element }
  }
}
