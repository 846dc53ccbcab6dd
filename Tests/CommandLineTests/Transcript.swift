import Foundation

/// The commands on a page of Markdown, each with what the page shows of its output.
///
/// They stand in blocks that are fenced as `console`, each after `$ `. `# exit 64` behind one says how it ends, if not with 0.
/// Of an output, `…` on a line of its own stands for the rest.
struct Transcript {
  struct Step {
    var command: String
    var shown: [String] = []

    var status: Int32 {
      let words = command.components(separatedBy: "# exit ")
      return words.count == 2 ? Int32(words[1]) ?? -1 : 0
    }

    /// Whether the first lines came out again, figures apart and in order; the machine's name stands before them at most.
    func isShown(by output: String) -> Bool {
      let shape = Transcript.shape(of: shown.filter { !$0.contains("AMD EPYC") && $0 != "…" }.joined(separator: "\n"))
      let found = Transcript.shape(of: output).prefix(6)
      var rest = found[...]
      return shape.prefix(2).allSatisfy { line in
        guard let index = rest.firstIndex(where: { $0.hasPrefix(line) || line.hasPrefix($0) }) else { return false }
        rest = rest[(index + 1)...]
        return true
      }
    }

    /// Takes what was printed, cut where it is long.
    mutating func show(_ output: String) {
      shown = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      while shown.last?.isEmpty == true { shown.removeLast() }
      let most = command.contains("--json") ? 12 : 44
      if shown.count > most { shown = shown.prefix(most) + ["…"] }
    }
  }

  private enum Piece {
    case line(String)
    case step(Int)
  }

  var steps: [Step] = []
  private var pieces: [Piece] = []

  init(_ page: String) {
    var isConsole = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("```") { isConsole = line == "```console" }
      if isConsole, line.hasPrefix("$ ") {
        pieces.append(.step(steps.count))
        steps.append(Step(command: String(line.dropFirst(2))))
      } else if isConsole, !line.hasPrefix("```"), !steps.isEmpty {
        steps[steps.count - 1].shown.append(line)
      } else {
        pieces.append(.line(line))
      }
    }
  }

  var text: String {
    pieces.flatMap { piece in
      switch piece {
      case .line(let line): [line]
      case .step(let index): ["$ \(steps[index].command)"] + steps[index].shown
      }
    }.joined(separator: "\n")
  }

  /// The lines without what differs from run to run: figures with their units, plurals, and the rules of tables.
  static func shape(of output: String) -> [String] {
    output.split(separator: "\n").map { line in
      line.replacing(/[-−+~]?[0-9][0-9.,:]*( (ns|µs|ms|s|min|h|k|M|[KMGT]iB(\/s)?|%)\b)?/, with: "#")
        .replacing(/(process|package|core|thread|CPU)(es|s)\b/) { $0.output.1 }
        .replacing(/-+/, with: "-").replacing(/\s+/, with: " ").trimmingCharacters(in: .whitespaces)
    }.filter { !$0.allSatisfy { $0 == "-" || $0 == " " } }
  }
}
