extension StringProtocol {
  /// The text without the white space that surrounds it: what a kernel file holds, less its line end.
  public var trimmingASCIISpace: Substring {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
    var text = Substring(self)
    while let first = text.first, isSpace(first) { text.removeFirst() }
    while let last = text.last, isSpace(last) { text.removeLast() }
    return text
  }

  /// The text on one line, with a space for every control character: what may be shown on a terminal.
  public var printable: String {
    String(map { $0.unicodeScalars.contains(where: \.isControl) ? " " : $0 })
  }

  /// How a message cites what a file or a user has said, however long that is: its first 60 characters, on one line.
  public var excerpt: String { shortened(to: 60).printable }

  /// The excerpt in quotation marks.
  public var quoted: String { "“\(excerpt)”" }

  /// The text where it has no more code points than that, else its beginning and an ellipsis. One character, as people count
  /// them, may be of any length.
  public func shortened(to most: Int) -> String {
    let end = unicodeScalars.index(startIndex, offsetBy: most, limitedBy: endIndex) ?? endIndex
    return end < endIndex ? "\(self[..<end])…" : String(self)
  }

  /// The text as a program reads it to which some code points mean more than themselves. By code points, not characters: a mark
  /// that joins a quote makes another character of it, but not another quote.
  package func replacing(_ replacements: [Unicode.Scalar: String]) -> String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let replacement = replacements[scalar] {
        result.append(contentsOf: replacement.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// The text without control characters but line ends and tabs: no file that it was read from can move the cursor, set a title or
  /// answer for the user.
  public var harmless: String {
    let text = String(self)
    func isHarmful(_ scalar: Unicode.Scalar) -> Bool { scalar.isControl && scalar != "\n" && scalar != "\t" }
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.filter { !isHarmful($0) }))
  }
}

extension UInt8 {
  /// White space in a kernel file, and the NUL with which device trees and some recorders end a text.
  package var isKernelSpace: Bool { self == UInt8(ascii: " ") || (9...13).contains(self) || self == 0 }
}

extension Unicode.Scalar {
  /// Whether it makes a terminal do something, or show text in another order than it stands in.
  package var isControl: Bool { isControlCode || !isASCII && properties.isBidiControl }

  /// Whether it is of the general category Cc, whose members never change (Unicode 16, 23.1).
  package var isControlCode: Bool { value < 0x20 || (0x7f...0x9f).contains(value) }
}
