private import AdvisorCore

/// The small notations that kernel files share. They are read as bytes, for a large machine has thousands of them.
package enum KernelText {
  /// A decimal integer with white space around it; nil for anything else, and for what does not fit.
  package static func integer(_ bytes: ArraySlice<UInt8>) -> Int? {
    var rest = trim(bytes)
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest.removeFirst() }
    guard !rest.isEmpty else { return nil }
    var value = 0
    for byte in rest {
      guard case let digit = byte &- UInt8(ascii: "0"), digit < 10 else { return nil }
      let (scaled, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowsToo) = scaled.addingReportingOverflow(Int(digit))
      guard !overflows, !overflowsToo else { return nil }
      value = sum
    }
    return isNegative ? -value : value
  }

  /// The size of a cache in bytes: `32K` is 32 KiB.
  package static func cacheSize(_ bytes: ArraySlice<UInt8>) -> Int? {
    let text = trim(bytes)
    guard text.last == UInt8(ascii: "K"), let kibibytes = integer(text.dropLast()) else { return nil }
    return 0 < kibibytes && kibibytes <= Int.max >> 10 ? kibibytes << 10 : nil
  }

  /// The words between white space.
  package static func words(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    bytes.split(whereSeparator: \.isKernelSpace)
  }

  /// The lines one after the other, so that a search need not split the rest of a long file.
  package static func lines(_ bytes: [UInt8]) -> Lines { Lines(rest: bytes[...]) }

  package struct Lines: Sequence, IteratorProtocol {
    fileprivate var rest: ArraySlice<UInt8>

    package mutating func next() -> ArraySlice<UInt8>? {
      guard !rest.isEmpty else { return nil }
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      defer { rest = end < rest.endIndex ? rest[(end + 1)...] : [] }
      return rest[..<end]
    }
  }

  package static func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  package static func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let first = bytes.first, first.isKernelSpace { bytes.removeFirst() }
    while let last = bytes.last, last.isKernelSpace { bytes.removeLast() }
    return bytes
  }

  /// What stands after `key` and a colon on the first line that has it: `model name : AMD EPYC`.
  package static func value(of key: String, in bytes: [UInt8]) -> ArraySlice<UInt8>? {
    for line in lines(bytes) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), trim(line[..<colon]).elementsEqual(key.utf8)
      else { continue }
      return trim(line[(colon + 1)...])
    }
    return nil
  }

  /// Bytes from a line such as `MemTotal:  16316412 kB` or `Node 0 MemTotal:  16316412 kB`.
  package static func kibibytes(_ key: String, in bytes: [UInt8]) -> Int? {
    let key = Array(key.utf8)
    for line in lines(bytes) {
      guard let colon = line.firstIndex(of: key[key.count - 1]), line[...colon].suffix(key.count).elementsEqual(key)
      else { continue }
      return words(line[(colon + 1)...]).first.flatMap(integer).flatMap {
        $0 >= 0 && $0 <= Int.max >> 10 ? $0 << 10 : nil
      }
    }
    return nil
  }

  /// The number at the end of the first line that starts so: `oom_kill 12`.
  package static func figure(after start: String, in bytes: [UInt8]) -> Int? {
    let line = lines(bytes).first { $0.starts(with: start.utf8) }
    return line.flatMap { integer($0.dropFirst(start.utf8.count)) }
  }

  /// The microseconds in which tasks had to wait, since boot: `some avg10=0.00 avg60=0.00 avg300=0.00 total=12345`
  /// (Documentation/accounting/psi.rst).
  ///
  /// - Parameter kind: `some` task, or `full`: all of them.
  package static func stalledMicroseconds(_ kind: String, in pressure: [UInt8]) -> Int? {
    let line = lines(pressure).first { $0.starts(with: "\(kind) ".utf8) }
    let word = line.flatMap { words($0).first { $0.starts(with: "total=".utf8) } }
    return word.flatMap { integer($0.dropFirst("total=".utf8.count)) }
  }
}
