import AdvisorTestSupport
import Foundation
import Testing

/// Comments and pages cite only what a reader finds: files of this repository, and sections that its page on the model has.
@Suite("What comments and pages cite") struct CitationTests {
  /// The comments of each file, their lines joined, so that a citation may run over two of them.
  static let comments: [(path: String, text: String)] = ["Sources", "Tests"].flatMap { folder in
    files(below: folder, extension: "swift").map { path in
      (path, lines(of: path).compactMap(comment).joined(separator: " "))
    }
  }

  /// What follows `// ` or `/// `, at the line's start or after a space. By bytes: a regular expression takes minutes for all.
  private static func comment(of line: String) -> String? {
    let bytes = Array(line.utf8)
    let (slash, space) = (UInt8(ascii: "/"), UInt8(ascii: " "))
    let starts = bytes.indices.dropLast(2).filter {
      bytes[$0] == slash && bytes[$0 + 1] == slash && ($0 == 0 || bytes[$0 - 1] == space)
    }
    guard let start = starts.first else { return nil }
    let text = bytes[start...].drop { $0 == slash }
    return text.first == space ? String(decoding: text.dropFirst(), as: UTF8.self) : nil
  }

  /// A word that begins so is a path in the repository.
  private static let folders = ["Benchmarks", "Examples", "Fuzz", "Packaging", "Scripts", "Sources", "Tests", "docs"]

  private static func isOfPath(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "+"): true
    default: false
    }
  }

  @Test("Every file that a comment names is there")
  func namedFiles() {
    #expect(Self.comments.count > 500)
    for (path, text) in Self.comments {
      for word in text.utf8.split(whereSeparator: { !Self.isOfPath($0) }) {
        let name = String(decoding: word, as: UTF8.self).trimmingCharacters(in: CharacterSet(charactersIn: ".:-/"))
        let isPath = Self.folders.contains { name.hasPrefix("\($0)/") }
        guard isPath || name.hasSuffix(".md") else { continue }
        #expect(FileManager.default.fileExists(atPath: "\(Repository.root)/\(name)"), "\(path): \(name)")
      }
    }
  }

  @Test("Every section of the model's page that a comment names is there")
  func sections() {
    for (path, text) in Self.comments where path.hasPrefix("Sources/") && text.contains("docs/model.md") {
      for match in text.matches(of: /docs\/model\.md(, [0-9.]*[0-9](( and |, )[0-9.]*[0-9])*)?/) {
        let sections = (match.output.1 ?? "none").matches(of: /[0-9.]*[0-9]/).map { String($0.output) }
        #expect(!sections.isEmpty && Self.headings.isSuperset(of: sections), "\(path): \(match.output.0)")
      }
    }
  }

  @Test("Every type, member and module that the model's page names is there")
  func code() {
    #expect(Self.cited.count > 80)
    for name in Self.cited {
      let isModule = FileManager.default.fileExists(atPath: "\(Repository.root)/Sources/\(name)")
      #expect(isModule || Self.declared.contains(String(name)), "\(name)")
    }
  }

  @Test("Every file on the walks through the code is there, named once, and counted")
  func walks() {
    let page = Self.lines(of: "CONTRIBUTING.md").joined(separator: "\n")
    let walks = page.matches(of: #/\*\*\d\. .+?\((\d+) files\)([^*]+)/#)
    #expect(walks.count == 4)
    for walk in walks {
      let rows = walk.output.2.matches(of: #/\n\| (`.+`) \| (`.+`) \|/#)
      let files = rows.flatMap { row in
        Self.quoted(row.output.2).map { file in
          let name = file.hasSuffix(".c") ? file : "\(file).swift"
          let paths = Self.quoted(row.output.1).map { "\(Repository.root)/Sources/\($0)/\(name)" }
          #expect(paths.contains(where: FileManager.default.fileExists(atPath:)), "\(file)")
          return file
        }
      }
      #expect(files.count == Int(walk.output.1) && Set(files).count == files.count, "\(walk.output.0.prefix(60))")
    }
  }

  private static func quoted(_ cell: Substring) -> [String] {
    cell.matches(of: /`([^`]+)`/).map { String($0.output.1) }
  }

  /// The names after a declaration's keyword, of the whole of Sources.
  static let declared: Set<String> = {
    let keywords: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let", "case"]
    let words = files(below: "Sources", extension: "swift").flatMap { path in
      let text = FileManager.default.contents(atPath: "\(Repository.root)/\(path)") ?? Data()
      return text.split { !isOfName($0) }.map { String(decoding: $0, as: UTF8.self) }
    }
    return Set(zip(words, words.dropFirst()).filter { keywords.contains($0.0) }.map(\.1))
  }()

  private static func isOfName(_ byte: UInt8) -> Bool {
    isOfPath(byte) && !(UInt8(ascii: "-")...UInt8(ascii: "/")).contains(byte) && byte != UInt8(ascii: ":")
      && byte != UInt8(ascii: "+")
  }

  /// The numbers of the sections.
  static let headings = Set(
    lines(of: "docs/model.md").compactMap { line in
      line.firstMatch(of: #/^##+ ([0-9.]+) /#).map { String($0.output.1) }
    })

  /// Of lines like “Code: `Noise.loadSpread` in CostModel”: the type, its member, the module.
  static let cited: [Substring] = {
    let page = lines(of: "docs/model.md").joined(separator: "\n")
    let names = page.matches(of: /- Code: (([^\n]|\n  )+)/).flatMap { entry in
      entry.output.1.matches(of: /`([\w.]+)`|\bin\s+(\w+)/).flatMap { match in
        (match.output.1 ?? match.output.2 ?? "").split(separator: ".")
      }
    }
    return Set(names).sorted()
  }()

  private static func files(below folder: String, extension suffix: String) -> [String] {
    let names =
      FileManager.default.enumerator(atPath: "\(Repository.root)/\(folder)")?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".\(suffix)") }.sorted().map { "\(folder)/\($0)" }
  }

  private static func lines(of path: String) -> [String] {
    let text = (try? String(contentsOfFile: "\(Repository.root)/\(path)", encoding: .utf8)) ?? ""
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
