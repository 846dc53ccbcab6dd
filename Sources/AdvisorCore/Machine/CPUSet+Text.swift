/// The kernel's two notations for a set of CPUs: lists (`0-3,8`) and masks (`ff,00000001`).
extension CPUSet {
  /// Reads a Linux cpulist such as `0-3,8,10-12`, or `0-15:2/4` with a stride (two of every four).
  ///
  /// Blank text is the empty set, as the kernel writes it. See `Documentation/admin-guide/kernel-parameters.rst`.
  /// - Returns: nil where the text is malformed or names a CPU above ``highestCPU``.
  public init?(list text: some StringProtocol) { self.init(list: Array(text.utf8)) }

  /// Reads a Linux cpumask: hexadecimal words of 32 CPUs, the highest first, joined by commas.
  ///
  /// - Returns: nil where the text is malformed or names a CPU above ``highestCPU``.
  public init?(mask text: some StringProtocol) { self.init(mask: Array(text.utf8)) }

  /// Reads a Linux cpulist as it lies in a kernel file; machines of thousands of CPUs have thousands of these.
  public init?(list bytes: [UInt8]) {
    self.init()
    var cursor = Cursor(bytes)
    guard !cursor.atEnd else { return }
    repeat {
      guard let first = cursor.decimal(), let last = cursor.skip("-") ? cursor.decimal() : first, first <= last
      else { return nil }
      var (used, group) = (1, 1)
      if cursor.skip(":") {
        guard let taken = cursor.decimal(), cursor.skip("/"), let every = cursor.decimal(), 1 <= taken, taken <= every
        else { return nil }
        (used, group) = (taken, every)
      }
      for cpu in first...last where (cpu - first) % group < used { insert(cpu) }
    } while cursor.skip(",")
    guard cursor.atEnd else { return nil }
  }

  /// Reads a Linux cpumask as it lies in a kernel file.
  public init?(mask bytes: [UInt8]) {
    self.init()
    var cursor = Cursor(bytes)
    var words: [UInt64] = []
    repeat {
      guard let word = cursor.hexadecimal(digits: words.isEmpty ? 16 : 8) else { return nil }
      words.append(word)
    } while cursor.skip(",")
    guard cursor.atEnd, words.count == 1 || words[0] <= UInt32.max else { return nil }
    for (position, word) in words.reversed().enumerated() {
      var rest = word
      while rest != 0 {
        let cpu = position * 32 + rest.trailingZeroBitCount
        guard cpu <= Self.highestCPU else { return nil }
        insert(cpu)
        rest &= rest - 1
      }
    }
  }

  /// A place in a text that is read from left to right; white space may stand around numbers and marks.
  private struct Cursor {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      skipSpace()
    }

    var atEnd: Bool { index == bytes.count }

    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
      guard index < bytes.count, UInt32(bytes[index]) == mark.value else { return false }
      index += 1
      skipSpace()
      return true
    }

    /// A CPU number or a count of CPUs, at most ``CPUSet/highestCPU``.
    mutating func decimal() -> Int? {
      let start = index
      var value = 0
      while index < bytes.count, case let digit = bytes[index] &- UInt8(ascii: "0"), digit < 10 {
        value = value * 10 + Int(digit)
        guard value <= CPUSet.highestCPU else { return nil }
        index += 1
      }
      guard index > start else { return nil }
      skipSpace()
      return value
    }

    /// A hexadecimal number, with or without `0x`.
    mutating func hexadecimal(digits most: Int) -> UInt64? {
      if bytes[index...].starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) { index += 2 }
      let start = index
      var value: UInt64 = 0
      while index < bytes.count, let digit = Self.hexadecimalDigit(bytes[index]) {
        value = value << 4 | digit
        index += 1
      }
      guard (1...most).contains(index - start) else { return nil }
      skipSpace()
      return value
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt64? {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
      default: nil
      }
    }

    private mutating func skipSpace() {
      while index < bytes.count, bytes[index].isKernelSpace { index += 1 }
    }
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
    var text = ""
    var first: Int?
    var last = 0
    func close() {
      guard let first else { return }
      text += (text.isEmpty ? "" : ",") + (first == last ? "\(first)" : "\(first)-\(last)")
    }
    for cpu in self {
      if first == nil || cpu > last + 1 {
        close()
        first = cpu
      }
      last = cpu
    }
    close()
    return text
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
