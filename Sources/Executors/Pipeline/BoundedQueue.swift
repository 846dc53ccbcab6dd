package import System
/// Hands chunks from one stage's workers to the next one's; full, it holds the givers back.
package final class BoundedQueue<Element: Sendable>: Sendable {
  private struct Contents: Sendable {
    var elements: [Element] = []
    /// Givers that may still put something in.
    var givers: Int
  }

  private let capacity: Int
  private let contents: Monitor<Contents>

  /// - Parameters:
  ///   - capacity: at least 1.
  ///   - givers: the threads that put elements in; each says when it has ended.
  package init(capacity: Int, givers: Int) {
    self.capacity = capacity
    contents = Monitor(Contents(givers: givers))
  }

  /// Puts an element in when there is room for it, or gives up when cancelled.
  package func put(_ element: Element, _ cancellation: Cancellation) {
    contents.wait { contents in
      if cancellation.isCancelled { return () }
      guard contents.elements.count < capacity else { return nil }
      contents.elements.append(element)
      return ()
    }
  }

  /// The next element; nil when all givers have ended and none is left, or when cancelled.
  package func take(_ cancellation: Cancellation) -> Element? {
    let taken: [Element] = contents.wait { contents in
      if cancellation.isCancelled { return [] }
      if !contents.elements.isEmpty { return [contents.elements.removeFirst()] }
      return contents.givers == 0 ? [] : nil
    }
    return taken.first
  }

  package func endGiver() { contents.signal { $0.givers -= 1 } }
}
