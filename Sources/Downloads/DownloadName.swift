internal import Transfer
import AdvisorCore

/// What a downloaded file is called. A name is one component of a path, so that it cannot lead out of its folder.
enum DownloadName {
  /// Room is left for the ending of a part that has not arrived wholly (`NAME_MAX` is 255).
  static let longest = 240

  /// The last component of the URL's path, decoded; what no file name can hold becomes `_`.
  static func derived(from url: String) -> String {
    let path = url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
      .drop { $0 != UInt8(ascii: ":") }.dropFirst(3)
    let last = path.lastIndex(of: UInt8(ascii: "/")).map { Substring(path[$0...].dropFirst()) } ?? ""
    var name = String(decoding: PercentEncoding.decoded(last), as: UTF8.self)
    if !name.unicodeScalars.allSatisfy(isSafe) {
      name = String(name.unicodeScalars.map { isSafe($0) ? Character($0) : "_" })
    }
    guard !name.isEmpty, name != ".", name != ".." else { return "index.html" }
    return name.utf8.count <= longest ? name : numbered(name, "")
  }

  /// A name that the user has chosen; nil where it is none, leads elsewhere, or is that of our own record.
  static func chosen(_ text: some StringProtocol) -> String? {
    let name = String(decoding: PercentEncoding.decoded(text), as: UTF8.self)
    guard !name.isEmpty, name != ".", name != "..", name.utf8.count <= longest, name != DownloadRecord.fileName,
      name.unicodeScalars.allSatisfy(isSafe)
    else { return nil }
    return name
  }

  /// The name with a suffix before its extension, and no longer than a name can be: the extension stays whole.
  static func numbered(_ name: String, _ suffix: String) -> String {
    let end = stemEnd(of: name)
    var stem = name[..<end]
    let room = longest - suffix.utf8.count - name[end...].utf8.count
    while stem.utf8.count > room { stem.unicodeScalars.removeLast() }
    return stem + suffix + name[end...]
  }

  /// Says how the file before it is packed, signed or checked.
  private static let wrappers: Set = [
    "gz", "bz2", "xz", "zst", "lz4", "lzma", "br", "z", "asc", "sig", "gpg", "md5", "sha1", "sha256", "sha512",
  ]
  /// What is longer is a part of the name.
  private static let longestExtension = 16

  /// Where the extension begins: `.txt`, or `.tar.gz` and `.tar.gz.asc` as a whole.
  private static func stemEnd(of name: String) -> String.Index {
    var end = name.endIndex
    for inner in 0..<3 {
      guard let dot = name[..<end].lastIndex(of: "."), dot > name.startIndex else { break }
      let kind = name[dot..<end].dropFirst()
      guard kind.utf8.count <= longestExtension, inner == 0 || kind.first?.isLetter == true else { break }
      end = dot
      guard wrappers.contains(kind.lowercased()) else { break }
    }
    return end
  }

  private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    scalar != "/" && !scalar.isControlCode
  }
}

/// The names that the files of a run have, each once.
struct DownloadNames {
  private var taken: Set<String> = [DownloadRecord.fileName]
  /// Names whose part, or what tells where that is from, is taken.
  private var stems: Set<String> = []
  /// The next number to try, by the name that is wanted: thousands may want the same.
  private var next: [String: Int] = [:]

  func has(_ name: String) -> Bool {
    taken.contains(name) || stems.contains(name) || DownloadFolder.stem(of: name).map(taken.contains) == true
  }

  mutating func take(_ name: String) {
    taken.insert(name)
    if let stem = DownloadFolder.stem(of: name) { stems.insert(stem) }
  }

  /// Takes the name that the URL had before, or else one that no other has or had: what its path ends in, with a number
  /// where that is needed, as in `name-2.txt`.
  ///
  /// - Parameters:
  ///   - identity: of the URL.
  ///   - record: of the folder, where its files are to be gone on from.
  mutating func takeName(of identity: String, at url: String, knowing record: DownloadRecord?) -> String {
    let former = record?.names(of: identity).first { !has($0) }
    let name = former ?? free(DownloadName.derived(from: url)) { record?.knows($0) == true }
    take(name)
    return name
  }

  private mutating func free(_ name: String, unless isKept: (String) -> Bool) -> String {
    var number = next[name] ?? 1
    var candidate = name
    repeat {
      candidate = number == 1 ? name : DownloadName.numbered(name, "-\(number)")
      number += 1
    } while has(candidate) || isKept(candidate)
    next[name] = number
    return candidate
  }
}
