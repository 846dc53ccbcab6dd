/// What an http or https URL shows to people, whom it asks, and what it is the address of.
///
/// Secrets are what stands before the host (RFC 3986, 3.2.1), and the values of parameters whose names say so: tokens,
/// passwords, keys, signatures.
package struct WebAddress {
  private let scheme: Substring
  /// What stands before the host; nil where nothing does.
  private let user: Substring?
  private let authority: Substring
  /// Path, query and fragment.
  private let rest: Substring

  package init(_ url: some StringProtocol) {
    let url = Substring(url)
    // By bytes: each download is known by its address, and characters take ten times as long.
    let (bytes, at) = (url.utf8, UInt8(ascii: "@"))
    let afterScheme = Self.endOfScheme(bytes) ?? url.startIndex
    scheme = url[..<afterScheme]
    let end = bytes[afterScheme...].firstIndex(where: Self.endsAuthority) ?? url.endIndex
    var host = afterScheme
    if let sign = bytes[afterScheme..<end].lastIndex(of: at) {
      host = bytes.index(after: sign)
    } else if Self.isNoPort(url[afterScheme..<end]), let sign = bytes[end...].lastIndex(of: at) {
      // A password with a slash that nobody has encoded.
      host = bytes.index(after: sign)
    }
    user = host > afterScheme ? url[afterScheme..<bytes.index(before: host)] : nil
    let path = bytes[host...].firstIndex(where: Self.endsAuthority) ?? url.endIndex
    authority = url[host..<path]
    rest = url[path...]
  }

  private static func endOfScheme(_ bytes: Substring.UTF8View) -> Substring.Index? {
    var rest = bytes[...]
    while let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
      rest = rest[colon...]
      if rest.starts(with: "://".utf8) { return rest.index(colon, offsetBy: 3) }
      rest = rest.dropFirst()
    }
    return nil
  }

  private static func endsAuthority(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
  }

  private static func isNoPort(_ authority: Substring) -> Bool {
    let bytes = authority.utf8
    guard bytes.first != UInt8(ascii: "["), let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return false }
    return !bytes[colon...].dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// Host and port, without a port that goes without saying.
  package var host: String {
    let standard = scheme.lowercased() == "https://" ? ":443" : ":80"
    let host = authority.lowercased()
    return host.hasSuffix(standard) ? String(host.dropLast(standard.count)) : host
  }

  /// The URL with `***` for each secret.
  package var shown: String {
    scheme + (user == nil ? "" : "***@") + authority
      + Self.parameters(of: rest) { name, value in
        Self.isSecret(name) || Self.holdsSecret(value) ? "\(name)=***" : "\(name)=\(value)"
      }
  }

  /// What two URLs of one resource have in common: no password, and nothing that is made anew for each signature.
  package var resource: String {
    let user = user.map { "\($0.prefix { $0 != ":" })@" } ?? ""
    let path = Substring(rest.utf8.prefix { $0 != UInt8(ascii: "#") })
    return scheme.lowercased() + user + host + (path.hasPrefix("/") ? "" : "/")
      + Self.parameters(of: path) { name, value in
        if ["x-amz-", "x-goog-"].contains(where: { name.lowercased().hasPrefix($0) }) { return "" }
        return Self.isPassword(name) ? "\(name)=" : "\(name)=\(value)"
      }
  }

  /// A text such as an error of libcurl, with `***` for each secret of the URLs in it.
  ///
  /// - Parameter isAddress: which of its words are taken for one; without more, `user:password@host` is too.
  package static func withoutSecrets(
    _ text: String, where isAddress: (Substring) -> Bool = { $0.contains("@") || isURL($0) }
  ) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false)
      .map { isAddress($0) ? WebAddress($0).shown : String($0) }
      .joined(separator: " ")
  }

  /// Whether a word says that it is, as the `ann@host` of a command does not.
  package static func isURL(_ word: Substring) -> Bool { word.contains("://") }
}

/// Parameters: what stands between separators and has a name, in the path too.
extension WebAddress {
  private static func parameters(of rest: Substring, _ replace: (Substring, Substring) -> String) -> String {
    guard rest.utf8.contains(UInt8(ascii: "=")) else { return String(rest) }
    var (result, separators, left) = ("", "/;?#", rest)
    while !left.isEmpty {
      let piece = left.prefix { !separators.contains($0) }
      let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      result += parts.count == 2 ? replace(parts[0], parts[1]) : String(piece)
      left = left[piece.endIndex...]
      guard let separator = left.popFirst() else { break }
      result.append(separator)
      // In a query a slash is part of a value.
      if separator == "?" || separator == "#" { separators = "&;#" }
    }
    return result
  }

  private static let secretWords = [
    "token", "secret", "passw", "passphrase", "signature", "credential", "apikey", "accesskey", "session",
  ]
  private static let secretNames: Set = ["key", "pass", "pwd", "sig", "auth", "authorization", "jwt", "sid", "hmac"]

  private static func isSecret(_ name: Substring) -> Bool {
    let name = plain(name)
    return secretNames.contains(name) || secretWords.contains { name.contains($0) }
  }

  private static func isPassword(_ name: Substring) -> Bool {
    let name = plain(name)
    return name.contains("passw") || ["pass", "pwd", "passphrase"].contains(name)
  }

  private static func plain(_ name: Substring) -> String {
    decoded(name).lowercased().filter { $0 != "-" && $0 != "_" && $0 != "." }
  }

  /// Whether the value is a URL with a secret in it.
  private static func holdsSecret(_ value: Substring) -> Bool {
    let value = decoded(value)
    return value.contains("://") && WebAddress(value).shown != value
  }

  private static func decoded(_ text: Substring) -> String {
    String(decoding: PercentEncoding.decoded(text), as: UTF8.self)
  }
}

package enum PercentEncoding {
  /// The bytes that percent-encoding stands for (RFC 3986, 2.1); a `%` without two digits is itself.
  package static func decoded(_ text: some StringProtocol) -> [UInt8] {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return Array(text.utf8) }
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
