/// Text in UTF-16 as it comes, in UTF-8.
package struct UTF16Text {
  private let isBigEndian: Bool
  /// The bytes of a character that is not complete yet.
  private var rest: [UInt8] = []

  /// Nil for a text that does not begin as one in UTF-16 does: with a byte order mark, or with a character of ASCII.
  package init?(startingWith bytes: some Sequence<UInt8>) {
    var bytes = bytes.makeIterator()
    switch (bytes.next(), bytes.next()) {
    case (0xFF, 0xFE): isBigEndian = false
    case (0xFE, 0xFF): isBigEndian = true
    case (0, .some(let next)) where next != 0: isBigEndian = true
    case (.some(let first), 0) where first != 0: isBigEndian = false
    default: return nil
    }
  }

  /// The text of the next bytes, without a byte order mark; a character that is not complete waits for its rest.
  package mutating func text(of bytes: some Sequence<UInt8>) -> [UInt8] {
    rest += bytes
    var units = stride(from: 0, to: rest.count - 1, by: 2).map { index in
      let (first, second) = (UInt16(rest[index]), UInt16(rest[index + 1]))
      return isBigEndian ? first << 8 | second : second << 8 | first
    }
    if let last = units.last, UTF16.isLeadSurrogate(last) { units.removeLast() }
    rest.removeFirst(2 * units.count)
    if units.first == 0xFEFF { units.removeFirst() }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}
