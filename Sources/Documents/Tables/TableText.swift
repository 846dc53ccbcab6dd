/// The text of a file in UTF-8, whatever its encoding was.
enum TableText {
  /// UTF-8, with a byte order mark or without; UTF-16, in either order; what is neither is taken for Windows-1252, whose
  /// letters are those of Latin-1.
  static func utf8(_ bytes: [UInt8]) -> [UInt8] {
    switch (bytes.first, bytes.dropFirst().first) {
    case (0xEF, 0xBB): return Array(bytes.dropFirst(bytes.dropFirst(2).first == 0xBF ? 3 : 0))
    case (0xFF, 0xFE): return utf16(bytes.dropFirst(2), isBigEndian: false)
    case (0xFE, 0xFF): return utf16(bytes.dropFirst(2), isBigEndian: true)
    case (0, .some(let next)) where next != 0: return utf16(bytes[...], isBigEndian: true)
    case (.some(let first), 0) where first != 0: return utf16(bytes[...], isBigEndian: false)
    default: break
    }
    guard !bytes.allSatisfy({ $0 < 0x80 }), String(validating: bytes, as: UTF8.self) == nil else { return bytes }
    return Array(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })).utf8)
  }

  private static func utf16(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> [UInt8] {
    let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { index in
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      return isBigEndian ? first << 8 | second : second << 8 | first
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  /// The lines with their numbers, from 1, without their ends; carriage returns alone end lines too where nothing else does.
  static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
    let end = text.contains(UInt8(ascii: "\n")) ? UInt8(ascii: "\n") : UInt8(ascii: "\r")
    return text.split(separator: end, omittingEmptySubsequences: false)
  }
}
