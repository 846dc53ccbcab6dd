/// Sorts shuffled arrays; a unit is one element of an array of 4,096, so that a unit costs the same in a task of any
/// size.
final class SortWorkload: Workload {
  let sliceUnits = 8192

  private let elements = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 4096)
  private var random: Xorshift

  init(seed: UInt64) {
    random = Xorshift(seed: seed)
    elements.initialize(repeating: 0)
  }

  deinit { elements.deallocate() }

  /// The last array that was sorted; the front of it after a short one.
  var sorted: UnsafeMutableBufferPointer<UInt32> { elements }

  func run(units: Int) -> UInt64 {
    var remaining = units
    var checksum: UInt64 = 0
    while remaining > 0 {
      var part = UnsafeMutableBufferPointer(rebasing: elements[..<min(remaining, elements.count)])
      for index in part.indices { part[index] = UInt32(truncatingIfNeeded: random.next() >> 32) }
      part.sort()
      checksum &+= UInt64(part[part.count / 2])
      remaining -= part.count
    }
    return checksum
  }
}
