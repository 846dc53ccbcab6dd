import AdvisorCore
import Glibc

/// One line on stderr that is redrawn in place; silent where stderr is no terminal.
struct ProgressBar {
  private let label: String
  let isShown = Terminal.showsProgress

  init(_ label: String) { self.label = label }

  /// - Parameter share: from 0 to 1.
  func draw(_ share: Double, _ note: String = "") {
    guard isShown else { return }
    let share = min(max(share, 0), 1)
    let columns = 24
    let filled = Int(share * Double(columns))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: columns - filled)
    let line = "\(label) \(bar) \(Int(share * 100)) %  \(note)"
    _ = Terminal.write("\r\(line.prefix(Terminal.width - 1))\u{1B}[K", to: STDERR_FILENO)
  }

  func clear() {
    guard isShown else { return }
    _ = Terminal.write("\r\u{1B}[K", to: STDERR_FILENO)
  }
}
