/// What a downloaded file is called. A name is one component of a path, so that it cannot lead out of its folder.
enum DownloadName {
  /// Room is left for the ending of a part that has not arrived wholly (`NAME_MAX` is 255).
  static let longest = 240

  /// The last component of the URL's path, decoded; what no file name can hold becomes `_`.
  static func derived(from url: String) -> String {
    let path = url.prefix { $0 != "?" && $0 != "#" }.drop { $0 != ":" }.dropFirst(3)
    let last = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().last ?? ""
    let name = String(
      String(decoding: decoded(last), as: UTF8.self).unicodeScalars.map { isSafe($0) ? Character($0) : "_" })
    guard !name.isEmpty, name != ".", name != ".." else { return "index.html" }
    return shortened(name, to: longest)
  }

  /// A name that the user has chosen; nil where it is none, or leads elsewhere.
  static func chosen(_ text: some StringProtocol) -> String? {
    let name = String(decoding: decoded(text), as: UTF8.self)
    guard !name.isEmpty, name != ".", name != "..", name.utf8.count <= longest, name.unicodeScalars.allSatisfy(isSafe)
    else { return nil }
    return name
  }

  /// The name, or the first of `name-2.txt`, `name-3.txt` … that is not taken.
  static func free(_ name: String, isTaken: (String) -> Bool) -> String {
    guard isTaken(name) else { return name }
    let dot = name.dropFirst().lastIndex(of: ".") ?? name.endIndex
    var number = 2
    while true {
      let suffix = "-\(number)"
      let candidate =
        shortened(String(name[..<dot]), to: longest - suffix.utf8.count - name[dot...].utf8.count)
        + suffix + name[dot...]
      if !isTaken(candidate) { return candidate }
      number += 1
    }
  }

  private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    scalar != "/" && scalar.properties.generalCategory != .control
  }

  private static func shortened(_ name: String, to bytes: Int) -> String {
    var name = name
    while name.utf8.count > max(1, bytes) { name.removeLast() }
    return name
  }

  /// The bytes that percent-encoding stands for (RFC 3986, 2.1); a `%` without two digits is itself.
  private static func decoded(_ text: some StringProtocol) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }
}
