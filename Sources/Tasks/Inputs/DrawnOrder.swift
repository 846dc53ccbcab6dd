/// The places of inputs in an order whose first few are spread over the sizes, and whose others follow as they stand.
///
/// Whatever the first tasks of a run have cost then stands for all of them: files that come in the order of their names may
/// begin with the small ones.
struct DrawnOrder {
  private let drawn: [Int]
  private let isDrawn: Set<Int>
  private let count: Int
  private var index = 0
  private var place = 0

  /// - Parameters:
  ///   - sizes: of all inputs, by place.
  ///   - count: how many are drawn; no more than half of all are.
  /// - Returns: nil where sizes are about alike, or there are too few to choose from.
  init?(sizes: [Double], count: Int) {
    let count = min(count, sizes.count / 2)
    guard count > 1, let least = sizes.min(), let most = sizes.max(), most > 1.5 * least else { return nil }
    let bySize = sizes.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
    // The middle of each of `count` equal shares; in an order in which any few of them are spread over all.
    drawn = Self.spread(count).map { bySize[(2 * $0 + 1) * sizes.count / (2 * count)] }
    isDrawn = Set(drawn)
    self.count = sizes.count
  }

  mutating func next() -> Int? {
    if index < drawn.count {
      defer { index += 1 }
      return drawn[index]
    }
    while place < count, isDrawn.contains(place) { place += 1 }
    guard place < count else { return nil }
    defer { place += 1 }
    return place
  }

  /// The numbers below `count` in the order of their mirrored bits (J. G. van der Corput, 1935).
  private static func spread(_ count: Int) -> [Int] {
    let bits = max(1, Int.bitWidth - (count - 1).leadingZeroBitCount)
    let mirrored = (0..<1 << bits).map { number in
      (0..<bits).reduce(0) { $0 | (number >> $1 & 1) << (bits - 1 - $1) }
    }
    // The middle first: the least and the most tell little by themselves.
    return mirrored.map { ($0 + count / 2) % (1 << bits) }.filter { $0 < count }
  }
}
