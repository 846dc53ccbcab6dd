public import AdvisorCore
private import Glibc

/// A list of URLs, one a line, each with the SHA-256 and the name that its file is to have where they are given:
///
///     https://example.org/a.zip sha256=9f86d081… out=first.zip
///
/// Empty lines and those that begin with `#` are passed over.
public struct DownloadList: Sendable {
  public let downloads: [Download]

  /// Reads a list from a file; `-` is standard input.
  ///
  /// - Throws: `AdvisorError` (badData) that names the line at fault.
  public init(path: String) throws(AdvisorError) {
    let name = path == "-" ? "standard input" : "“\(path.printable)”"
    if path == "-" {
      try self.init(text: Self.text(of: STDIN_FILENO, name), from: name)
    } else if let file = Descriptor(opening: path, O_RDONLY) {
      try self.init(text: Self.text(of: file.number, name), from: name)
    } else {
      throw Self.unreadable(name, errno)
    }
  }

  /// - Parameter name: of the file, for messages.
  init(text: String, from name: String) throws(AdvisorError) {
    var lines: [Line] = []
    // By bytes: to Swift a line end of DOS is another character.
    let texts = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, text) in texts.enumerated() {
      let text = Substring(text).trimmingASCIISpace
      guard !text.isEmpty, text.first != "#" else { continue }
      do {
        lines.append(try Line(text, number: index + 1))
      } catch {
        throw AdvisorError(
          .badData, "line \(index + 1) of \(name): \(error.problem)",
          advice: "write one URL a line, as https://example.org/a.zip sha256=HEX out=NAME")
      }
    }
    downloads = try Self.named(lines, in: name)
  }

  /// Gives each file its name: the chosen ones first, then what the URLs say, with a number where that is taken.
  private static func named(_ lines: [Line], in name: String) throws(AdvisorError) -> [Download] {
    var taken: [String: Int] = [:]
    for line in lines {
      guard let chosen = line.name else { continue }
      if let former = taken[chosen] {
        throw AdvisorError(
          .badData, "lines \(former) and \(line.number) of \(name) both say out=\(chosen)",
          advice: "give each file a name of its own")
      }
      for file in DownloadFolder.names(of: chosen) { taken[file] = line.number }
    }
    var seen: Set<Line.Wanted> = []
    var downloads: [Download] = []
    for line in lines where line.name != nil || seen.insert(line.wanted).inserted {
      let file =
        line.name
        ?? DownloadName.free(DownloadName.derived(from: line.wanted.url)) { candidate in
          DownloadFolder.names(of: candidate).contains { taken[$0] != nil }
        }
      for file in DownloadFolder.names(of: file) { taken[file] = line.number }
      downloads.append(Download(url: line.wanted.url, name: file, sha256: line.wanted.sha256))
    }
    return downloads
  }

  /// Some millions of URLs.
  private static let mostBytes = 256 << 20

  private static func text(of descriptor: Int32, _ name: String) throws(AdvisorError) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(name, errno) }
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
      guard bytes.count <= mostBytes else {
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

  private static func unreadable(_ name: String, _ code: Int32) -> AdvisorError {
    AdvisorError(
      .badData, "cannot read the URLs in \(name): \(String(cString: strerror(code)))",
      advice: "name a file that exists and that you may read, with one URL a line")
  }
}

/// One line of the list.
private struct Line {
  struct Wanted: Hashable {
    var url: String
    var sha256: [UInt8]?
  }

  let number: Int
  var wanted: Wanted
  /// As chosen with `out=`.
  var name: String?

  init(_ text: Substring, number: Int) throws(AdvisorError) {
    self.number = number
    let words = text.split { $0 == " " || $0 == "\t" }
    let url = words.first.map(String.init) ?? ""
    guard let scheme = ["http://", "https://"].first(where: { url.lowercased().hasPrefix($0) }),
      url.dropFirst(scheme.count).first.map({ !"/?#".contains($0) }) == true,
      url.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { throw Self.fault("“\(url.printable)” is no http or https URL") }
    // The rest of the URL keeps its case.
    wanted = Wanted(url: scheme + url.dropFirst(scheme.count), sha256: nil)
    for word in words.dropFirst() { try read(word) }
  }

  private mutating func read(_ word: Substring) throws(AdvisorError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    switch (parts.first, parts.last) {
    case ("sha256", let digits?) where parts.count == 2:
      guard let hash = Self.bytes(hex: digits), hash.count == 32 else {
        throw Self.fault("\(word.quoted) is no SHA-256, which has 64 hexadecimal digits")
      }
      wanted.sha256 = hash
    case ("out", let text?) where parts.count == 2:
      guard let chosen = DownloadName.chosen(text) else {
        throw Self.fault("\(word.quoted) is no file name; it may hold no “/” and no control character")
      }
      name = chosen
    default: throw Self.fault("\(word.quoted) is neither sha256=HEX nor out=NAME")
    }
  }

  private static func bytes(hex digits: Substring) -> [UInt8]? {
    let values = digits.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
    guard values.count.isMultiple(of: 2), values.allSatisfy({ $0 != nil }) else { return nil }
    let nibbles = values.compactMap(\.self)
    return stride(from: 0, to: nibbles.count, by: 2).map { UInt8(nibbles[$0] * 16 + nibbles[$0 + 1]) }
  }

  private static func fault(_ problem: String) -> AdvisorError { AdvisorError(.badData, problem, advice: "") }
}
