import Console
import System

/// What stands on the terminal while a run goes on, and makes room for what else is printed there.
protocol ProgressView {
  func clear()
}

extension ProgressBar: ProgressView {}

/// A few lines on stderr that are redrawn in place; nothing where stderr is no terminal.
final class StatusBlock: ProgressView {
  private var shown: [String] = []

  var isShown: Bool { !shown.isEmpty }

  func draw(_ lines: [String]) {
    guard lines != shown else { return }
    write(Self.erasing(shown) + lines.joined(separator: "\n"))
    shown = lines
  }

  func clear() {
    guard !shown.isEmpty else { return }
    write(Self.erasing(shown))
    shown = []
  }

  /// Goes back to where the lines began, and empties the terminal from there on.
  ///
  /// What is below is emptied from the second line on: tmux keeps a copy of the screen where all of it is emptied from its top.
  private static func erasing(_ lines: [String]) -> String {
    guard lines.count > 1 else { return "\r\u{1B}[K" }
    return "\u{1B}[\(lines.count - 1)A\r\u{1B}[K\u{1B}[B\u{1B}[J\u{1B}[A"
  }

  private func write(_ text: String) { _ = Terminal.write(text, to: StandardStream.error) }
}
