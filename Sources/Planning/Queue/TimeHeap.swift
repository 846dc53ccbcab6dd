/// Times in a binary heap, the earliest on top.
struct TimeHeap {
  private var times: [Double]

  /// The same time over and over.
  init(repeating time: Double = 0, count: Int = 0) { times = Array(repeating: time, count: count) }

  var count: Int { times.count }
  var earliest: Double? { times.first }

  mutating func insert(_ time: Double) {
    var hole = times.count
    times.append(time)
    while hole > 0, times[(hole - 1) / 2] > time {
      times[hole] = times[(hole - 1) / 2]
      hole = (hole - 1) / 2
    }
    times[hole] = time
  }

  mutating func removeEarliest() {
    guard let last = times.popLast(), !times.isEmpty else { return }
    replaceEarliest(with: last)
  }

  /// The heap must not be empty.
  mutating func replaceEarliest(with time: Double) {
    var hole = 0
    while true {
      var child = 2 * hole + 1
      guard child < times.count else { break }
      if child + 1 < times.count, times[child + 1] < times[child] { child += 1 }
      guard times[child] < time else { break }
      times[hole] = times[child]
      hole = child
    }
    times[hole] = time
  }
}
