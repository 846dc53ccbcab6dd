import AdvisorCore
import Console
import System

/// One line on stderr that is redrawn in place; silent where stderr is no terminal.
struct ProgressBar {
  private let label: String
  let isShown: Bool

  init(_ label: String, isWanted: Bool = true) {
    self.label = label
    isShown = isWanted && Terminal.showsProgress
  }

  /// - Parameter share: from 0 to 1; nil where it is not known how much there is to do.
  /// - Parameter notes: the most important first; on a narrow terminal the bar gives way, then the last of them.
  func draw(_ share: Double?, _ notes: [String]) {
    guard isShown else { return }
    _ = Terminal.write(
      "\r\(Self.line(label, share, notes, columns: Terminal.width - 1))\u{1B}[K", to: StandardStream.error)
  }

  func draw(_ share: Double, _ note: String = "") { draw(share, note.isEmpty ? [] : [note]) }

  static func line(_ label: String, _ share: Double?, _ notes: [String], columns: Int) -> String {
    let percent = share.map { ["\(Int(min(max($0, 0), 1) * 100)) %"] } ?? []
    var parts = [label] + percent + notes
    while parts.count > 2, width(parts) > columns { parts.removeLast() }
    // What the notes leave is the bar's, where that is enough to see something.
    let room = min(24, columns - width(parts) - 2)
    if let share, room >= 6 { parts.insert(bar(share, columns: room), at: 1) }
    return String(parts.joined(separator: "  ").printable.prefix(max(0, columns)))
  }

  private static func width(_ parts: [String]) -> Int { parts.reduce(0) { $0 + $1.count } + 2 * (parts.count - 1) }

  private static func bar(_ share: Double, columns: Int) -> String {
    let filled = Int(min(max(share, 0), 1) * Double(columns))
    return String(repeating: "█", count: filled) + String(repeating: "░", count: columns - filled)
  }

  func clear() {
    guard isShown else { return }
    _ = Terminal.write("\r\u{1B}[K", to: StandardStream.error)
  }
}
