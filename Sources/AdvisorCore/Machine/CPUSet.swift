/// A set of logical CPUs, numbered as Linux numbers them.
///
/// A bitmap, as the kernel's own `cpumask` is: unions and intersections over machines of thousands of CPUs stay cheap.
public struct CPUSet: Hashable, Sendable {
  /// The highest CPU number that is believed, eight times Linux's largest `NR_CPUS`; a list that names more is malformed.
  public static let highestCPU = 65_535

  /// Sixty-four CPUs a word, without trailing zero words, so that equal sets are equal arrays.
  private var words: [UInt64] = []

  public init() {}

  public init(_ cpus: some Sequence<Int>) {
    for cpu in cpus { insert(cpu) }
  }

  public var isEmpty: Bool { words.isEmpty }

  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  public var first: Int? {
    words.firstIndex { $0 != 0 }.map { $0 * 64 + words[$0].trailingZeroBitCount }
  }

  public var last: Int? { words.last.map { words.count * 64 - 1 - $0.leadingZeroBitCount } }

  public func contains(_ cpu: Int) -> Bool {
    guard cpu >= 0, cpu / 64 < words.count else { return false }
    return words[cpu / 64] >> (cpu % 64) & 1 == 1
  }

  /// - Precondition: `cpu` lies between 0 and ``highestCPU``.
  public mutating func insert(_ cpu: Int) {
    precondition((0...Self.highestCPU).contains(cpu), "no such CPU: \(cpu)")
    if cpu / 64 >= words.count { words += Array(repeating: 0, count: cpu / 64 + 1 - words.count) }
    words[cpu / 64] |= 1 << (cpu % 64)
  }

  public func union(_ other: CPUSet) -> CPUSet {
    combine(with: other, over: Swift.max(words.count, other.words.count), |)
  }

  public func intersection(_ other: CPUSet) -> CPUSet {
    combine(with: other, over: Swift.min(words.count, other.words.count), &)
  }

  public func subtracting(_ other: CPUSet) -> CPUSet { combine(with: other, over: words.count) { $0 & ~$1 } }

  public func isSubset(of other: CPUSet) -> Bool { subtracting(other).isEmpty }

  public func isDisjoint(with other: CPUSet) -> Bool { intersection(other).isEmpty }

  private func combine(with other: CPUSet, over count: Int, _ operation: (UInt64, UInt64) -> UInt64) -> CPUSet {
    var result = CPUSet()
    result.words = (0..<count).map { index in
      operation(
        index < words.count ? words[index] : 0,
        index < other.words.count ? other.words[index] : 0)
    }
    while result.words.last == 0 { result.words.removeLast() }
    return result
  }
}

extension CPUSet: Sequence {
  /// The CPUs in ascending order.
  public struct Iterator: IteratorProtocol {
    fileprivate let words: [UInt64]
    fileprivate var index = 0
    fileprivate var remaining: UInt64

    public mutating func next() -> Int? {
      while remaining == 0 {
        index += 1
        guard index < words.count else { return nil }
        remaining = words[index]
      }
      defer { remaining &= remaining - 1 }
      return index * 64 + remaining.trailingZeroBitCount
    }
  }

  public func makeIterator() -> Iterator { Iterator(words: words, remaining: words.first ?? 0) }

  public var underestimatedCount: Int { count }
}

extension CPUSet: ExpressibleByArrayLiteral {
  public init(arrayLiteral cpus: Int...) { self.init(cpus) }
}
