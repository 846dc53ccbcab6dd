/// The text of a file in UTF-8, whatever its encoding was.
enum TableText {
  /// UTF-8, with a byte order mark or without; UTF-16, in either order; what is neither is taken for Windows-1252, whose
  /// letters are those of Latin-1.
  static func utf8(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
    if var text = UTF16Text(startingWith: bytes) { return text.text(of: bytes) }
    guard !bytes.allSatisfy({ $0 < 0x80 }), String(validating: bytes, as: UTF8.self) == nil else { return bytes }
    return Array(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })).utf8)
  }

  /// The lines with their numbers, from 1, without their ends; carriage returns alone end lines too where nothing else does.
  static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
    let end = text.contains(UInt8(ascii: "\n")) ? UInt8(ascii: "\n") : UInt8(ascii: "\r")
    return text.split(separator: end, omittingEmptySubsequences: false)
  }
}
