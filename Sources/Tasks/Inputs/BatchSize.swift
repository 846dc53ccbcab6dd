/// How many inputs go into one call.
///
/// Chosen by measurement, a call takes about a tenth of a second: what it costs to start a program is then little, and
/// the last calls do not leave other workers idle for long.
struct BatchSize: Sendable {
  static let suitableSeconds = 0.1

  private(set) var count: Int
  let isFixed: Bool

  init(_ batch: TaskOptions.Batch) {
    switch batch {
    case .count(let count): (self.count, isFixed) = (count, true)
    case .auto: (count, isFixed) = (1, false)
    case .full, .spread: (count, isFixed) = (.max, true)
    }
  }

  /// Takes in how long a call took, and its number of inputs.
  mutating func add(seconds: Double, inputs: Int) {
    // A call smaller than planned tells less of the cost of starting.
    guard !isFixed, inputs * 2 > count, seconds >= 0 else { return }
    let suitable = Double(inputs) * Self.suitableSeconds / max(seconds, 1e-6)
    count = Int(max(1, Double(count) / 2, min(suitable, 4 * Double(count), 1e6)))
  }

  /// - Parameters:
  ///   - left: inputs that are left; nil where that is unknown.
  ///   - workers: each is to get four calls more at least, so that all end at about the same time.
  func count(left: Int?, workers: Int) -> Int {
    guard !isFixed, let left else { return count }
    return max(1, min(count, left / (4 * max(1, workers))))
  }
}
