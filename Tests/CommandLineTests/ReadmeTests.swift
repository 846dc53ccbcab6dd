import AdvisorTestSupport
import Foundation
import Testing

/// README keeps its word: what it has people type exists.
@Suite("README") struct ReadmeTests {
  private let program: Program
  private let commands: [String: Set<String>]

  init() throws {
    program = try Program()
    let dump = try program.run("--experimental-dump-help").json()
    commands = Self.options(try #require(dump["command"] as? [String: Any]), path: [])
  }

  /// The options of each command, by its words.
  private static func options(_ command: [String: Any], path: [String]) -> [String: Set<String>] {
    let arguments = command["arguments"] as? [[String: Any]] ?? []
    let names = arguments.flatMap { $0["names"] as? [[String: Any]] ?? [] }.compactMap { name -> String? in
      guard let text = name["name"] as? String else { return nil }
      return name["kind"] as? String == "long" ? "--\(text)" : "-\(text)"
    }
    var found = [path.joined(separator: " "): Set(names)]
    for below in command["subcommands"] as? [[String: Any]] ?? [] {
      let name = below["commandName"] as? String ?? ""
      found.merge(options(below, path: path + [name])) { first, _ in first }
    }
    return found
  }

  /// What follows `advisor ` in blocks of code and in code between backticks, up to the command that it runs.
  private static let lines: [[String]] = {
    let page = (try? String(contentsOfFile: "\(Repository.root)/README.md", encoding: .utf8)) ?? ""
    return page.matches(of: /\badvisor ([a-z][^`#\n]*)/).map { match in
      var words: [String] = []
      for word in match.1.split(whereSeparator: { " ()|\"".contains($0) }).map(String.init) {
        guard word != "--", word != ":::" else { break }
        words.append(word)
      }
      return words
    }
  }()

  @Test("Every option that stands behind a command of advisor's is one of it")
  func optionsExist() throws {
    var seen = 0
    for words in Self.lines {
      let name = words.prefix(2).joined(separator: " ")
      guard let known = commands[name] ?? commands[words.first ?? ""] else { continue }
      for option in words where option.hasPrefix("--") || option == "-0" {
        seen += 1
        #expect(known.contains(option), "advisor \(words.joined(separator: " "))")
      }
    }
    #expect(seen > 30)
  }

  @Test(
    "It answers what strangers ask, each with a recipe", arguments: ["tests", "container", "slow", "machines", "scale"])
  func answers(topic: String) throws {
    let page = try String(contentsOfFile: "\(Repository.root)/README.md", encoding: .utf8)
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.contains("](#") }
    let row = try #require(rows.first { $0.lowercased().contains(topic) })
    let anchor = try #require(row.firstMatch(of: /\(#([0-9a-z-]+)\)/)).1
    let headings = page.split(separator: "\n").filter { $0.hasPrefix("### ") }.map {
      $0.dropFirst(4).lowercased().replacing(/[^a-z0-9 -]/, with: "").replacing(" ", with: "-")
    }
    #expect(headings.contains(String(anchor)))
  }
}
