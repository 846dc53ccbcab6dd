import Console
import Documents
import System
import Tasks

/// Shows on stderr how a run goes, in one of several styles.
final class RunDisplay: ProgressView {
  private let style: ProgressOptions.Style
  private let block = StatusBlock()
  private var nextDraw: Double
  /// Changes the run by keys; nil where there are none.
  let keys: RunKeys?

  /// A run that is over by then shows nothing.
  private static let delaySeconds = 0.3

  /// - Parameter readsKeys: whether the run can be changed while it goes on.
  init(_ style: ProgressOptions.Style, readsKeys: Bool = false) {
    self.style = style
    keys = readsKeys && style == .bar ? RunKeys() : nil
    nextDraw = MonotonicClock.seconds + (style == .bar ? Self.delaySeconds : Self.period(of: style))
  }

  /// Numbers that change more often cannot be read.
  private static func period(of style: ProgressOptions.Style) -> Double {
    switch style {
    case .bar: 0.25
    case .json: 1
    case .none, .plain: 10
    }
  }

  /// Shows where the run stands when that is due.
  func show(_ status: () -> RunStatus) {
    let now = MonotonicClock.seconds
    guard style != .none, nextDraw <= now else { return }
    nextDraw = now + Self.period(of: style)
    var status = status()
    switch style {
    case .none: break
    case .bar:
      status.help = keys?.showsHelp == true ? RunKeys.help : nil
      block.draw(status.lines(columns: Terminal.width - 1))
    case .plain: Terminal.note(status.line)
    case .json: if let text = try? JSONDocument.line(of: status) { Terminal.note(text) }
    }
  }

  /// Makes room for what is about to be printed; the next report shows the block again.
  func clear() {
    guard block.isShown else { return }
    block.clear()
    nextDraw = MonotonicClock.seconds
  }

  /// Before this process stops, and when it goes on.
  func willStop() {
    clear()
    keys?.restore()
  }

  func didContinue() { keys?.resume() }

  /// The run is over.
  func finish() { willStop() }
}
