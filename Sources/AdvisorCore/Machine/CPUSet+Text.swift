/// The kernel's two notations for a set of CPUs: lists (`0-3,8`) and masks (`ff,00000001`).
extension CPUSet {
  /// Reads a Linux cpulist such as `0-3,8,10-12`, or `0-15:2/4` with a stride (two of every four).
  ///
  /// Blank text is the empty set, as the kernel writes it. See `Documentation/admin-guide/kernel-parameters.rst`.
  /// - Returns: nil where the text is malformed or names a CPU above ``highestCPU``.
  public init?(list text: some StringProtocol) {
    self.init()
    let trimmed = text.trimmingASCIISpace
    guard !trimmed.isEmpty else { return }
    for part in trimmed.split(separator: ",", omittingEmptySubsequences: false) {
      guard insert(listPart: part.trimmingASCIISpace) else { return nil }
    }
  }

  /// Reads a Linux cpumask: hexadecimal words of 32 CPUs, the highest first, joined by commas.
  ///
  /// - Returns: nil where the text is malformed or names a CPU above ``highestCPU``.
  public init?(mask text: some StringProtocol) {
    self.init()
    let trimmed = text.trimmingASCIISpace
    guard !trimmed.isEmpty else { return nil }
    let words = trimmed.split(separator: ",", omittingEmptySubsequences: false)
    for (position, digits) in words.reversed().enumerated() {
      let digits = digits.hasPrefix("0x") ? digits.dropFirst(2) : digits
      guard digits.count <= (words.count == 1 ? 16 : 8), let word = UInt64(digits, radix: 16) else { return nil }
      for bit in 0..<64 where word >> bit & 1 == 1 {
        guard position * 32 + bit <= Self.highestCPU else { return nil }
        insert(position * 32 + bit)
      }
    }
  }

  /// Inserts `7`, `0-3` or `0-15:2/4`; false where it is none of these.
  private mutating func insert(listPart part: Substring) -> Bool {
    let pieces = part.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(pieces.count) else { return false }
    let bounds = pieces[0].split(separator: "-", omittingEmptySubsequences: false).map { Self.decimal($0) }
    guard (1...2).contains(bounds.count), let first = bounds[0], let last = bounds[bounds.count - 1], first <= last
    else { return false }
    var used = 1
    var group = 1
    if pieces.count == 2 {
      let stride = pieces[1].split(separator: "/", omittingEmptySubsequences: false).map { Self.decimal($0) }
      guard stride.count == 2, let taken = stride[0], let every = stride[1], (1...every).contains(taken), every > 0
      else { return false }
      (used, group) = (taken, every)
    }
    for cpu in first...last where (cpu - first) % group < used { insert(cpu) }
    return true
  }

  private static func decimal(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text), value <= highestCPU
    else { return nil }
    return value
  }

  /// The runs of consecutive CPUs, ascending.
  public var ranges: [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    for cpu in self {
      if let last = ranges.last, last.upperBound == cpu - 1 {
        ranges[ranges.count - 1] = last.lowerBound...cpu
      } else {
        ranges.append(cpu...cpu)
      }
    }
    return ranges
  }
}

extension CPUSet: CustomStringConvertible {
  /// The set as a Linux cpulist: `0-3,8`; empty text for the empty set.
  public var description: String {
    ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
  }
}

extension CPUSet: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let set = CPUSet(list: text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "“\(text)” is not a Linux cpulist such as 0-3,8")
    }
    self = set
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
