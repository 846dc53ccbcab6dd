public import AdvisorCore
private import Transfer
import System

/// A list of URLs, one a line, each with the SHA-256 and the name that its file is to have where they are given:
///
///     https://example.org/a.zip sha256=9f86d081… out=first.zip
///
/// Empty lines and those that begin with `#` are passed over.
public struct DownloadList: Sendable {
  /// Each with its name in an empty folder.
  public let downloads: [Download]
  private let lines: [Line]
  /// As messages call it.
  private let source: String

  /// Reads a list from a file; `-` is standard input.
  ///
  /// - Throws: `AdvisorError` (badData) that names the line at fault.
  public init(path: String) throws(AdvisorError) {
    let name = path == "-" ? "standard input" : "“\(path.printable)”"
    if path == "-" {
      try self.init(text: Self.text(of: StandardStream.input, name), from: name)
    } else if let file = Descriptor(opening: path) {
      try self.init(text: Self.text(of: file.number, name), from: name)
    } else {
      let code = Errno.last
      if WebAddress.isURL(path[...]) { throw Self.isNoList(path) }
      throw Self.unreadable(name, code)
    }
  }

  /// - Parameter name: of the file, for messages.
  init(text: String, from name: String) throws(AdvisorError) {
    var lines: [Line] = []
    // By bytes: to Swift a line end of DOS is another character.
    let texts = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, text) in texts.enumerated() {
      // Editors of Windows begin a file with a mark of the byte order; joined files have it in the middle.
      let words = (text.starts(with: "\u{feff}".utf8) ? text.dropFirst(3) : text).split(whereSeparator: Self.isSpace)
      guard let first = words.first, first.first != UInt8(ascii: "#") else { continue }
      do {
        lines.append(try Line(words.map(Substring.init), number: index + 1))
      } catch {
        throw AdvisorError(
          .badData, "line \(index + 1) of \(name): \(error.problem)",
          advice: "write one URL a line, as https://example.org/a.zip sha256=HEX out=NAME")
      }
    }
    (self.lines, source) = (lines, name)
    downloads = try Self.named(lines, in: name)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  /// The downloads with the names that their URLs had in the folder before, whatever has been added to the list since.
  ///
  /// - Parameter folder: is not made where it is missing.
  /// - Throws: `AdvisorError` (badData) where the folder's record cannot be read.
  public func downloads(resumedIn folder: String) throws(AdvisorError) -> [Download] {
    guard let folder = DownloadFolder.look(at: folder) else { return downloads }
    return try Self.named(lines, in: source, knowing: DownloadRecord(in: folder))
  }

  /// Gives each file its name: the chosen ones first, then those that the URLs had before, then what the URLs say, with a
  /// number where that is taken.
  private static func named(
    _ lines: [Line], in source: String, knowing record: DownloadRecord? = nil
  ) throws(AdvisorError) -> [Download] {
    var (names, chosen) = (DownloadNames(), [String: Line]())
    for line in lines {
      guard let name = line.wanted.name, chosen[name]?.wanted != line.wanted else { continue }
      guard !names.has(name) else {
        let former = chosen[name].map { "lines \($0.number) and \(line.number) of \(source) both say" }
        throw AdvisorError(
          .badData, "\(former ?? "line \(line.number) of \(source) takes the name of another's part:") out=\(name)",
          advice: "give each file a name of its own")
      }
      names.take(name)
      chosen[name] = line
    }
    var seen: Set<Line.Wanted> = []
    return lines.filter { seen.insert($0.wanted).inserted }.map { line in
      let name = line.wanted.name ?? names.takeName(of: line.wanted.identity, at: line.url, knowing: record)
      return Download(url: line.url, name: name, sha256: line.wanted.sha256, identity: line.wanted.identity)
    }
  }

  /// Some millions of URLs.
  private static let maxBytes = 256 << 20

  private static func text(of descriptor: Int32, _ name: String) throws(AdvisorError) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = buffer.withUnsafeMutableBytes { OpenFile.read(descriptor, into: $0) }
      guard count >= 0 else { throw unreadable(name, .last) }
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
      guard bytes.count <= maxBytes else {
        throw AdvisorError(
          .badData, "\(name) is no list of URLs: it is longer than 256 MiB", advice: "name a file with one URL a line")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw AdvisorError(
        .badData, "\(name) is not a list of URLs: it is not UTF-8 text", advice: "write one URL a line")
    }
    return text
  }

  /// A URL, in place of a file that holds some.
  private static func isNoList(_ url: String) -> AdvisorError {
    AdvisorError(
      .badData, "\(WebAddress(url).shown.printable) is a URL, not a file of URLs",
      advice: "pipe it in: echo URL | advisor download - --into DIR")
  }

  private static func unreadable(_ name: String, _ code: Errno) -> AdvisorError {
    AdvisorError(
      .badData, "cannot read the URLs in \(name): \(code.text)",
      advice: "name a file that exists and that you may read, with one URL a line")
  }
}

/// One line of the list.
private struct Line {
  /// What makes two lines the same.
  struct Wanted: Hashable {
    var identity: String
    var sha256: [UInt8]?
    /// As chosen with `out=`.
    var name: String?
  }

  private static let schemes = ["http://", "https://"].map { Array($0.utf8) }

  /// Letters of ASCII differ by a bit where their case does.
  private static func isSameLetter(_ small: UInt8, _ byte: UInt8) -> Bool { byte | 0x20 == small }

  let number: Int
  let url: String
  private(set) var wanted: Wanted

  /// - Parameter words: of the line, the URL first.
  init(_ words: [Substring], number: Int) throws(AdvisorError) {
    self.number = number
    let url = words[0]
    let scheme = Self.schemes.first { $0.elementsEqual(url.utf8.prefix($0.count), by: Self.isSameLetter) }
    guard let scheme,
      let host = url.utf8.dropFirst(scheme.count).first, !"/?#".utf8.contains(host),
      !url.unicodeScalars.contains(where: \.isControlCode)
    else { throw Self.fault("“\(WebAddress(url).shown.printable)” is no http or https URL") }
    // The rest of the URL keeps its case.
    self.url = String(decoding: scheme, as: UTF8.self) + Substring(url.utf8.dropFirst(scheme.count))
    wanted = Wanted(identity: Download.identity(of: self.url))
    for word in words.dropFirst() { try read(word) }
  }

  private mutating func read(_ word: Substring) throws(AdvisorError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    switch (parts.first, parts.last) {
    case ("sha256", let digits?) where parts.count == 2:
      guard let hash = Self.bytes(hex: digits), hash.count == 32 else {
        throw Self.fault(
          "\(WebAddress.withoutSecrets(String(word)).quoted) is no SHA-256, which has 64 hexadecimal digits")
      }
      wanted.sha256 = hash
    case ("out", let text?) where parts.count == 2:
      guard let chosen = DownloadName.chosen(text) else {
        throw Self.fault("\(word.quoted) is no file name; it may hold no “/” and no control character")
      }
      wanted.name = chosen
    default: throw Self.fault("\(WebAddress.withoutSecrets(String(word)).quoted) is neither sha256=HEX nor out=NAME")
    }
  }

  private static func bytes(hex digits: Substring) -> [UInt8]? {
    let values = digits.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
    guard values.count.isMultiple(of: 2), values.allSatisfy({ $0 != nil }) else { return nil }
    let nibbles = values.compactMap(\.self)
    return stride(from: 0, to: nibbles.count, by: 2).map { index in UInt8(nibbles[index] << 4 | nibbles[index + 1]) }
  }

  private static func fault(_ problem: String) -> AdvisorError { AdvisorError(.badData, problem, advice: "") }
}
